"""Finds the first full date a text gives: day, month and year in words, or an ISO date.

In: a text and its language. Out: an ISO day, or "". It reads no relative date ("last Monday") and
no date without a year; what the date is the date of, it does not say.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from kg.model import parse_when

__all__ = ["first_full_date"]

_WORDS = r"(\d{1,2})(?:er|º|\.)?\s(?:de\s)?([^\W\d]{3,10})\s(?:de\s)?((?:19|20)\d\d)\b"
_ENGLISH = r"([^\W\d]{3,10})\s(\d{1,2})(?:st|nd|rd|th)?,?\s((?:19|20)\d\d)\b"
_ISO = r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b"
_DATE = re.compile(f"{_WORDS}|{_ENGLISH}|{_ISO}")
_REACH = 20_000


def first_full_date(text: str, language: str) -> str:
    """Give the first day that stands in full near the start of a text.

    >>> first_full_date("Signé le mardi 14 mai 2024 à midi.", "fr")
    '2024-05-14'
    """
    months = _months().get(language, {})
    for match in _DATE.finditer(text, 0, _REACH):
        day, month, year, month_first, day_second, year_last, iso_year, iso_month, iso_day = (
            match.groups()
        )
        if iso_year:
            found = f"{iso_year}-{iso_month}-{iso_day}"
        elif month:
            found = f"{year}-{months.get(month.lower(), 0):02d}-{int(day):02d}"
        else:
            found = f"{year_last}-{months.get(month_first.lower(), 0):02d}-{int(day_second):02d}"
        try:
            return parse_when(found).text
        except ValueError:
            continue
    return ""


@cache
def _months() -> dict[str, dict[str, int]]:
    path = resources.files("kg.intake") / "dates.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))["months"]
    return {
        language: {name: number for number, name in enumerate(names.split(), start=1)}
        for language, names in table.items()
    }
