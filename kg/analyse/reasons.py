"""Reasons in words: one sentence a reason, in the language of the labels that stand in it.

In: a language, the name of a reason, what it is told of. Out: the sentence, from `reasons.toml`.
Chooses no reason; a language without sentences is told in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["reason_in", "sentences"]


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Give the sentences by language and reason."""
    content = files("kg.analyse").joinpath("reasons.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(content)
    return found


def reason_in(language: str, reason: str, **told: str) -> str:
    """Tell a reason in a language.

    >>> reason_in("en", "same-source", label="the wire")
    'both go back to the wire'
    """
    known = sentences()
    return known.get(language, known["en"])[reason].format(**told)
