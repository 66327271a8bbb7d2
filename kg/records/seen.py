"""What was seen of the texts that records speak of, and hashes that only seem to have none.

In: a loaded collection and texts at hand. Out: counts, and findings at the record's line.
Whether each quote stands in its text is `kg.records.verify`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.model import Finding, Level, Record
from kg.records.load import Loaded, Location
from kg.records.texts import HeldText

__all__ = ["count_seen", "mistaken_hashes", "unheld"]

_UNVERIFIED = frozenset({"quote-differs", "offsets-outside-text", "unfit-offsets", "not-anchored"})
"""Findings after which a quote does not count as verified."""


def unheld(loaded: Loaded, texts: Mapping[str, str]) -> list[Record]:
    """Give the records whose text is not held."""
    return [item for item in loaded.collection.records if item.document.sha256 not in texts]


def mistaken_hashes(
    records: Iterable[Record],
    others: Iterable[tuple[str, HeldText]],
    locations: Mapping[str, Location],
) -> list[Finding]:
    """Find records whose hash nothing has, while a text at hand says all that they quote.

    Args:
        records: those whose text is not held.
        others: texts at hand that no record names, with their SHA-256.
        locations: where each record stands.
    """
    by_length: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        if any(attribution.quotes for attribution in record.attributions):
            by_length[record.document.characters].append(record)
    findings: list[Finding] = []
    for digest, held in others:
        for record in by_length.get(len(held.text), ()):
            if not _says_all(record, held.text):
                continue
            message = (
                f"no text at hand has the SHA-256 {record.document.sha256[:12]}…, but "
                f"{held.path.name} has its length and every quote at its place; "
                f"write `sha256: {digest}`"
            )
            findings.append(_finding(record, message, locations))
    return sorted(findings)


def _says_all(record: Record, text: str) -> bool:
    return all(
        text[span.start : span.end] == words
        for attribution in record.attributions
        for words, span in zip(attribution.quotes, attribution.spans, strict=False)
    )


def count_seen(
    loaded: Loaded, texts: Mapping[str, str], findings: Iterable[Finding]
) -> tuple[int, int, int, int]:
    """Count quotes verified and all quotes, texts held and all texts.

    A quote counts as verified where its text is held and no finding speaks of its attribution's
    words or their place.
    """
    faulty = {item.subject for item in findings if item.code in _UNVERIFIED}
    seen = every = 0
    for record in loaded.collection.records:
        held = record.document.sha256 in texts
        for attribution in record.attributions:
            every += len(attribution.quotes)
            if held and f"{record.slug}#{attribution.id}" not in faulty:
                seen += len(attribution.quotes)
    records = loaded.collection.records
    return seen, every, len(records) - len(unheld(loaded, texts)), len(records)


def _finding(record: Record, message: str, locations: Mapping[str, Location]) -> Finding:
    place = locations.get(record.slug, Location(record.slug, 0))
    return Finding(place.path, place.line, Level.ERROR, "mistaken-hash", message, record.slug)
