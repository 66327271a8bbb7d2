"""The explorer's own words, one data file a language; the collection's words are not its business.

In: `words/fr.toml`, `words/en.toml`, and for the closed vocabularies those of `kg.export.words`.
Out: one word, filled in. A key that a file lacks is a fault of ours and raises.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from kg.errors import UsageError
from kg.export.words import LANGUAGES

__all__ = ["LANGUAGES", "check_language", "period", "say", "table"]


@lru_cache(maxsize=len(LANGUAGES))
def table(language: str) -> Mapping[str, str]:
    """Read every word of a language."""
    text = files("kg.serve").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def check_language(language: str) -> None:
    """Refuse a language that the explorer does not speak.

    Raises:
        UsageError: naming the languages there are.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"the explorer does not speak '{language}'; choose one of: {', '.join(LANGUAGES)}"
        )


def say(key: str, language: str, **fill: object) -> str:
    """Give one word or sentence; a key ending in `_n` is singular where `n` is 1.

    >>> say("claims_n", "en", n=1)
    '1 claim'
    """
    words = table(language)
    if fill.get("n") in (1, 0) and f"{key}_one" in words and (fill["n"] == 1 or language == "fr"):
        key = f"{key}_one"
    text = words[key]
    if not fill:
        return text
    return text.format_map({name: _shown(value, language) for name, value in fill.items()})


def period(edtf: str, language: str) -> str:
    """Give a time as a reader writes it: an interval by its ends, an open one by the end it has.

    >>> period("2004-03/..", "en"), period("2025-04-02/2025-04-03", "en")
    ('since 2004-03', '2025-04-02 – 2025-04-03')
    """
    start, mark, end = edtf.partition("/")
    if not mark:
        return edtf
    if end in {"", ".."}:
        return say("period_since", language, start=start)
    if start in {"", ".."}:
        return say("period_until", language, end=end)
    return f"{start} – {end}"


def _shown(value: object, language: str) -> str:
    """Group the digits of a number as the language does."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", "\u202f" if language == "fr" else ",")
    return str(value)
