"""The sheets with printed line numbers that LibreOffice sets."""

from __future__ import annotations

from sheets_numbered import FRONT, FRONT_NN, plan, sectioned, valley

from sheets import Block, Sheet, blank, pour, title

WIDE, NARROW = 84, 38
ROWS = 42.0
BODY_FONT = 'style:font-name="Liberation Serif" fo:font-size="11pt"'


def with_blanks(blocks: list[Block]) -> list[Block]:
    """An empty paragraph between the paragraphs, as many write in Word."""
    out: list[Block] = []
    for block in blocks:
        out += [blank(), block] if out and out[-1].kind == "text" else [block]
    return out


OFFICE = {
    "lo-two-columns": Sheet(
        "Two columns, every line, each column's numbers at its left.",
        "libreoffice", pour([title("Rom for lesing", "Utkast til plan"), *plan(NARROW)], ROWS, 2), side="columns",
    ),
    "lo-two-columns-fifth": Sheet(
        "Two columns, every fifth line, each column's numbers at its left.",
        "libreoffice", pour([title("Vegen til Tverrdalen", "Utkast til rapport"), *valley(NARROW)], 30.0, 2), side="columns", step=5,
    ),
    "lo-right": Sheet(
        "Every line, numbers at the right margin, in the body's own font and size.",
        "libreoffice", pour([FRONT, *plan(WIDE, n=14)], ROWS), side="right", number_font=BODY_FONT,
    ),
    "lo-outer-every-line": Sheet(
        "Every line, numbers in the outer margin of a two-sided print, in the body's own font and size.",
        "libreoffice", pour([FRONT_NN, *valley(WIDE), *plan(WIDE, n=10)], 30.0), side="outer", two_sided=True,
        number_font=BODY_FONT,
    ),
    "lo-page": Sheet(
        "Every line, counted anew on each page.",
        "libreoffice", pour([FRONT_NN, *valley(WIDE)], 24.0), restart="page",
    ),
    "lo-empty-lines": Sheet(
        "Every line, empty lines numbered too.",
        "libreoffice", pour([FRONT_NN, *with_blanks(valley(WIDE))], 30.0), count_empty=True,
    ),
    "lo-empty-lines-fifth": Sheet(
        "Every fifth line, empty lines counted too, so that some numbers stand beside no words.",
        "libreoffice", pour([FRONT, *with_blanks(plan(WIDE, n=14))], 36.0), count_empty=True, step=5,
    ),
    "lo-from-250": Sheet(
        "Every fifth line, the first is number 251.",
        "libreoffice", pour([FRONT, *plan(WIDE, n=12)], 36.0), first=251, step=5,
    ),
    "lo-section-restart": Sheet(
        "Every line, counted anew from each heading of level 1.",
        "libreoffice", pour([FRONT, *sectioned(plan(WIDE, n=16))], ROWS), restart="section",
    ),
}  # fmt: skip
