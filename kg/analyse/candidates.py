"""Pairs of attributions that may report one utterance: found by index, scored, never merged.

In: rows, thresholds. Out: `Candidate` values with the reasons for their score, best first.
Near-linear: pairs meet only through a shared claim, rare word or anchor, never all with all.
A candidate is a question to a person; only judgements and records make an utterance.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kg.analyse.material import Material
from kg.analyse.variants import utterance_groups
from kg.analyse.wording import anchors, likeness, stems
from kg.graph.rows import AttributionRow

__all__ = ["CUT", "DAYS_APART", "Candidate", "candidates", "compatible_days", "score"]

CUT = 0.45
"""Score from which a pair is shown; see docs/readings.md for what it was measured on."""

DAYS_APART = 3
"""Two dated utterances further apart than this are two utterances."""

_CROWD = 40
"""An index entry that more attributions share says nothing, and is not followed pair by pair."""

_WORDS = 48
"""Words under which an attribution stands beside its speaker, rarest first."""

_RAREST = 4
"""Words under which it also meets other speakers."""

_NEIGHBOURS = 4
"""In a crowd of one speaker or claim, each still meets this many that follow it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be one utterance: its score from 0 to 1 and what speaks for it.

    `left` and `right` are IRIs, `left` < `right`; `translated` tells that the languages differ.
    """

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]
    translated: bool


def candidates(
    material: Material,
    *,
    cut: float = CUT,
    days_apart: int = DAYS_APART,
    across_documents: bool = True,
) -> list[Candidate]:
    """Find the pairs that score `cut` or more, and that nobody has decided.

    A pair of one utterance, or judged to be none, is decided for good, and so is one with a
    positive judgement of any kind; an unsure one is not.

    With `across_documents` pairs within one text are left out too: there, a text repeats itself.
    The outlet's own voice is no utterance and never a candidate.
    """
    rows = [row for row in material.rows if row.form != "authorial"]
    rarity = _rarity(rows)
    decided = material.once(_decided)
    found = []
    for left, right in _meetings(rows, rarity):
        if across_documents and left.document_iri == right.document_iri:
            continue
        if decided.together[left.iri] == decided.together[right.iri]:
            continue
        if frozenset((left.iri, right.iri)) in decided.judged:
            continue
        value, reasons = score(material, left, right, rarity=rarity, days_apart=days_apart)
        if value >= cut:
            first, second = sorted((left.iri, right.iri))
            other = bool(left.language and right.language and left.language != right.language)
            found.append(Candidate(first, second, round(value, 3), reasons, other))
    return sorted(found, key=lambda item: (-item.score, item.left, item.right))


class _Decided(NamedTuple):
    """What nobody needs to ask: the utterance each row is put in, and the pairs judged."""

    together: dict[str, int]
    judged: frozenset[frozenset[str]]


def _decided(material: Material) -> _Decided:
    groups, judged, _ = material.once(utterance_groups)
    together = {row.iri: place for place, group in enumerate(groups) for row in group}
    pairs = {frozenset((item.left, item.right)) for item in judged if item.verdict != "unsure"}
    pairs.update(frozenset((item.left, item.right)) for item in material.standing)
    return _Decided(together, frozenset(pairs))


def score(
    material: Material,
    left: AttributionRow,
    right: AttributionRow,
    *,
    rarity: Counter[str],
    days_apart: int = DAYS_APART,
) -> tuple[float, tuple[str, ...]]:
    """Score one pair from its speaker, days, claims and words, and say what counted.

    Two different named people never score; a state and its minister may (one can stand for the
    other); an unnamed speaker may be anyone, which counts for less than the same name.
    """
    speaker = _speaker_factor(material, left, right)
    if not speaker or not compatible_days(material, left, right, days_apart):
        return 0.0, ()
    reasons = ["same speaker" if speaker == 1.0 else "speaker may be the same"]
    shared = {claim.iri for claim in left.claims} & {claim.iri for claim in right.claims}
    claims = len(shared) / max(min(len(left.claims), len(right.claims)), 1)
    words = _words_in_common(left.quote, right.quote, rarity)
    if shared:
        reasons.append(f"{len(shared)} claim{'s' if len(shared) > 1 else ''} in common")
    if words >= 0.35:
        reasons.append(f"wording {words:.2f}")
    if left.language != right.language and left.language and right.language:
        kept = anchors(left.quote) & anchors(right.quote)
        words = max(words, 0.25 * len(kept)) if kept else words
        if kept:
            reasons.append(f"names and numbers in common: {', '.join(sorted(kept))}")
    told = material.utterances.get(left.utterance_iri), material.utterances.get(right.utterance_iri)
    if told[0] and told[1] and told[0].event and told[0].event == told[1].event:
        reasons.append("same event")
        words += 0.05
    value = max(min(words, 1.0), 0.9 * claims, min(1.0, words + 0.5 * claims))
    return speaker * min(value, 1.0), tuple(reasons)


def _speaker_factor(material: Material, left: AttributionRow, right: AttributionRow) -> float:
    ours, theirs = set(left.speaker_iris), set(right.speaker_iris)
    if ours & theirs:
        return 1.0
    if not ours or not theirs:
        return 0.8
    for person, other in ((ours, theirs), (theirs, ours)):
        if any(set(material.affiliations.get(iri, ())) & other for iri in person):
            return 0.9
    return 0.0


def compatible_days(
    material: Material, left: AttributionRow, right: AttributionRow, days_apart: int
) -> bool:
    """Tell whether the two could have been said within `days_apart` days; unknown days could."""
    (first, last), (other_first, other_last) = material.spoken(left), material.spoken(right)
    return _not_after(first, other_last, days_apart) and _not_after(other_first, last, days_apart)


def _not_after(start: str, end: str, days: int) -> bool:
    if not start or not end:
        return True
    return (date.fromisoformat(start) - date.fromisoformat(end)).days <= days


def _rarity(rows: Iterable[AttributionRow]) -> Counter[str]:
    """Count in how many attributions each stem stands."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(set(stems(row.quote)))
    return counts


def _words_in_common(left: str, right: str, rarity: Counter[str]) -> float:
    """Weigh the rare stems in common against those of the shorter quote, beside likeness."""
    ours, theirs = set(stems(left)), set(stems(right))
    smaller = ours if len(ours) <= len(theirs) else theirs

    def weight(stem: str) -> float:
        return (len(stem) if stem.isalpha() else 6) / math.sqrt(1 + rarity[stem])

    # A quote of two or three words is too short to prove itself: it counts in part.
    whole = sum(weight(stem) for stem in smaller) or 1.0
    share = sum(weight(stem) for stem in ours & theirs) / whole
    short = min(1.0, len(smaller) / 5)
    return (0.6 * share + 0.4 * likeness(left, right)) * (0.5 + 0.5 * short)


def _meetings(
    rows: Sequence[AttributionRow], rarity: Counter[str]
) -> Iterator[tuple[AttributionRow, AttributionRow]]:
    """Give each pair that shares a claim, or a speaker and a rare word, once."""
    index = _index(rows, rarity)
    met: set[tuple[int, int]] = set()
    for key in sorted(index):
        places = index[key]
        crowd = 0 if key[0] == "rare" else _NEIGHBOURS
        reach = len(places) if len(places) <= _CROWD else crowd
        for position, place in enumerate(places):
            met.update((place, other) for other in places[position + 1 : position + 1 + reach])
    for place, other in sorted(met):
        yield rows[place], rows[other]


def _index(
    rows: Sequence[AttributionRow], rarity: Counter[str]
) -> defaultdict[tuple[str, ...], list[int]]:
    """Say under which claims, words of a speaker and very rare words each row stands."""
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        for iri in sorted({claim.iri for claim in row.claims}):
            index["claim", iri].append(place)
        rare = sorted(
            {stem for stem in stems(row.quote) if len(stem) > 3 or stem.isdigit()},
            key=lambda stem: (rarity[stem], stem),
        )
        speakers = sorted(set(row.speaker_iris)) or [""]
        for stem in rare[:_WORDS]:
            for speaker in speakers:
                index["word", stem, speaker].append(place)
        for stem in rare[:_RAREST]:
            index["rare", stem].append(place)
    return index
