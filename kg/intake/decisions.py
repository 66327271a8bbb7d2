"""The history beside a record: every proposal as made, every decision with who, when and what.

In: lines to add. Out: what was proposed, and what stands. Only added to; nothing is ever taken out
or changed. The decisions themselves stand in the record's `reviews`: this file keeps what a record
does not, the machine's proposal and the state before and after each edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.model import Attribution, Decision, Review, RunKind, content_id
from kg.project import write_atomically
from kg.records.encode import Plain

__all__ = ["append_history", "digest_of", "read_history", "standing"]

_DECIDING = frozenset({Decision.ACCEPTED, Decision.REJECTED, Decision.EDITED})


def standing(reviews: Iterable[Review], attribution: str) -> Review | None:
    """Give the decision that stands for an attribution, or nothing.

    The rules are those by which the graph derives the review status: only people's decisions
    count, the last one holds, a skip decides nothing, `undone` takes back the last that stands.
    """
    decided: list[Review] = []
    for review in reviews:
        if review.attribution != attribution or review.kind is not RunKind.PERSON:
            continue
        if review.decision is Decision.UNDONE:
            del decided[-1:]
        elif review.decision in _DECIDING:
            decided.append(review)
    return decided[-1] if decided else None


def digest_of(attribution: Attribution) -> str:
    """Name what a decision was about: words, places, speaker, form, chain, claims.

    Confidence, run, note and context are left out: they may change under a decision that stands.
    """
    places = ";".join(f"{start}-{end}" for start, end in attribution.spans)
    return content_id(
        "decided",
        "|".join(attribution.quotes),
        places,
        "+".join(attribution.speakers) or attribution.unresolved,
        attribution.form,
        attribution.polarity,
        attribution.modality,
        attribution.illocution,
        ">".join(attribution.chain),
        "|".join(claim.line for claim in attribution.claims),
    )


def read_history(path: Path, slug: str = "") -> list[Plain]:
    """Read the lines of a history; one that cannot be read is passed over, the rest still stand."""
    try:
        content = path.read_bytes()
    except OSError:
        return []
    found: list[Plain] = []
    for line in content.splitlines():
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(item, dict) and (not slug or item.get("slug", slug) == slug):
            found.append(item)
    return found


def append_history(path: Path, line: Mapping[str, object]) -> None:
    """Add one line; the file is written whole, so that none is ever cut."""
    before = path.read_bytes() if path.is_file() else b""
    end = b"" if not before or before.endswith(b"\n") else b"\n"
    added = json.dumps(line, ensure_ascii=False).encode("utf-8")
    write_atomically(path, before + end + added + b"\n")
