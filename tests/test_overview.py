import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from innspill.digest import build_digest
from innspill.digest_tree import Digest
from innspill.records import Analysis, Comment, Evidence, Message, PlannedMeasure, Span, Stance, Theme
from innspill.tables import build_tables
from innspill.words import load_words
from innspill.writing.html import render_html
from sample import POINT_3, sample_analysis, sample_messages

CHROMIUM = shutil.which("chromium")


class Front(HTMLParser):
    """The page in front: its figures, and its quotes with the comment that each is linked to."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.figures: list[str] = []
        self.quotes: list[tuple[str, str]] = []
        self._inside = self._quoting = False
        self._counting = ""
        self._quote = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        attributes = dict(attrs)
        if attributes.get("id") == "overview":
            self._inside = True
        if not self._inside:
            return
        self._counting = "dd" if tag == "dd" else ""
        if tag == "q":
            self._quoting, self._quote = True, ""
        target = attributes.get("href") or ""
        if tag == "a" and target.startswith("#comment-") and self._quote:
            self.quotes.append((self._quote, target.removeprefix("#comment-")))
            self._quote = ""

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if tag == "header":
            self._inside = False
        if tag == "q":
            self._quoting = False

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if not self._inside:
            return
        self.texts.append(data)
        if self._quoting:
            self._quote += data
        if self._counting:
            self.figures.append(data.strip())
            self._counting = ""


def digest_of(analysis: Analysis) -> Digest:
    return build_digest(analysis, words=load_words("nb"))


def front_of(analysis: Analysis) -> Front:
    return Front(render_html(digest_of(analysis)))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def demo_front(demo: Analysis) -> Front:
    return front_of(demo)


@pytest.fixture(scope="module")
def tables(demo: Analysis) -> dict[str, pd.DataFrame]:
    return build_tables(demo)


def test_every_quote_on_the_page_in_front_stands_in_its_comment(
    demo_front: Front, tables: dict[str, pd.DataFrame]
) -> None:
    text_of = dict(zip(tables["comments"]["comment_id"], tables["comments"]["text"], strict=True))
    assert demo_front.quotes
    wrong = [q for q, key in demo_front.quotes if q.removesuffix(" …") not in flat(text_of[key])]
    assert wrong == []


def test_each_of_the_broadest_needs_tells_in_whose_words(demo: Analysis) -> None:
    source = render_html(digest_of(demo))
    listed = source[source.index('aria-labelledby="broadest"') :]
    items = listed[: listed.index("</ol>")].split("</li>")[:-1]
    assert len(items) == 5
    assert [item for item in items if 'href="#comment-' not in item] == []


def test_what_is_asked_for_is_quoted_on_the_page_in_front() -> None:
    analysis = sample_analysis()
    asked = analysis.needs[1].evidence[1]
    needs = (analysis.needs[0], replace(analysis.needs[1], asked_for=asked), analysis.needs[2])
    assert ("språket i journalen", "C003") in front_of(replace(analysis, needs=needs)).quotes


def test_a_statement_in_a_senders_own_words_is_not_quoted_again() -> None:
    analysis = sample_analysis()
    stated = replace(analysis.needs[1], statement="Vi saknar samiske data.", evidence=analysis.needs[1].evidence[:1])
    front = front_of(replace(analysis, needs=(stated,)))
    assert front.quotes == []
    assert "Ordene er fra" in "".join(front.texts)


def test_every_quote_of_the_digest_stands_in_the_table_of_quotes(
    demo: Analysis, tables: dict[str, pd.DataFrame]
) -> None:
    told = set(zip(tables["need_comments"]["comment_id"], tables["need_comments"]["quote"], strict=True))
    shown = {
        (quote.comment.comment_id, quote.quote)
        for need in digest_of(demo).needs
        for quote in (*need.quotes, *need.highlights, *([need.asked_for] if need.asked_for else []))
    }
    assert shown == told


def test_the_figures_of_the_page_in_front_are_those_of_the_tables(
    demo_front: Front, tables: dict[str, pd.DataFrame]
) -> None:
    messages = tables["messages"]
    speaking = messages[messages["message_id"].isin(tables["comments"]["message_id"])]
    voices = speaking["sender_email"].where(speaking["kind"] == "campaign", speaking["organisation"])
    voices = voices.fillna(speaking["sender_email"]).fillna(speaking["sender_name"]).str.casefold()
    unmet = tables["needs"][tables["needs"]["coverage"] != "covered"]
    expected = (len(messages), len(tables["comments"]), voices.nunique(), len(unmet))
    assert tuple(int(figure) for figure in demo_front.figures) == expected


def test_the_counts_of_the_broadest_needs_are_those_of_the_tables(
    demo: Analysis, tables: dict[str, pd.DataFrame]
) -> None:
    rows = tables["needs"].set_index("need_id")
    shown = [(need.need_id, need.n_organisations, need.n_types) for need in digest_of(demo).overview.broadest]
    assert shown == [
        (key, rows.loc[key, "n_organisations"], rows.loc[key, "n_organisation_types"]) for key, _, _ in shown
    ]


def test_the_numbers_of_who_voices_a_need_add_up_to_its_senders(demo: Analysis) -> None:
    numbers = [(need.n_organisations, re.findall(r"\d+", need.who)) for need in digest_of(demo).needs]
    assert [n for n, _ in numbers] == [sum(map(int, found)) for _, found in numbers]


def voice(row: "pd.Series[str]") -> str:
    """A sender as the page in front counts it, from a row of the table of messages."""
    if row["kind"] == "campaign":
        return str(row["campaign_id"])
    known = [row[name] for name in ("organisation", "sender_email", "sender_name") if not pd.isna(row[name])]
    return flat(str(known[0])).casefold()


def test_what_senders_differ_on_can_be_counted_in_the_tables(demo: Analysis, tables: dict[str, pd.DataFrame]) -> None:
    messages = tables["messages"].set_index("message_id")
    own = tables["theme_comments"][~tables["theme_comments"]["second"]]
    joined = own.merge(tables["comments"], on="comment_id")
    joined["voice"] = [voice(messages.loc[key]) for key in joined["message_id"]]
    joined["type"] = [messages.loc[key, "organisation_type"] for key in joined["message_id"]]
    overview = digest_of(demo).overview
    for split in overview.splits:
        inside = joined[joined["theme_id"] == split.theme.target_id]
        in_support = inside[inside["stance"].isin(["support", "praise"])]["voice"].nunique()
        against = inside[inside["stance"] == "disagreement"]["voice"].nunique()
        assert (split.n_support, split.n_against) == (in_support, against)
        assert sum(tally.n for tally in split.against) == against
    for contrast in overview.contrasts:
        of_type = joined[joined["type"] == contrast.organisation_type]
        others = joined[~joined["voice"].isin(of_type["voice"])]
        in_theme = joined[joined["theme_id"] == contrast.theme.target_id]
        assert contrast.n_all == of_type["voice"].nunique()
        assert contrast.n_others == others["voice"].nunique()
        assert contrast.n_said == in_theme[in_theme["voice"].isin(of_type["voice"])]["voice"].nunique()
        assert contrast.n_others_said == in_theme[in_theme["voice"].isin(others["voice"])]["voice"].nunique()


def test_what_should_be_looked_at_is_what_the_tables_doubt(demo: Analysis, tables: dict[str, pd.DataFrame]) -> None:
    overview = digest_of(demo).overview
    annotations = tables["annotations"]
    cited = annotations[annotations["method"] != "similarity"]
    assert len(overview.doubtful) == (cited["status"] == "doubtful").sum()
    assert len(overview.unresolved) == (cited["status"] == "unresolved").sum()
    assert len(overview.suggested) == cited["suggested_first_line_id"].notna().sum()
    assert len(overview.borderline) == tables["needs"]["borderline"].sum()


# Voices made for one test ---------------------------------------------------------------------------------------------


@pytest.fixture
def consultation() -> Callable[..., Analysis]:
    """Make an analysis of voices: (organisation type, theme, stance, campaign), each its own sender."""

    def make(*voices: tuple[str, str, Stance] | tuple[str, str, Stance, str]) -> Analysis:
        template, numbers = sample_messages()[0], count(1)
        messages: list[Message] = []
        comments: list[Comment] = []
        themes: dict[str, dict[str, float]] = {}
        for organisation_type, theme, stance, *campaign in voices:
            number = next(numbers)
            messages.append(
                replace(
                    template,
                    message_id=f"M{number:03d}",
                    organisation="" if campaign else f"Virksomhet {number}",
                    organisation_type=organisation_type,
                    sender_email=f"{number}@post.example",
                    kind="campaign" if campaign else "feedback",
                    campaign_id=campaign[0] if campaign else "",
                )
            )
            text = f"Kommentar {number} om saken."
            comments.append(
                Comment(f"C{number:03d}", f"M{number:03d}", "body", Span(0, 1), text, "", "nb", stance=stance)
            )
            themes.setdefault(theme, {})[f"C{number:03d}"] = 1.0
        return replace(
            sample_analysis(),
            messages=tuple(messages),
            comments=tuple(comments),
            annotations=(),
            needs=(),
            themes=tuple(Theme(name, name, (), "", weights) for name, weights in themes.items()),
        )

    return make


def test_a_theme_that_senders_differ_on_tells_how_many_and_who(consultation: Callable[..., Analysis]) -> None:
    analysis = consultation(*3 * [("kommune", "Drift", "support")], ("fagforening", "Drift", "disagreement"))
    (split,) = digest_of(analysis).overview.splits
    assert (split.text, split.against[0].label) == ("3 støtter, 1 er uenig", "Fagforening")


def test_a_campaign_is_counted_once_among_those_who_differ(consultation: Callable[..., Analysis]) -> None:
    copies = 9 * [("privatperson", "Drift", "disagreement", "K01")]
    analysis = consultation(*copies, ("kommune", "Drift", "support"))
    (split,) = digest_of(analysis).overview.splits
    assert (split.n_support, split.n_against) == (1, 1)


def test_a_theme_that_all_support_is_no_difference(consultation: Callable[..., Analysis]) -> None:
    assert digest_of(consultation(*5 * [("kommune", "Drift", "support")])).overview.splits == ()


def test_a_theme_of_one_type_of_organisation_is_told(consultation: Callable[..., Analysis]) -> None:
    analysis = consultation(
        *6 * [("kommune", "Drift", "need")],
        *2 * [("kommune", "Data", "need")],
        *2 * [("akademia", "Drift", "need")],
        *14 * [("akademia", "Data", "need")],
    )
    found = [contrast.text for contrast in digest_of(analysis).overview.contrasts]
    assert "Kommune tar oftere opp «Drift»: 6 av 8, mot 2 av 16 andre." in found


def test_few_senders_of_a_type_say_nothing(consultation: Callable[..., Analysis]) -> None:
    analysis = consultation(*3 * [("kommune", "Drift", "need")], *20 * [("akademia", "Data", "need")])
    assert [c for c in digest_of(analysis).overview.contrasts if c.organisation_type == "kommune"] == []


def test_a_difference_that_chance_may_make_is_not_told(consultation: Callable[..., Analysis]) -> None:
    analysis = consultation(
        *3 * [("kommune", "Drift", "need")],
        *3 * [("kommune", "Data", "need")],
        *3 * [("akademia", "Drift", "need")],
        *5 * [("akademia", "Data", "need")],
    )
    assert digest_of(analysis).overview.contrasts == ()
    assert "Ingen tydelige forskjeller" in "".join(front_of(analysis).texts)


def test_comments_that_stand_alone_are_no_theme_to_differ_on(consultation: Callable[..., Analysis]) -> None:
    analysis = consultation(("kommune", "Drift", "support"), ("akademia", "Drift", "disagreement"))
    alone = replace(analysis, themes=tuple(replace(theme, kind="single") for theme in analysis.themes))
    assert digest_of(analysis).overview.splits
    assert digest_of(alone).overview.splits == ()


# The page -------------------------------------------------------------------------------------------------------------


def crowded() -> Analysis:
    """The sample with long words wherever the page in front has room for some."""
    analysis = sample_analysis()
    long = "Vi trenger sammenhengende journaldataoverføring mellom virksomhetene i kommunehelsetjenesten. " * 4
    text = f"{POINT_3}\n{long}"
    comments = tuple(replace(c, text=text) if c.comment_id == "C003" else c for c in analysis.comments)
    messages = tuple(replace(m, organisation=f"{m.message_id} {long[:90]}") for m in analysis.messages)
    span = analysis.report.lines[2].span
    template = replace(analysis.needs[1], statement=long[:299], borderline=True, measure_id="P01")
    needs = tuple(
        replace(template, need_id=f"N{n:03d}", evidence=(Evidence("C003", long[:290]),)) for n in range(1, 10)
    )
    doubtful = tuple(
        replace(annotation, status="doubtful", cited="linje 12 til 14 i kapittel 3", target=span, suggested=span)
        for annotation in analysis.annotations
    )
    themes = tuple(replace(theme, label=long[:70]) for theme in analysis.themes)
    measures = (PlannedMeasure("P01", "1", "Data", long, long[:120]),)
    changed = replace(analysis, comments=comments, messages=messages, needs=needs, annotations=doubtful)
    title = replace(analysis.consultation, title=long[:180])
    return replace(changed, themes=themes, measures=measures, consultation=title)


def test_long_words_are_cut_on_the_page_in_front() -> None:
    assert len(flat("".join(front_of(crowded()).texts))) < 4_500


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_in_front_is_one_sheet_of_paper(language: str, tmp_path: Path) -> None:
    import pypdfium2

    words = load_words(language)
    (tmp_path / "digest.html").write_text(render_html(build_digest(crowded(), words=words)), encoding="utf-8")
    subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'digest.pdf'}",
            (tmp_path / "digest.html").as_uri(),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "digest.pdf")]
    assert words("overview.review") in pages[0]
    assert pages[1].lstrip().startswith(words("page.contents"))
