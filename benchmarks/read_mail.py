"""How fast a mailbox becomes comments, and in how much memory. ``python benchmarks/read_mail.py [messages …]``.

Makes mailboxes of 1,000 and 10,000 invented messages (the same ones on each run: plain text, HTML answers that quote,
letters in Word, comment forms in Excel), once as an mbox and once as a folder of .eml files. Each is read by a process
of its own, from its start to its end: the mail, the messages, their comments. Seconds are those of the
processor, so that other work on the machine counts little. Time that is linear in the messages gives a ratio of ten.
Prints Markdown.
"""

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from docx import Document
from openpyxl import Workbook

SIZES = (1_000, 10_000)
SEED = 20_261_015
READ = """
import sys, time
from pathlib import Path
from innspill.comments import split_comments
from innspill.language.norwegian import Norwegian
from innspill.messages import to_messages
from innspill.reading.mail import read_mail
path = Path(sys.argv[1])
norwegian = Norwegian()
norwegian.sentences("Hei.")
start = time.process_time()
mails, _ = read_mail(path, root=path.parent, sentences=norwegian.sentences)
read = time.process_time()
messages = to_messages(mails, language=norwegian, deadline=None)
made = time.process_time()
comments = split_comments(messages, language=norwegian)
end = time.process_time()
print(len(messages), len(comments), read - start, made - read, end - made, end - start)
"""
SUBJECTS = (
    "ferjer",
    "kaier",
    "skoleskyss",
    "bibliotek",
    "drikkevann",
    "veilys",
    "brannvern",
    "fastleger",
    "lekeplasser",
)
WORDS = (
    "Vi savner en klar plan for {a} i utkanten.", "Eg meiner at {a} må få eit eige avsnitt.",
    "Her bør {a} sees i sammenheng med {b}.", "Tallene for {a} er eldre enn dem for {b}.",
    "Dette er godt sagt om {a}, men {b} er glemt.", "Kven har ansvar for {a} når {b} sviktar?",
    "Teksten om {a} er uklar for dem som skal bruke den.", "Vi støtter forslaget om {a}.",
    "Kommunen har prøvd {a} i tre år, og erfaringene er ujevne.", "Kostnaden ved {b} er ikke med.",
)  # fmt: skip
PLACES = ("Linje {n}: ", "S. {p}, linje {n}: ", "Til kapittel {p}: ", "", "")
NAMES = ("Unni", "Kåre", "Åse", "Øystein", "Ragnhild", "Sjur", "Birte", "Leif", "Solveig", "Torbjørn")
FAMILY = ("Moe", "Hauge", "Sætre", "Øverås", "Vik", "Lunde", "Rønning", "Åmodt", "Strand", "Myhre")


class Measured(NamedTuple):
    """What a run took: messages, comments, seconds to read, to sort, to split and in all, and its peak memory in MB."""

    n_messages: int
    n_comments: int
    read: float
    sort: float
    split: float
    total: float
    memory: float


def point(chance: random.Random) -> str:
    first, second = chance.sample(SUBJECTS, 2)
    place = chance.choice(PLACES).format(n=chance.randint(1, 900), p=chance.randint(1, 40))
    return place + " ".join(words.format(a=first, b=second) for words in chance.sample(WORDS, chance.randint(1, 3)))


def document(points: list[str]) -> bytes:
    file, letter = io.BytesIO(), Document()
    for text in points:
        letter.add_paragraph(text)
    letter.save(file)
    return file.getvalue()


def form(chance: random.Random, points: list[str]) -> bytes:
    file, workbook = io.BytesIO(), Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["Side", "Linje", "Kommentar", "Forslag"])
    for text in points:
        sheet.append([chance.randint(1, 40), chance.randint(1, 900), text, point(chance)])
    workbook.save(file)
    return file.getvalue()


def message(number: int, chance: random.Random) -> bytes:
    """One message in one of four shapes: two of five are plain text, two HTML, one of ten each Word and Excel."""
    name = f"{chance.choice(NAMES)} {chance.choice(FAMILY)}"
    address = f"avsender{number % 7_919}@{chance.choice(SUBJECTS)}.example"
    points = [point(chance) for _ in range(chance.randint(1, 6))]
    mail = EmailMessage()
    mail["From"] = f"{name} <{address}>"
    mail["To"] = "innspill@etat.example"
    mail["Subject"] = f"Innspill om {chance.choice(SUBJECTS)}"
    mail["Date"] = f"Mon, {1 + number % 28:02d} Sep 2026 {number % 24:02d}:{number % 60:02d}:00 +0200"
    mail["Message-ID"] = f"<{number}@innspill.example>"
    text = "Hei,\n\n" + "\n\n".join(points) + f"\n\nMed vennlig hilsen\n{name}\n"
    shape = chance.random()
    if shape < 0.4:
        mail.set_content(text)
    elif shape < 0.8:
        quoted = "<blockquote><p>Hva mener dere om utkastet?</p></blockquote>"
        html = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
        mail.set_content(
            text + "\nDen 1. sep. 2026 kl. 09:00 skrev Etaten <innspill@etat.example>:\n> Hva mener dere om utkastet?\n"
        )
        mail.add_alternative(
            f"<html><body>{html}<div>Den 1. sep. 2026 skrev Etaten:</div>{quoted}</body></html>", subtype="html"
        )
    else:
        mail.set_content(f"Hei,\n\nSe vedlegg.\n\nHilsen {name}\n")
        is_letter = shape < 0.9
        data = document(points) if is_letter else form(chance, points)
        mail.add_attachment(
            data, maintype="application", subtype="octet-stream", filename="svar.docx" if is_letter else "skjema.xlsx"
        )
    return mail.as_bytes()


def make_mailboxes(folder: Path, n_messages: int) -> dict[str, Path]:
    """The same messages as an mbox and as a folder of files."""
    chance = random.Random(SEED)
    mbox, files = folder / f"{n_messages}.mbox", folder / f"mail-{n_messages}"
    files.mkdir()
    with mbox.open("wb") as box:
        for number in range(n_messages):
            data = message(number, chance)
            box.write(
                b"From innspill@etat.example Mon Sep 14 10:00:00 2026\n" + data.replace(b"\nFrom ", b"\n>From ") + b"\n"
            )
            (files / f"{number:06d}.eml").write_bytes(data)
    return {"mbox": mbox, "folder": files}


def run(path: Path) -> Measured:
    process = subprocess.Popen([sys.executable, "-c", READ, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"Reading {path.name} failed.")
    n_messages, n_comments, *seconds = printed.split()
    memory = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return Measured(int(n_messages), int(n_comments), *map(float, seconds), memory)


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    print("| mailbox | messages | comments | read, s | sort, s | split, s | in all, s | messages/s | MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    results: dict[str, list[Measured]] = {"mbox": [], "folder": []}
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            for kind, path in make_mailboxes(Path(name), size).items():
                got = run(path)
                results[kind].append(got)
                steps = f"{got.read:.1f} | {got.sort:.1f} | {got.split:.1f} | {got.total:.1f}"
                print(
                    f"| {kind} | {size:,} | {got.n_comments:,} | {steps} | {size / got.total:.0f} | {got.memory:.0f} |",
                    flush=True,
                )
    if len(sizes) > 1:
        print(f"\n{sizes[-1]:,} beside {sizes[0]:,} messages (linear: {sizes[-1] / sizes[0]:.0f})\n")
        print("| mailbox | × read | × sort | × split | × in all | × MB |")
        print("|---|---|---|---|---|---|")
        for kind, (few, *_, many) in results.items():
            ratios = (many.read / few.read, many.sort / few.sort, many.split / few.split, many.total / few.total)
            print(f"| {kind} | {' | '.join(f'{ratio:.1f}' for ratio in ratios)} | {many.memory / few.memory:.1f} |")


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"\n{time.perf_counter() - start:.0f} s with the making of the messages")
