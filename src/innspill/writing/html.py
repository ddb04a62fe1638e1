"""The digest as one HTML page that needs nothing else: no network, no other file.

All that comes out of mail is hostile. It only enters the page escaped by Jinja, nothing clickable is made of it, and
the page's own policy lets nothing be loaded. The script only hides, shows and counts what is already there.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from innspill.digest_tree import CommentEntry, Digest, LineEntry, NeedEntry, QuoteEntry, SectionEntry

# Where a long comment is folded: at the end of the sentence nearest to this many words, or right there.
FOLD_AT = 60
FOLD_FROM, FOLD_TO = 40, 75
# A rest shorter than this is not folded away: to open it costs more than to read it.
SHORTEST_REST = 20
WORD = re.compile(r"\S+")
SENTENCE_END = re.compile(r"[.!?…][»”\")\]]*$")
# A line of mail that is shorter than this was ended by its writer; longer ones were broken by the mail client.
WRITTEN_LINE = 55
LIST_MARK = re.compile(r"\s*(?:[-–—•*·]|\(?\d{1,2}[.)]|[a-z][.)])\s")
LANGUAGE_TAG = re.compile(r"^[a-z]{2,3}$")
UNSAFE_IN_ID = re.compile(r"[^A-Za-z0-9_-]")
# Points of indentation that the page shows, at most: deeper ones are cells of tables.
DEEPEST_INDENT = 60
HEAT_STEPS = (1, 2, 4, 7)
# Lines of the report that stay in view beside comments; the height of a comment's card without its text, in lines,
# and the words that a line of it holds (both measured on the page at 1400 pixels).
LONGEST_RUN = 14
CARD_LINES = 7
WORDS_A_LINE = 10
# Characters of a quote on the page in front, which must fit a sheet of paper.
FRONT_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of lines, and those of them that have comments or references, which stand beside the run."""

    lines: tuple[LineEntry, ...]

    @property
    def annotated(self) -> tuple[LineEntry, ...]:
        """The lines that something stands beside."""
        return tuple(line for line in self.lines if line.comments or line.references)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in two: what is shown, and what is folded away. Together they are the text, to the letter."""

    lead: str
    rest: str
    n_rest: int


def write_html(digest: Digest, path: Path) -> None:
    """Write the digest to `path` as one self-contained page, UTF-8.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_bytes(render_html(digest).encode("utf-8", "replace"))


def render_html(digest: Digest) -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("innspill", "data"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(anchor=anchor, verbatim=verbatim, fold=fold, tag=language_tag, tight=tight, flat=flat)
    environment.globals.update(chunks=chunks, heat=heat, indent=indent, campaigns=campaigns)
    environment.globals.update(front_quote=front_quote, front_length=FRONT_LENGTH)
    return environment.get_template("digest.html.j2").render(digest=digest, w=digest.words).lstrip()


def anchor(record_id: str) -> str:
    """An id that is safe in an attribute, a link and a selector."""
    return UNSAFE_IN_ID.sub("_", record_id)


def language_tag(language: str) -> str:
    """A value for ``lang``; empty (not known) where the language is none."""
    return language if LANGUAGE_TAG.match(language) else ""


def verbatim(text: str) -> Markup:
    """The text escaped, with a break where its writer ended a line. Read as text it is unchanged.

    >>> str(verbatim("Vi mener:\\n- <b>mer</b> data"))
    'Vi mener:<br>\\n- &lt;b&gt;mer&lt;/b&gt; data'
    """
    lines = text.split("\n")
    shown = Markup()
    for line, following in pairwise(lines):
        paragraph = not line.strip() or not following.strip() or LIST_MARK.match(following)
        # A short line before a small letter is one that a quote or a phrase in an own colour began in the middle of.
        written = paragraph or (len(line.rstrip()) < WRITTEN_LINE and not following.lstrip()[:1].islower())
        shown += escape(line) + (Markup("<br>\n") if written else Markup("\n"))
    return shown + escape(lines[-1])


def tight(text: str) -> str:
    """The text without blank lines and indentation, which HTML mail leaves many of in a signature.

    >>> tight("Kari\\n \\n  Fjord sykehus")
    'Kari\\nFjord sykehus'
    """
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def flat(text: str) -> str:
    """The text on one line.

    >>> flat("Vi ber\\nom svar.")
    'Vi ber om svar.'
    """
    return " ".join(text.split())


def front_quote(need: NeedEntry) -> QuoteEntry | None:
    """What is quoted of a need on the page in front: what is asked for, or what stands for most of what is said.

    ``None`` where the statement says just that: then it is enough to tell whose words it is.
    """
    stated = need.statement.removesuffix(" …").casefold()
    shown = [quote for quote in (need.asked_for, *need.highlights[:1]) if quote is not None]
    new = [quote for quote in shown if stated not in flat(quote.quote).casefold()]
    short = [quote for quote in new if len(flat(quote.quote)) <= FRONT_LENGTH]
    if need.source is None:
        new += shown
    return next(iter([*short, *new]), None)


def fold(text: str) -> Folded:
    """Cut a long text after about `FOLD_AT` words, where a sentence ends if one does.

    >>> fold("Kort nok.")
    Folded(lead='Kort nok.', rest='', n_rest=0)
    """
    words = list(WORD.finditer(text))
    if len(words) < FOLD_AT + SHORTEST_REST:
        return Folded(text, "", 0)
    ends = [index for index in range(FOLD_FROM, FOLD_TO) if SENTENCE_END.search(words[index - 1].group())]
    at = min(ends, key=lambda index: abs(index - FOLD_AT)) if ends else FOLD_AT
    if len(words) - at < SHORTEST_REST:
        return Folded(text, "", 0)
    cut = words[at].start()
    return Folded(text[:cut], text[cut:], len(words) - at)


def chunks(section: SectionEntry) -> list[Chunk]:
    """A section's lines in runs that begin where comments do.

    A line's comments go into the run before it while that run's comments are taller than its lines and the run is
    short enough to stay in view beside them; else every comment would tear a hole in the text.
    """
    runs: list[list[LineEntry]] = []
    beside = 0.0
    for line in section.lines:
        height = _height_beside(line)
        fits = bool(runs) and len(runs[-1]) < min(LONGEST_RUN, beside)
        if not runs or (height and not fits):
            runs.append([])
            beside = 0.0
        runs[-1].append(line)
        beside += height
    return [Chunk(tuple(run)) for run in runs]


def _height_beside(line: LineEntry) -> float:
    """About how many lines of the report the comments of a line are tall; 0 where it has none."""
    folded = [fold(group[0].text).lead for group in campaigns(line.comments)]
    return sum(CARD_LINES + len(text.split()) / WORDS_A_LINE for text in folded) + 3 * len(line.references)


def heat(count: int) -> int:
    """How strongly a line is marked, 0–4."""
    return sum(count >= step for step in HEAT_STEPS)


def indent(line: LineEntry) -> str:
    """A line's indentation in em, against a body of 11 points; headings, captions and cells stand at the edge."""
    if line.kind in ("heading", "caption", "table"):
        return "0"
    return f"{min(line.indent, DEEPEST_INDENT) / 11:.1f}"


def campaigns(comments: Sequence[CommentEntry]) -> list[tuple[CommentEntry, ...]]:
    """Comments in groups: copies of one campaign that say the same stand together, all others alone."""

    def words_of(comment: CommentEntry) -> tuple[str, str]:
        same = " ".join(comment.text.split()) if comment.campaign_id else comment.comment_id
        return (comment.campaign_id, same)

    order = {words_of(comment): position for position, comment in reversed(list(enumerate(comments)))}
    ordered = sorted(comments, key=lambda comment: order[words_of(comment)])
    return [tuple(members) for _, members in groupby(ordered, key=words_of)]
