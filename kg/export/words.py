"""The picture's own words in French and English, read from `assets/words.toml`.

In: a heading and a key of that file. Out: one word, or both side by side as HTML of which the
stylesheet shows one. Labels that come from the collection are not its business.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.export.safe_text import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "asset", "both", "check_language", "each", "word"]

LANGUAGES = ("fr", "en")
"""The languages of the picture, in the order `words.toml` gives them."""


def asset(name: str) -> str:
    """Read one text file of `kg/export/assets`."""
    return files("kg.export").joinpath("assets", name).read_text(encoding="utf-8")


def check_language(language: str) -> None:
    """Refuse a language that the picture has no words for.

    Raises:
        UsageError: naming the languages there are.
    """
    if language not in LANGUAGES:
        raise UsageError(
            f"the picture has no words in '{language}'; choose one of: {', '.join(LANGUAGES)}"
        )


def word(heading: str, key: str, language: str, **fill: object) -> str:
    """Give one word; a value outside the vocabulary stands for itself.

    >>> word("form", "indirect", "fr")
    'indirecte'
    """
    pair = _table()[heading].get(key)
    if pair is None:
        return key
    text = pair[LANGUAGES.index(language)]
    return text.format_map({name: str(value) for name, value in fill.items()}) if fill else text


def both(heading: str, key: str, **fill: object) -> str:
    """Give a word in both languages as escaped HTML; once only where they are spelled alike."""
    return each(*(word(heading, key, language, **fill) for language in LANGUAGES))


def each(french: str, english: str) -> str:
    """Set a French and an English text side by side as escaped HTML, one of them shown."""
    if french == english:
        return escape(french)
    return (
        f'<span class="fr" lang="fr">{escape(french)}</span>'
        f'<span class="en" lang="en">{escape(english)}</span>'
    )


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    table = tomllib.loads(asset("words.toml"))
    return {
        heading: {key: (pair[0], pair[1]) for key, pair in keys.items()}
        for heading, keys in table.items()
    }
