"""Numbers of a sheet as it shows them: decimals, percents, dates; and the lines or chapter that one was typed as."""

import math
import re
from datetime import datetime, timedelta
from typing import NamedTuple

# Number formats that have no code in the file (ECMA-376, part 1, 18.8.30); those of dates are given as their parts.
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "dd.mm.yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "dd.mm.yyyy h:mm", 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
}  # fmt: skip
# What stands in a format's code and is no sign of a date: quoted text, one sign after a backslash, colours, locales.
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]|general|standard', re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des")
MAX_DIGITS = 15  # Excel's own precision


class Shown(NamedTuple):
    """A number as the sheet shows it, and as a range of lines or a chapter where it may have been typed as one."""

    text: str
    as_number: str = ""
    as_chapter: str = ""


def shown_number(stored: str, number: int, code: str, *, from_1904: bool = False) -> Shown:
    """What a number is shown as, in Norwegian.

    Args:
        stored: The number as the file has it.
        number: The number of its format.
        code: The format's code, empty for a built-in one.
        from_1904: Whether the workbook counts days from 1904, as those of old Macintoshes do.

    >>> shown_number("45.5", 0, "").text, shown_number("0.25", 9, "").text, shown_number("46021", 14, "").text
    ('45,5', '25%', '30.12.2025')
    >>> shown_number("45997", 16, "").as_number, shown_number("3.1", 2, "").as_chapter
    ('6–12', '3.10')
    """
    code = LITERAL.sub("", (code or BUILT_IN.get(number, "")).split(";")[0]).lower()
    try:
        value = float(stored)
    except ValueError:
        return Shown(stored.strip())
    if not math.isfinite(value):
        return Shown("")
    if re.search(r"[dmyhs]", code) and value >= 0:
        shown = _date(value, code, from_1904)
        if shown is not None:
            return shown
    return _number(value, code)


def _number(value: float, code: str) -> Shown:
    percent = "%" in code
    decimals = re.search(r"[0#?][.]([0#?]+)", code)
    scaled = 100 * value if percent else value
    if decimals:
        plain = f"{scaled:.{min(len(decimals[1]), MAX_DIGITS)}f}"
    elif "0" in code and "e" not in code:
        plain = f"{scaled:.0f}"
    else:
        plain = f"{scaled:.{MAX_DIGITS}g}"
    if "e" in plain:
        plain = str(int(value)) if value.is_integer() and abs(value) < 1e21 else plain
    text = plain.replace(".", ",") + ("%" if percent else "")
    whole = str(int(value)) if value.is_integer() and abs(value) < 1e15 else ""
    bare = re.sub(r"[.,]0+$", "", plain) if decimals is None else plain
    return Shown(text, whole, "" if percent else bare)


def _date(value: float, code: str, from_1904: bool) -> Shown | None:
    """A date or a time of day; None where the number is none.

    A day and a month without a year are what Excel makes of «5-12» and «3.2»: lines 5 to 12, chapter 3.2. A month and
    a year are what it makes of «10-45».
    """
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # 1900 was no leap year; Excel says so
    try:
        moment = epoch + timedelta(days=value)
    except (OverflowError, ValueError):
        return None
    has_day, has_year, has_time = "d" in code, "y" in code, bool(re.search(r"[hs]", code))
    clock = f"{moment:%H:%M}"
    if has_time and not has_day and not has_year:
        return Shown(clock)
    if has_day and has_year:
        return Shown(f"{moment.day:02}.{moment.month:02}.{moment.year:04}" + (f" {clock}" if has_time else ""))
    if has_year:
        year = moment.year % 100
        return Shown(
            f"{MONTHS[moment.month - 1]}.{year:02}", f"{moment.month}–{year}", f"{moment.month}.{year}"
        )  # fmt: skip
    if has_day:
        low, high = sorted((moment.day, moment.month))
        return Shown(f"{moment.day}.{MONTHS[moment.month - 1]}", f"{low}–{high}", f"{moment.day}.{moment.month}")
    return Shown(MONTHS[moment.month - 1])
