"""Clean splits of replies, beside other libraries: ``python benchmarks/split_replies.py [--peers PYTHON]``.

Reads tests/cases/reply_splitting.json and prints, for each family of mail clients and each language, in how many cases
a library hands over the sender's own words, whole and without quoted text. The others give one text, without kinds;
so a split is clean whether greeting, courtesy, signature and notices are in it or not, as long as its letters are then
equal. Cases of passed-on mail are left out: that their words count as the sender's is this project's own rule.

The cases are this project's own, and its patterns were mended after each round of them: its column shows what holds
today, not what unseen mail would give. When a round was first run, innspill's own words were right in 67 of 67
(``test``), 41 of 53 (``second``, written to break it) and 28 of 30 (``third``).

The others are not dependencies. Put them into an environment of their own and name its interpreter::

    python -m venv peers
    peers/bin/pip install mail-parser-reply quotequail talon email-reply-parser
    python benchmarks/split_replies.py --peers peers/bin/python

What is missing there is said in the last lines. Where a library has a function for HTML, HTML goes to it.
"""

import argparse
import importlib.metadata
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "tests" / "cases" / "reply_splitting.json"
MAILBOX = "innspill@etat.example"
KINDS = ("own", "quoted", "signature")
# Mail programs whose ways of quoting are alike, in one row.
FAMILIES = {
    "Outlook": ("Outlook", "OWA", "Outlook mobile", "Outlook for Mac", "Windows Mail"),
    "Gmail": ("Gmail",),
    "Apple Mail, iOS": ("Apple Mail", "iOS Mail"),
    "Thunderbird, Samsung, K-9": ("Thunderbird", "Samsung Email", "K-9"),
    "Yahoo, Proton, Zimbra, Roundcube and others": (
        *(
            "Yahoo",
            "Proton",
            "Zimbra",
            "Roundcube",
            "Spark",
            "Fastmail",
            "Tuta",
            "Evolution",
            "KMail",
            "mutt",
            "web form",
        ),
    ),
    "Notes, GroupWise, Public 360, ephorte": ("Lotus Notes", "GroupWise", "Public 360", "ephorte"),
    "signatures, footers, answers between lines": ("any",),
    "negatives": ("negative",),
}
SPLITS = ("train", "test", "second", "third")
Case = dict[str, Any]


# The others, run by an interpreter that has them ---------------------------------------------------------------------


def mail_parser_reply(text: str) -> list[str]:
    """The newest reply, with and without its signature. The library has no Norwegian; its Danish is the nearest."""
    from mailparser_reply import EmailReplyParser

    reply = EmailReplyParser(languages=["en", "da", "sv", "de"]).read(text).replies[0]
    return [reply.content, reply.body]


def email_reply_parser(text: str) -> list[str]:
    """What the library shows: all but quoted text and signature."""
    from email_reply_parser import EmailReplyParser

    return [EmailReplyParser.parse_reply(text)]


def talon(text: str) -> list[str]:
    """The reply, with and without the signature that the brute-force rules find."""
    from talon import quotations
    from talon.signature.bruteforce import extract_signature

    reply = quotations.extract_from_plain(text)
    return [reply, extract_signature(reply)[0]]


def talon_html(html: str) -> list[str]:
    """The reply, as HTML."""
    from talon import quotations

    return [quotations.extract_from_html(html)]


def quotequail(text: str) -> list[str]:
    """The pieces that the library would show unfolded; and what it unwraps around the mail that is answered."""
    import quotequail as library

    shown = "\n".join(piece for is_shown, piece in library.quote(text) if is_shown)
    return [shown, around(library.unwrap(text), "text")]


def quotequail_html(html: str) -> list[str]:
    """The same of HTML."""
    import quotequail as library

    shown = "\n".join(piece for is_shown, piece in library.quote_html(html) if is_shown)
    return [shown, around(library.unwrap_html(html), "html")]


def around(unwrapped: dict[str, str] | None, kind: str) -> str:
    """What stands above and below the mail that quotequail unwrapped."""
    return "\n".join((unwrapped or {}).get(f"{kind}_{place}") or "" for place in ("top", "bottom"))


SPLITTERS: dict[str, Callable[[str], list[str]]] = {
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": email_reply_parser,
    "talon": talon,
    "quotequail": quotequail,
}
# The libraries with a function for HTML; the others get the text that innspill lays out.
HTML_SPLITTERS: dict[str, Callable[[str], list[str]]] = {"talon": talon_html, "quotequail": quotequail_html}


def work(name: str) -> None:
    """Split the texts on standard input with one library; the answers go to standard output, as JSON."""
    answers: list[list[str]] = []
    for text, is_html in json.load(sys.stdin):
        try:
            answers.append([answer or "" for answer in (HTML_SPLITTERS if is_html else SPLITTERS)[name](text)])
        except Exception as error:  # a library that fails on a mail has not split it
            answers.append([f"<<{type(error).__name__}>>"])
    json.dump({"version": importlib.metadata.version(name), "answers": answers}, sys.stdout)


# The comparison ------------------------------------------------------------------------------------------------------


def main() -> None:
    """Read the cases, ask each library, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the other libraries")
    parser.add_argument("--work", choices=tuple(SPLITTERS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work)
        return
    content = json.loads(CASES.read_text(encoding="utf-8"))
    cases = [case for group in content.values() for case in group if not ({"forward", "passes_on"} & case.keys())]
    texts = [laid_out(case) for case in cases]
    allowed = [clean_answers(case, text) for case, text in zip(cases, texts, strict=True)]
    clean = {"innspill": [letters(own_words(case)) in good for case, good in zip(cases, allowed, strict=True)]}
    missing = []
    for name in SPLITTERS:
        answers, said = ask(options.peers, name, cases, texts)
        if answers:
            clean[f"{name} {said}"] = [
                any(letters(answer) in good for answer in several)
                for several, good in zip(answers, allowed, strict=True)
            ]
        else:
            missing.append(f"{name} left out: {said}")
    print_table(cases, clean)
    print(
        "\n".join(
            [
                "",
                *missing,
                f"Mails that pass on another's were left out: {sum(map(len, content.values())) - len(cases)}",
            ]
        )
    )


def ask(python: str, name: str, cases: list[Case], texts: list[str]) -> tuple[list[list[str]], str]:
    """A library's answers and its version; no answers and the reason where it cannot be run."""
    html = name in HTML_SPLITTERS
    sent = [
        (case["html"], True) if html and "html" in case else (text, False)
        for case, text in zip(cases, texts, strict=True)
    ]
    run = subprocess.run(
        [python, __file__, "--work", name], input=json.dumps(sent), capture_output=True, text=True, check=False
    )
    if run.returncode:
        lines = run.stderr.strip().splitlines() or ["no reason given"]
        return [], lines[-1]
    said = json.loads(run.stdout)
    answers = [
        [laid_out({"html": answer}) if was_html and answer.strip() else answer for answer in several]
        for several, (_, was_html) in zip(said["answers"], sent, strict=True)
    ]
    if all(several[0].startswith("<<") for several in answers):
        return [], f"it cannot be imported ({answers[0][0].strip('<>')})"
    return answers, said["version"]


def laid_out(case: Case) -> str:
    """The plain text of a case."""
    from innspill.reading.documents.html import html_to_text

    return html_to_text(case["html"]).text if "html" in case else case["text"]


def own_words(case: Case) -> str:
    """The sender's own words as innspill marks them, by the way that a mail takes."""
    from innspill.language.norwegian import Norwegian
    from innspill.reading.authorship.quoting import segment_body
    from innspill.reading.documents.html import html_to_text

    page = html_to_text(case["html"]) if "html" in case else None
    text = page.text if page else case["text"]
    segments = segment_body(
        text,
        quoted=page.quoted if page else (),
        answered=page.coloured if page else (),
        mailbox=MAILBOX,
        sender_name=case.get("sender", "Unni Moe"),
        sentences=Norwegian().sentences,
    )
    return "".join(segment.span.of(text) for segment in segments if segment.kind == "own")


def letters(text: str) -> str:
    """Letters and digits only: white space, marks and rules are not what a split is judged by."""
    return "".join(letter for letter in text if letter.isalnum())


def clean_answers(case: Case, text: str) -> set[str]:
    """The letters of each clean split: own words, with or without the signature and what frames them."""
    rest = letters(text)
    pieces = {kind: [letters(piece) for piece in case.get(kind, [])] for kind in KINDS}
    parts: list[tuple[str, str]] = []
    while rest:
        kind = next(
            (kind for kind in KINDS if pieces[kind] and pieces[kind][0] and rest.startswith(pieces[kind][0])), ""
        )
        taken = pieces[kind].pop(0) if kind else rest[0]
        parts.append((kind or "frame", taken))
        rest = rest[len(taken) :]
    return {
        "".join(
            taken for kind, taken in parts if kind == "own" or (kind, True) in (("frame", frame), ("signature", sig))
        )
        for frame, sig in product((True, False), repeat=2)
    }


def print_table(cases: list[Case], clean: dict[str, list[bool]]) -> None:
    """One line for each language and each family of clients, one column for each library."""
    rows: dict[str, list[int]] = defaultdict(list)
    family_of = {client: family for family, clients in FAMILIES.items() for client in clients}
    order = [
        "all",
        *(f"split: {split}" for split in SPLITS),
        "negatives",
        "all but negatives",
        "nb",
        "nn",
        "sv",
        "da",
        "en",
        *FAMILIES,
    ]
    for index, case in enumerate(cases):
        positive = case["client"] != "negative"
        names = {
            "all",
            f"split: {case['split']}",
            family_of[case["client"]],
            "all but negatives" if positive else "negatives",
        }
        for name in names | ({case["language"]} if positive else set()):
            rows[name].append(index)
    print("| " + " | ".join(["clean splits", "cases", *clean]) + " |")
    print("|".join(["", "---", *["---:"] * (len(clean) + 1), ""]))
    for name in dict.fromkeys(name for name in order if name in rows):
        shares = [f"{sum(found[index] for index in rows[name]) / len(rows[name]):.2f}" for found in clean.values()]
        print("| " + " | ".join([name, str(len(rows[name])), *shares]) + " |")


if __name__ == "__main__":
    main()
