"""What the analysis costs as comments grow in number. ``python benchmarks/scale.py [comments …]``.

Makes 500, 5,000 and 50,000 comments on the bundled report by joining clauses of the bundled corpora's comments and of
the report anew (the same ones on each run), and sends them through the pipeline with the reading of mail left out. Each
number is a process of its own, within limits of memory and time; where one is broken, it says so. Seconds are those of
the processor, so that other work on the machine counts little, once models are loaded; memory is the stage's own peak
(the whole process's, where the system does not tell more). Cost per comment that is flat gives a ratio of one between
the smallest and the largest number. Prints Markdown.

``--profile`` prints where the time of one number goes, by function, instead.
"""

import argparse
import cProfile
import json
import pstats
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from prepared import analyse_prepared  # beside this script

from innspill.bundled import bundled
from innspill.config import load_consultation
from innspill.derived import join_lines
from innspill.language.norwegian import Norwegian
from innspill.reading.report import read_report
from innspill.records import ORGANISATION_TYPES, Analysis, Comment, Message, Report, Span

CORPORA = Path(__file__).parents[1] / "corpora"
SIZES = (500, 5_000, 50_000)
SEED = 20_261_015
# A message holds as many comments as one of the bundled corpora does, an organisation writes one message or a few.
COMMENTS_A_MESSAGE, MESSAGES_AN_ORGANISATION = 3, 1.5
# Every so many messages one is a copy within a campaign.
CAMPAIGN_EVERY, COPIES_IN_CAMPAIGN = 20, 25
# The share of comments that cites lines, a section, and a page with its line; the others cite nothing.
CITING = (("Linje {line}–{last}: ", 0.45), ("Til kapittel {section}: ", 0.12), ("S. {page}, linje {line}: ", 0.08))
CITED_NUMBERS = re.compile(
    r"(?:linje|linjene|line|lines|L|l\.|s\.|side|kap\w*\.?|punkt|pkt\.)\s*\d[\d .,–-]*\d?:?", re.I
)
CLAUSE = re.compile(r"(?<=[,;:–]) | (?=(?:og|men|fordi|slik at|som|når|der) )")
ENOUGH_WORDS = 3
# So many comments go through before the clock starts, so that what is loaded once is loaded.
WARM_UP = 20
LARGEST_RATIO = 2.0
# Milliseconds a comment below which a stage's cost is noise.
NEGLIGIBLE = 0.01


# Invented comments ---------------------------------------------------------------------------------------------------


def clauses(report: Report, language: Norwegian) -> list[list[str]]:
    """Sentences as lists of clauses: those of the corpora's comments (kept for tuning) and of the report."""
    texts = [join_lines(report.text, passage.span).text for passage in report.passages if passage.kind == "text"]
    for file in sorted(CORPORA.glob("**/gold.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        tuning = {message["file"] for message in gold["messages"] if message.get("split") == "tune"}
        texts += [comment["quote"] for comment in gold["comments"] if comment["file"] in tuning]
    sentences = [span.of(text) for text in texts for span in language.sentences(text)]
    plain = (" ".join(CITED_NUMBERS.sub("", sentence).split()) for sentence in sentences)
    return [CLAUSE.split(sentence) for sentence in plain if len(sentence.split()) >= ENOUGH_WORDS]


def invented_text(known: Sequence[list[str]], chance: random.Random) -> str:
    """One to four sentences, each the first clauses of one known sentence and the last clauses of another."""
    sentences = []
    for _ in range(chance.randint(1, 4)):
        first, last = chance.choice(known), chance.choice(known)
        head = first[: max(1, chance.randint(0, len(first)))]
        tail = last[chance.randint(0, len(last)) :]
        sentence = " ".join([*head, *tail]).strip(" ,;:–.?!")
        sentences.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return " ".join(sentences)


def citation(report: Report, chance: random.Random) -> str:
    """The words that a comment opens with, if it cites anything."""
    shape = chance.random()
    line = chance.choice([line for line in report.lines if line.number is not None])
    section = chance.choice([section for section in report.sections if section.number] or [None])
    for pattern, share in CITING:
        if shape < share:
            number = line.number or 0
            return pattern.format(
                line=number, last=number + 2, page=line.page_number, section=section.number if section else "1"
            )
        shape -= share
    return ""


def invented(n_comments: int, report: Report, language: Norwegian) -> tuple[tuple[Message, ...], tuple[Comment, ...]]:
    """Messages and as many comments as asked for; a larger number begins with the comments of a smaller one."""
    chance = random.Random(SEED)
    known = clauses(report, language)
    messages: list[Message] = []
    comments: list[Comment] = []
    campaigns: dict[int, list[str]] = {}
    while len(comments) < n_comments:
        number = len(messages)
        campaign = number // (CAMPAIGN_EVERY * COPIES_IN_CAMPAIGN) if number % CAMPAIGN_EVERY == 0 else None
        texts = [citation(report, chance) + invented_text(known, chance) for _ in range(COMMENTS_A_MESSAGE)]
        if campaign is not None:
            texts = campaigns.setdefault(campaign, texts)
        messages.append(invented_message(number, campaign))
        comments += invented_comments(messages[-1], texts, first=len(comments))
    return tuple(messages), tuple(comments[:n_comments])


def invented_message(number: int, campaign: int | None) -> Message:
    """A message without its text, of one of so many organisations."""
    sender = int(number / MESSAGES_AN_ORGANISATION)
    return Message(
        message_id=f"M{number:06d}",
        file=f"mail/{number:06d}.eml",
        rfc_message_id="",
        sent_at=None,
        sender_name=f"Avsender {number}",
        sender_email=f"avsender{number}@org{sender}.example",
        organisation=f"Organisasjon {sender}",
        organisation_type=ORGANISATION_TYPES[sender % len(ORGANISATION_TYPES)],
        subject="Innspill",
        language="nb",
        kind="feedback" if campaign is None else "campaign",
        duplicate_of="",
        late=False,
        interest=False,
        n_attachments=0,
        parts=(),
        campaign_id="" if campaign is None else f"K{campaign:03d}",
    )


def invented_comments(message: Message, texts: Sequence[str], *, first: int) -> list[Comment]:
    """The comments of a message, one after the other in a body that is not made."""
    comments, start = [], 0
    for number, text in enumerate(texts, start=first):
        span = Span(start, start + len(text))
        comments.append(Comment(f"C{number:06d}", message.message_id, "body", span, text, "", message.language))
        start = span.end + 1
    return comments


# Measuring -----------------------------------------------------------------------------------------------------------


class Watch:
    """Seconds and peak memory of each stage, told by the pipeline when one begins; printed unless it warms up."""

    def __init__(self, *, warm_up: bool = False) -> None:
        self.stage = ""
        self._warm_up = warm_up
        self._started = 0.0

    def begin(self, stage: str) -> None:
        """End the stage before, if any, and begin this one."""
        self.end()
        self.stage, self._started = stage, time.process_time()
        forget_peak()

    def end(self) -> None:
        """Print what the stage took, as a line of JSON."""
        if self.stage and not self._warm_up:
            took = {"stage": self.stage, "seconds": time.process_time() - self._started, "memory": peak_memory()}
            print(json.dumps(took), flush=True)
        self.stage = ""


def forget_peak() -> None:
    """Let the peak of resident memory begin at what is used now, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_memory() -> float:
    """Peak of resident memory in MB since `forget_peak`, or of the process so far."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text(encoding="utf-8"))[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def analyse_invented(n_comments: int, watch: Watch) -> None:
    """The analysis of the bundled report, with so many invented comments on it; prints what each stage took."""
    consultation, config = load_consultation(bundled("corpora/ki-helsedata"))
    language = Norwegian()
    report = read_report(consultation.report, sentences=language.sentences)

    def analyse(n: int, clock: Watch) -> Analysis:
        messages, comments = invented(n, report, language)
        analysis = analyse_prepared(
            consultation, report, messages, comments, language=language, config=config, progress=clock.begin
        )
        clock.end()
        return analysis

    analyse(WARM_UP, Watch(warm_up=True))
    found = analyse(n_comments, watch)
    counted = {"themes": len(found.themes), "needs": len(found.needs), "annotations": len(found.annotations)}
    print(json.dumps({"found": counted}), flush=True)


def measure(n_comments: int, *, gigabytes: float, minutes: float) -> tuple[list[dict[str, float | str]], str, bool]:
    """The stages that a process of its own went through, what came of it, and whether it broke off."""
    command = [sys.executable, __file__, "--child", str(n_comments), "--gigabytes", str(gigabytes)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 * minutes, check=False)
        output, complaint = done.stdout, done.stderr.strip().splitlines()
        broke = complaint[-1] if complaint else "killed"
    except subprocess.TimeoutExpired as late:
        output, broke = (late.stdout or b"").decode(), f"not done after {minutes:g} minutes"
    told = [json.loads(line) for line in output.splitlines()]
    found = next((line["found"] for line in told if "found" in line), None)
    what = ", ".join(f"{count} {name}" for name, count in found.items()) if found else f"broke off: {broke}"
    return [line for line in told if "stage" in line], what, found is None


def rows(sizes: Sequence[int], *, gigabytes: float, minutes: float) -> Iterator[str]:
    """The lines of the table, and the ratio of the costs per comment below it."""
    cost: dict[str, dict[int, float]] = {}
    yield "| comments | stage | seconds | ms a comment | peak MB |"
    yield "|---|---|---|---|---|"
    for n_comments in sizes:
        stages, what, broke_off = measure(n_comments, gigabytes=gigabytes, minutes=minutes)
        for stage in stages:
            each = 1_000 * float(stage["seconds"]) / n_comments
            cost.setdefault(str(stage["stage"]), {})[n_comments] = each
            yield f"| {n_comments:,} | {stage['stage']} | {stage['seconds']:.1f} | {each:.2f} | {stage['memory']:.0f} |"
        total = sum(float(stage["seconds"]) for stage in stages)
        if not broke_off:
            cost.setdefault("in all", {})[n_comments] = 1_000 * total / n_comments
        peak = max((float(stage["memory"]) for stage in stages), default=0.0)
        yield f"| {n_comments:,} | in all | {total:.1f} | {1_000 * total / n_comments:.2f} | {peak:.0f} |"
        yield f"| {n_comments:,} | {what} | | | |"
    yield ""
    smallest, largest = min(sizes), max(sizes)
    for stage_name, by_size in cost.items():
        if largest not in by_size:
            yield f"- {stage_name}: broke off at {largest:,}"
        elif by_size.get(smallest, 0.0) >= NEGLIGIBLE:
            ratio = by_size[largest] / by_size[smallest]
            verdict = "" if ratio <= LARGEST_RATIO else f" (more than {LARGEST_RATIO:g})"
            yield f"- {stage_name}: a comment of {largest:,} costs {ratio:.2f} times one of {smallest:,}{verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of comments")
    parser.add_argument("--gigabytes", type=float, default=8.0, help="address space that a process may use")
    parser.add_argument("--minutes", type=float, default=60.0, help="time that a process may use")
    parser.add_argument("--profile", action="store_true", help="where the time goes, for the first number")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        limit = int(options.gigabytes * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        analyse_invented(options.child, Watch())
    elif options.profile:
        with cProfile.Profile() as profile:
            analyse_invented(options.sizes[0], Watch())
        pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    else:
        for line in rows(options.sizes, gigabytes=options.gigabytes, minutes=options.minutes):
            print(line, flush=True)


if __name__ == "__main__":
    main()
