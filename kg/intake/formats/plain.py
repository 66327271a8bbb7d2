"""Reads a text file: its characters as they are, nothing added or taken away."""

from __future__ import annotations

from collections.abc import Iterator

from kg.intake.formats.article import Article, Fault, Source
from kg.intake.formats.decoding import decode

__all__ = ["read_plain"]


def read_plain(source: Source) -> Iterator[Article | Fault]:
    """Give the one article of a text file; newlines and a byte-order mark stay as they are.

    Raises:
        IntakeError: the file is empty, too large or no text.
    """
    raw = source.read()
    text, warnings = decode(raw, source.place)
    yield Article(
        place=source.place,
        name=source.name,
        text=text,
        raw=raw,
        extractor="plain text",
        format="text",
        warnings=warnings,
    )
