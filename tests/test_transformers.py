"""The path with a sentence-transformers model, on a tiny model that the test makes itself: no hub, no download."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from conftest import CORPUS, mail_bytes
from innspill.config import load_consultation
from innspill.errors import ModelError
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import load_encoder
from innspill.pipeline import analyse

WORDS = [
    "behov",
    "data",
    "register",
    "journal",
    "samtykke",
    "kommune",
    "sykehus",
    "kurs",
    "penger",
    "drift",
    "tilgang",
    "lege",
    "pasient",
]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason="needs the extra 'transformers'")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(["[UNK]", *WORDS])}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(7).normal(size=(len(WORDS) + 1, 16)).astype(np.float32)
    folder = tmp_path_factory.mktemp("modell")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


def test_a_local_model_gives_unit_vectors(model_folder: Path) -> None:
    encoder = load_encoder(str(model_folder))
    assert encoder is not None
    vectors = encoder.encode(["data register", "kurs"])
    assert vectors.shape == (2, 16)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)


def test_a_run_with_a_local_model_places_and_groups_every_comment(
    model_folder: Path, small_consultation: Callable[..., Path], language: Norwegian
) -> None:
    mails = {f"{n}.eml": mail_bytes(f"Linje {n}2: Vi trenger {word}.") for n, word in enumerate(WORDS, start=1)}
    consultation, config = load_consultation(small_consultation(mails))
    analysis = analyse(consultation, language=language, encoder=load_encoder(str(model_folder)), config=config)
    assert len(analysis.annotations) == len(analysis.comments) == len(WORDS)
    assert sum(len(theme.comment_ids) for theme in analysis.themes) == len(WORDS)


def test_a_model_changes_the_likeness_of_comments_to_passages(model_folder: Path, language: Norwegian) -> None:
    from innspill.likeness import ReportViews
    from innspill.reading.report import read_report
    from innspill.records import Comment, Span

    report = read_report(CORPUS / "report.pdf", sentences=language.sentences)
    comment = Comment("C1", "M1", "body", Span(0, 11), "kommune kurs", "", "nb")
    plain = ReportViews(report, [comment], encoder=None).measure([comment])
    with_model = ReportViews(report, [comment], encoder=load_encoder(str(model_folder))).measure([comment])
    assert not np.allclose(plain.ranking, with_model.ranking)
    assert np.allclose(plain.likeness, with_model.likeness)


def test_a_folder_that_holds_no_model_is_refused_by_name(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="needs the extra 'transformers'")
    with pytest.raises(ModelError, match=str(tmp_path.name)):
        load_encoder(str(tmp_path))


def test_no_model_named_means_no_encoder() -> None:
    assert load_encoder("") is None
