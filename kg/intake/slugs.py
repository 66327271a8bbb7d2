"""Names things by their words: ids of lower case letters, digits and hyphens.

In: names and titles. Out: ids that are the same on every machine. Knows no registry.
"""

from __future__ import annotations

import re
from collections.abc import Container

from kg.intake.gazetteer import folded

__all__ = ["make_slug", "slugify"]

_GENERIC = re.compile(r"(?:index|article|page|document|untitled|sans-titre|stdin|\d+)(?:-\d+)*")
_SUFFIX = re.compile(
    r"\.(?:txt|text|md|markdown|html?|xhtml|pdf|jsonl?|xml|warc(?:\.gz)?)", re.IGNORECASE
)
_LONGEST_SLUG = 60


def slugify(words: str) -> str:
    """Make an id of words: lower case letters, digits and hyphens; "" where nothing is left.

    >>> slugify("Le Réveil Africain (Bénin)")
    'le-reveil-africain-benin'
    """
    ascii_words = [word for word in folded(words).split() if word.isascii()]
    slug = "-".join(ascii_words)
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[:_LONGEST_SLUG].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def make_slug(name: str, title: str, taken: Container[str]) -> str:
    """Name a record by its file, or by its title where the file's name says nothing.

    >>> make_slug("003", "Moscou : Lavrov salue", set()), make_slug("report", "", {"report"})
    ('moscou-lavrov-salue', 'report-2')
    >>> make_slug("quai.txt", "", set())
    'quai'
    """
    ending = _SUFFIX.search(name)
    slug = slugify(name[: ending.start()] if ending and ending.end() == len(name) else name)
    if not slug or _GENERIC.fullmatch(slug):
        slug = "-".join(slugify(title).split("-")[:7]) or slug or "article"
    base, number = slug, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
