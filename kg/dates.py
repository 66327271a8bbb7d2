"""Dates as newspapers give them: a day, a month, a year, or an interval with open sides.

In: a string of the Extended Date/Time Format (EDTF, ISO 8601-2). Out: its earliest and latest day.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

__all__ = ["When", "is_moment", "parse_when"]

_DAY = re.compile(r"^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(~?)$", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?", re.ASCII)
_LAST_DAY = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class When(NamedTuple):
    """A date of year, month or day precision, or an interval, open sides written `..`.

    `text` is an Extended Date/Time Format string (EDTF, ISO 8601-2 annex; levels 0 and 1 in part):
    `2025`, `2025-04`, `2025-04-03`, `2025-04~`, `2025-04-03/2025-04-04`, `../2025-04-03`.
    `earliest` and `latest` are ISO days, or "" where that side is open. `~` is *about*: it may be
    off by one of the last unit written, so `2025-04-03~` reaches from the 2nd to the 4th.
    """

    earliest: str
    latest: str
    text: str

    @property
    def precision(self) -> str:
        """`year`, `month`, `day` or `interval`."""
        if "/" in self.text:
            return "interval"
        return {4: "year", 7: "month"}.get(len(self.text.rstrip("~")), "day")


def parse_when(text: str) -> When:
    """Read an EDTF string of the subset that `When` names.

    Raises:
        ValueError: with what is wrong, for any other text.

    >>> parse_when("2025-04")
    When(earliest='2025-04-01', latest='2025-04-30', text='2025-04')
    >>> parse_when("../2025-04-03").latest
    '2025-04-03'
    >>> parse_when("2025-05-01~")
    When(earliest='2025-04-30', latest='2025-05-02', text='2025-05-01~')
    """
    left, slash, right = text.partition("/")
    if slash and ".." in (left, right):
        if left == right:
            raise ValueError(f"date '{text}' is open on both sides; leave it out")
        earliest = "" if left == ".." else _bounds(left, text)[0]
        latest = "" if right == ".." else _bounds(right, text)[1]
        return When(earliest, latest, text)
    if slash:
        earliest, latest = _bounds(left, text)[0], _bounds(right, text)[1]
        if earliest > latest:
            raise ValueError(f"interval '{text}' ends before it starts")
        return When(earliest, latest, text)
    return When(*_bounds(text, text), text)


def is_moment(text: str) -> bool:
    """Tell whether a text is a day, or a day and time with its zone, that the calendar has.

    >>> is_moment("2025-04-03T10:00:00Z"), is_moment("2025-02-30"), is_moment("yesterday")
    (True, False, False)
    """
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _bounds(text: str, whole: str) -> tuple[str, str]:
    match = _DAY.match(text)
    if match is None:
        raise ValueError(
            f"'{whole}' is not a date; write 2025, 2025-04, 2025-04-03, or an interval "
            "such as 2025-04-03/2025-04-04 or ../2025-04-03"
        )
    year, month, day = (int(part) if part else 0 for part in match.groups()[:3])
    if day > _length(year, month):
        raise ValueError(f"'{text}' is not a date: that month has {_length(year, month)} days")
    about = 1 if match.group(4) else 0
    if day:
        return _shifted(year, month, day, -about), _shifted(year, month, day, about)
    if month:
        first, last = _in_year(year, month - about), _in_year(year, month + about)
        return f"{first[0]:04}-{first[1]:02}-01", f"{last[0]:04}-{last[1]:02}-{_length(*last)}"
    return f"{max(year - about, 0):04}-01-01", f"{min(year + about, 9999):04}-12-31"


def _length(year: int, month: int) -> int:
    """Give the number of days of a month; of no month, more than any has."""
    return 29 if month == 2 and _is_leap(year) else (31, *_LAST_DAY)[month]


def _in_year(year: int, month: int) -> tuple[int, int]:
    """Give the year and month of a month that may lie one beyond the year."""
    months = min(max(year * 12 + month - 1, 0), 9999 * 12 + 11)
    return months // 12, months % 12 + 1


def _shifted(year: int, month: int, day: int, days: int) -> str:
    day += days
    if day < 1:
        year, month = _in_year(year, month - 1)
        day = _length(year, month)
    elif day > _length(year, month):
        year, month = _in_year(year, month + 1)
        day = 1
    return f"{year:04}-{month:02}-{day:02}"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
