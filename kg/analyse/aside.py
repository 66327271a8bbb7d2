"""What to set aside before texts are compared: menus, comment forms, links to other articles.

In: a text, the spans its record calls boilerplate, phrases from `boilerplate.toml`. Out: spans.
A record's word holds; the phrases and the lines that one outlet repeats only add to it.
"""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from kg.analyse.wording import fold

__all__ = ["aside_spans", "phrases", "repeated_lines"]

_TEMPLATE = 3
"""Texts of one outlet that must hold a line, word for word, before it counts as its template."""


@cache
def phrases() -> tuple[str, ...]:
    """Give the phrases of boilerplate in every language, folded, sorted."""
    content = files("kg.analyse").joinpath("boilerplate.toml").read_text(encoding="utf-8")
    lists: dict[str, list[str]] = tomllib.loads(content)
    return tuple(sorted({fold(phrase) for found in lists.values() for phrase in found}))


def aside_spans(
    text: str, recorded: Iterable[tuple[int, int]], template: frozenset[str] = frozenset()
) -> tuple[tuple[int, int], ...]:
    """Give the spans to leave out: what the record says, boilerplate lines, template lines."""
    spans = list(recorded)
    known = phrases()
    for start, end in _lines(text):
        line = fold(text[start:end]).strip()
        if line and (line in template or any(phrase in line for phrase in known)):
            spans.append((start, end))
    return tuple(sorted(set(spans)))


def repeated_lines(texts_by_outlet: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Give per outlet the folded lines that at least three of its texts hold."""
    found: dict[str, frozenset[str]] = {}
    for outlet, texts in texts_by_outlet.items():
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({fold(text[start:end]).strip() for start, end in _lines(text)})
        found[outlet] = frozenset(
            line for line, count in counts.items() if line and count >= _TEMPLATE
        )
    return defaultdict(frozenset, found)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)
