"""The models that come with innspill: whole, small enough, in the wheel, and read without torch."""

import csv
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import spacy
from typer.testing import CliRunner

from innspill.bundled import bundled
from innspill.cli import app
from innspill.config import load_consultation
from innspill.errors import ModelError
from innspill.language.cards import SHIPPED, ModelCard, read_card, shipped_models, verified
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import load_encoder

ROOT = Path(__file__).parents[1]
MAX_BYTES = 40_000_000
WITHOUT_TORCH = """
import sys
from innspill.language.norwegian import Norwegian
from innspill.language.vectors import load_encoder
language = Norwegian().load()
list(language.phrases(["Vi savner data."])), language.identify("Vi saknar data."), language.names("Ola er her.")
load_encoder("vectors").encode(["Vi savner data."])
print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_each_file_of_a_model_is_the_one_on_its_card(name: str) -> None:
    folder = bundled(f"models/{name}")
    assert verified(folder) == folder


@pytest.mark.parametrize("card", shipped_models(), ids=lambda card: card.name)
def test_each_file_of_a_model_goes_into_the_wheel(card: ModelCard) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    wanted = {f"models/{card.name}/{file}" for file in [*card.files, "model.json", "README.md"]}
    assert {source for source in included if source.startswith(f"models/{card.name}/")} == wanted
    assert all(included[source] == f"innspill/{source}" for source in wanted)


def test_the_models_together_are_small_enough_to_ship() -> None:
    cards = shipped_models()
    sizes = [sum((card.folder / file).stat().st_size for file in card.files) for card in cards]
    assert sizes == [card.n_bytes for card in cards]
    assert sum(sizes) <= MAX_BYTES


def test_no_model_holds_a_pickle() -> None:
    names = [file for card in shipped_models() for file in card.files]
    assert not [name for name in names if Path(name).suffix in {".pkl", ".pickle", ".pt", ".joblib", ".npy", ".npz"}]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_card_names_text_licence_command_and_what_it_is_not_for(name: str) -> None:
    folder = bundled(f"models/{name}")
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert card["name"] == name
    assert card["made_by"].startswith(f"python -m models.{name}.")
    assert all({"text", "licence", "size"} <= set(text) for text in card["trained_on"])
    assert card["figures"] and card["not_for"] and card["licence"] and "seed" in card


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    shutil.copytree(bundled("models/stance"), tmp_path / "stance")
    with (tmp_path / "stance" / "names.json").open("a") as file:
        file.write(" ")
    with pytest.raises(ModelError, match=r"names\.json is damaged"):
        verified(tmp_path / "stance")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(bundled("models/stance"), tmp_path / "stance")
    (tmp_path / "stance" / "names.json").unlink()
    with pytest.raises(ModelError, match=r"names\.json is missing"):
        verified(tmp_path / "stance")


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"name": "x"}'])
def test_what_is_no_card_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="is not the card of a model"):
        read_card(tmp_path)


def test_no_torch_is_loaded_for_the_models_that_are_shipped_and_nothing_is_said() -> None:
    pytest.importorskip("torch", reason="needs the extra 'transformers'")
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def unfinished(folder: Path) -> Path:
    """A folder with a static model whose weights were cut off."""
    whole = bundled("models/vectors")
    shutil.copytree(whole, folder)
    weights = next(folder.rglob("model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    return folder


def without_vocabulary(folder: Path) -> Path:
    """A folder with a static model whose tokeniser is damaged."""
    shutil.copytree(bundled("models/vectors"), folder)
    next(folder.rglob("tokenizer.json")).write_text("{", encoding="utf-8")
    return folder


@pytest.mark.parametrize("damage", [unfinished, without_vocabulary])
def test_a_damaged_encoder_is_told_in_one_sentence(tmp_path: Path, damage: Callable[[Path], Path]) -> None:
    with pytest.raises(ModelError, match="is not a whole static model"):
        load_encoder(str(damage(tmp_path / "modell")))


def test_an_encoder_that_is_misspelt_is_not_sought_on_a_hub() -> None:
    with pytest.raises(ModelError, match="There is no model 'vektors'"):
        load_encoder("vektors")


@pytest.mark.parametrize("name", ["finnes-ikke", "", str(bundled("models/stance")), str(bundled("models/vectors"))])
def test_what_tells_no_languages_apart_is_refused(name: str) -> None:
    with pytest.raises(ModelError):
        Norwegian(languages=name).load()


def test_a_pipeline_without_word_classes_is_refused(tmp_path: Path) -> None:
    spacy.blank("nb").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="tells no word classes"):
        Norwegian(pipeline=str(tmp_path / "blank")).load()


def test_a_model_in_the_consultation_s_folder_is_found_there(tmp_path: Path) -> None:
    (tmp_path / "min-modell").mkdir()
    (tmp_path / "consultation.toml").write_text(
        'report = "r.pdf"\nmail = "mail"\n[options]\nencoder = "min-modell"\npipeline = "nb_core_news_lg"\n',
        encoding="utf-8",
    )
    _, config = load_consultation(tmp_path)
    assert (config.encoder, config.pipeline) == (str(tmp_path / "min-modell"), "nb_core_news_lg")


@pytest.mark.parametrize("text", ["hei \ud800", "😀😀", "x" * 20_000, "a." * 10_000, "«a" * 10_000, "\x00\u200b"])
def test_no_text_is_too_strange_for_the_models(text: str) -> None:
    language, encoder = Norwegian(), load_encoder("vectors")
    assert encoder is not None
    assert np.isfinite(encoder.encode([text])).all()
    assert language.identify(text, default="nn") == "nn" or "hei" in text
    assert all(phrase.span.end <= len(text) for phrase in next(language.phrases([text])))
    assert all(name.span.end <= len(text) for name in language.names(text))


def test_no_texts_have_no_vectors() -> None:
    encoder = load_encoder("vectors")
    assert encoder is not None
    assert encoder.encode([]).shape == (0, encoder.encode(["ja"]).shape[1])


def test_sentence_transformers_reads_the_same_vectors() -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers", reason="needs the extra 'transformers'")
    texts = ["Vi saknar tal frå kommunane.", "Linje 12: Helsedataregisteret bør nevnes!", "", "42 %", "ž"]
    encoder = load_encoder("vectors")
    assert encoder is not None
    model = sentence_transformers.SentenceTransformer(str(bundled("models/vectors")), device="cpu")
    theirs = model.encode(texts, normalize_embeddings=True)
    assert np.abs(encoder.encode(texts) - theirs).max() < 1e-5


def test_the_vectors_bring_the_written_forms_together() -> None:
    encoder = load_encoder("vectors")
    assert encoder is not None
    nb, nn, other = encoder.encode(
        ["Kommunene savner opplæring.", "Kommunane saknar opplæring.", "Ferja gikk ikke på søndag."]
    )
    assert nb @ nn > 0.6 > nb @ other + 0.2


def test_models_lists_every_model_with_its_figures() -> None:
    listed = json.loads(CliRunner().invoke(app, ["models", "--format", "json"]).stdout)
    assert [model["name"] for model in listed] == list(SHIPPED)
    assert all(model["figures"] for model in listed)


def test_models_prints_a_line_a_task_with_baselines_and_what_was_asked_for() -> None:
    printed = CliRunner().invoke(app, ["models", "--format", "csv"]).stdout.splitlines()
    rows = list(csv.DictReader(printed))
    assert len(rows) == sum(len(card.figures) for card in shipped_models())
    (lemmas,) = [row for row in rows if row["task"] == "lemmas, bokmål"]
    assert lemmas["figure"] == "accuracy"
    assert lemmas["baselines"].startswith("simplemma 0.9")
    assert float(lemmas["value"]) >= float(lemmas["asked for"]) == 0.965
