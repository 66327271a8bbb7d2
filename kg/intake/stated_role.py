"""Finds the role a text states for a speaker: before the name, after it, or instead of it.

In: a text, the words that mention a speaker and the name behind them. Out: the role in the text's
own words, or "". It says what is written, not whether it is so: `kg.intake.gazetteer` knows who
held what.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from kg.intake.gazetteer import folded
from kg.intake.proposal import TextSpan

__all__ = ["role_as_stated"]

_AFTER = re.compile(r"\s{0,2}[,(]\s{0,2}((?:[^,.;:!?()«»“”\"\n]){3,140})")
_ARTICLE = re.compile(
    r"(?:l[ea]s?\s|l['’]|the\s|an?\s|un[e]?\s|de[rs]\s|die\s|das\s|el\s|il\s|o\s)", re.IGNORECASE
)
_CUT = re.compile(r"\s(?:qui|que|dont|who|which|whose|der|die|quien|che|dans|lors)\s|\s[—–-]\s")


def role_as_stated(text: str, mention: TextSpan, name: str) -> str:
    """Give the role beside a mention, without its article; "" where the text states none.

    >>> text = "a dit Ada Lund, porte-parole de la délégation."
    >>> role_as_stated(text, TextSpan(6, 14), "Ada Lund")
    'porte-parole de la délégation'
    """
    words = _CUT.split(mention.of(text), maxsplit=1)[0]
    place = words.find(name) if name else -1
    if place > 0:
        before = words[:place].strip(" ,\u00a0")
        if _is_role(before):
            return _bare(before)
    if place < 0 and _is_role(words):
        return _bare(words)
    following = _AFTER.match(text, mention.end if place < 0 else mention.start + place + len(name))
    if following is None:
        return ""
    found = _CUT.split(following.group(1), maxsplit=1)[0].strip()
    return _bare(found) if _is_role(found) else ""


def _bare(words: str) -> str:
    stated = _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words
    return " ".join(stated.split())


def _is_role(words: str) -> bool:
    tokens = folded(_bare(words)).split()
    return 1 < len(tokens) <= 16 and tokens[0] in _heads()


@cache
def _heads() -> frozenset[str]:
    path = resources.files("kg.intake") / "roles.toml"
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8"))["heads"])
