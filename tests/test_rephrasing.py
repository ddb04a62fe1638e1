import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from innspill.config import LanguageModel
from innspill.records import Analysis, Evidence
from innspill.rephrasing import fault_of, rephrase
from sample import sample_analysis

SAID = "Vi saknar 3 ting om samiske data i journalen, og det heiter «eit felles språk» i Dal kommune."
STATEMENT = "Vi saknar 3 ting om samiske data"
GOOD = "Samiske data i journalen er saknet, i alt 3 ting."

PACKED = b"\x1f\x8b"  # how gzip begins

Reply = Callable[[dict[str, Any]], "bytes | None"]


def as_chat(content: object) -> bytes:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


class Endpoint:
    """A chat endpoint on this machine that answers as told, and keeps what it was asked."""

    def __init__(self, reply: Reply, *, status: int = 200, waits: float = 0.0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.open = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append(body)
                endpoint.paths.append(self.path)
                if waits:
                    endpoint.open.wait(waits)
                content = reply(json.loads(body["messages"][1]["content"]))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                if content and content.startswith(PACKED):
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                if content is not None:
                    self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.model = LanguageModel(f"http://127.0.0.1:{self.server.server_port}/v1", "a-model", 5.0)

    def close(self) -> None:
        self.open.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def endpoint() -> Iterator[Callable[..., Endpoint]]:
    made: list[Endpoint] = []

    def make(reply: Reply, **options: Any) -> Endpoint:
        made.append(Endpoint(reply, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def one_need() -> Analysis:
    """The sample with one need, whose only comment is `SAID`."""
    analysis = sample_analysis()
    need = replace(analysis.needs[1], statement=STATEMENT, evidence=(Evidence("C003", SAID),))
    return replace(analysis, needs=(need,), notes=())


def run(analysis: Analysis, model: LanguageModel) -> Analysis:
    return rephrase(analysis, model, identify=lambda text: "nn", seed=7)


def statement_after(endpoint: Callable[..., Endpoint], text: str) -> str:
    found = run(one_need(), endpoint(lambda asked: as_chat({"id": asked["id"], "text": text})).model)
    return found.needs[0].statement


def fault(text: str, *, statement: str = STATEMENT, language: bool = True) -> str:
    answer = json.dumps({"id": "N002", "text": text})
    return fault_of(answer, "N002", statement, [SAID], same_language=lambda text: language)


def test_a_good_answer_takes_the_statements_place(endpoint: Callable[..., Endpoint]) -> None:
    assert statement_after(endpoint, GOOD) == GOOD


def test_the_evidence_is_left_as_it_was(endpoint: Callable[..., Endpoint]) -> None:
    served = endpoint(lambda asked: as_chat({"id": asked["id"], "text": GOOD}))
    assert run(one_need(), served.model).needs[0].evidence == one_need().needs[0].evidence


def test_a_note_tells_what_was_said_anew(endpoint: Callable[..., Endpoint]) -> None:
    served = endpoint(lambda asked: as_chat({"id": asked["id"], "text": GOOD}))
    (note,) = run(one_need(), served.model).notes
    assert note.text == "1 of 1 statements were said anew by the language model a-model."


def test_an_invented_quotation_is_refused_and_counted(endpoint: Callable[..., Endpoint]) -> None:
    served = endpoint(
        lambda asked: as_chat({"id": asked["id"], "text": "Samiske data er «heilt naudsynte» i journalen."})
    )
    found = run(one_need(), served.model)
    assert found.needs[0].statement == STATEMENT
    assert "Answers refused: 1 (a quotation that nobody wrote 1)" in found.notes[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, ""),
        ("Samiske data må få «eit felles språk» i journalen.", ""),
        ("Samiske data må få «eit felles  språk» i journalen.", ""),
        ("Samiske data må få «eit betre språk» i journalen.", "a quotation that nobody wrote"),
        ('Samiske data må få "eit betre språk" i journalen.', "a quotation that nobody wrote"),
        ("Vi saknar 4 ting om samiske data i journalen.", "a number that nobody wrote"),
        ("Samiske data saknast i 30 journalar.", "a number that nobody wrote"),
        ("Samiske data i journalen, seier Vik kommune.", "a name that nobody wrote"),
        ("Samiske data i journalen, seier Dal kommune.", ""),
        ("Kort.", "its length"),
        ("Samiske data i journalen. " * 20, "its length"),
        ("Samiske data <b>i journalen</b> er saknet.", "markup or a link"),
        ("Samiske data i journalen: https://x.example", "markup or a link"),
        ("Samiske data\ni journalen er saknet.", "markup or a link"),
        ("Samiske data i journalen er\u202e saknet.", "signs that are not seen"),
        ("Samiske data i journalen er \ud800 saknet.", "signs that are not seen"),
        ("Samiske data i journalen er\x00 saknet.", "signs that are not seen"),
        ("Samiske data\u2028i journalen er saknet.", "signs that are not seen"),
        ("Samiske data i journalen er saknet, i alt 3\u00a0ting.", ""),
        ("Samiske data i journalen er ikkje saknet.", "another denial"),
        ("Regjeringa bør straks gripe inn overfor sjukehusa.", "words that are not the senders'"),
    ],
)
def test_an_answer_is_held_against_what_the_senders_wrote(text: str, expected: str) -> None:
    assert fault(text) == expected


def test_a_quotation_of_the_statement_must_be_kept() -> None:
    statement = "Det heiter «eit felles språk» i journalen"
    assert fault("Samiske data i journalen er saknet.", statement=statement) == "a quotation left out"


def test_a_denial_must_be_kept() -> None:
    assert fault(GOOD, statement="Vi saknar ikkje 3 ting om samiske data") == "another denial"


def test_an_answer_in_another_language_is_refused() -> None:
    assert fault(GOOD, language=False) == "another language"


@pytest.mark.parametrize(
    "answer",
    [
        "Gjerne! Her er setninga.",
        '{"id": "N001", "text": "Samiske data i journalen er saknet."}',
        '{"text": "Samiske data i journalen er saknet."}',
        '{"id": "N002", "text": 3}',
        "[1, 2]",
        "[" * 5_000,
        "",
    ],
)
def test_an_answer_without_json_and_its_id_is_refused(answer: str) -> None:
    assert fault_of(answer, "N002", STATEMENT, [SAID], same_language=lambda text: True) == "no JSON with its id"


def test_json_between_fences_is_read() -> None:
    answer = f"```json\n{json.dumps({'id': 'N002', 'text': GOOD})}\n```"
    assert fault_of(answer, "N002", STATEMENT, [SAID], same_language=lambda text: True) == ""


def test_the_model_is_asked_without_chance_and_with_a_seed(endpoint: Callable[..., Endpoint]) -> None:
    served = endpoint(lambda asked: as_chat({"id": asked["id"], "text": GOOD}))
    run(one_need(), served.model)
    (asked,) = served.asked
    assert (asked["temperature"], asked["seed"], asked["model"], asked["stream"]) == (0, 7, "a-model", False)
    assert served.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize(
    ("reply", "options", "says"),
    [
        (lambda asked: b"not json", {}, "does not speak the chat protocol"),
        (lambda asked: b'{"choices": []}', {}, "does not speak the chat protocol"),
        (lambda asked: as_chat(GOOD), {"status": 500}, "answered with status 500"),
        (lambda asked: as_chat(GOOD), {"status": 307}, "answered with status 307"),
        (lambda asked: b" " * 300_000, {}, "took more than"),
        (lambda asked: gzip.compress(b" " * 300_000), {}, "does not speak the chat protocol"),
    ],
)
def test_an_endpoint_that_fails_is_asked_once_and_told_of(
    reply: Reply, options: dict[str, Any], says: str, endpoint: Callable[..., Endpoint]
) -> None:
    served = endpoint(reply, **options)
    found = run(sample_analysis(), served.model)
    assert found.needs == sample_analysis().needs
    assert len(served.asked) == 1
    assert (found.notes[-1].severity, says in found.notes[-1].text) == ("warning", True)


def test_a_slow_endpoint_is_not_waited_for(endpoint: Callable[..., Endpoint]) -> None:
    served = endpoint(lambda asked: as_chat(GOOD), waits=30.0)
    found = run(sample_analysis(), replace(served.model, seconds=0.2))
    assert found.needs == sample_analysis().needs
    assert len(served.asked) == 1
    assert "did not answer within 0.2 seconds" in found.notes[-1].text


def test_an_endpoint_that_is_not_there_is_told_of() -> None:
    found = run(sample_analysis(), LanguageModel("http://127.0.0.1:9/v1", "a-model", 2.0))
    assert found.needs == sample_analysis().needs
    assert "cannot be reached" in found.notes[-1].text


def test_no_proxy_of_the_environment_is_asked(
    endpoint: Callable[..., Endpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert statement_after(endpoint, GOOD) == GOOD


def test_a_description_made_of_quotations_is_not_asked_about(endpoint: Callable[..., Endpoint]) -> None:
    analysis = sample_analysis()
    theme = replace(analysis.themes[0], description="«Vi trenger svar innen fire uker.» (C001)")
    served = endpoint(lambda asked: as_chat({"id": asked["id"], "text": GOOD}))
    run(replace(analysis, themes=(theme,), needs=()), served.model)
    assert served.asked == []


def test_a_description_of_a_theme_is_said_anew_too(endpoint: Callable[..., Endpoint]) -> None:
    analysis = sample_analysis()
    theme = replace(analysis.themes[0], description="Mange treng svar innan fire veker på søknaden.")
    analysis = replace(analysis, themes=(theme, *analysis.themes[1:]), needs=())
    text = "Mange treng svar på søknaden innan fire veker."
    found = run(analysis, endpoint(lambda asked: as_chat({"id": asked["id"], "text": text})).model)
    assert [theme.description for theme in found.themes] == [text, ""]
