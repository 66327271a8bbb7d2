"""The readings as pages need them: of one claim, utterance, speaker or link, never of everything.

In: a view and an IRI. Out: what `kg.analyse` finds in the attributions that can matter to it.
Those are fetched here: what conveys the claim or one that entails it, what reports the same
utterance, what is said of the same things. Each number states how much was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.analyse.chains import Way, ways
from kg.analyse.conflicts import Conflict, conflicts
from kg.analyse.drift import Drift, drifts
from kg.analyse.material import Material
from kg.analyse.origins import OriginReading, origins
from kg.analyse.variants import UtteranceVariants, variants
from kg.graph.rows import AttributionRow
from kg.serve.index import Narrowing
from kg.serve.view import View

__all__ = [
    "MOST",
    "ClaimReading",
    "claim_reading",
    "rows_reading",
    "utterance_reading",
]

MOST = 250
"""Attributions that one reading of a page looks at."""
_NEAR_CLAIMS = 100
_EACH = 6


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """What is read around some attributions; `of` counts those it was read from."""

    origins: OriginReading | None
    utterances: tuple[UtteranceVariants, ...]
    conflicts: tuple[Conflict, ...]
    drifts: tuple[Drift, ...]
    ways: tuple[Way, ...]
    of: int


def claim_reading(view: View, iri: str) -> ClaimReading:
    """Read origins, wordings, conflicts, drift and chains of one claim."""
    return view.shelf.once(("claim", iri, view.language), lambda: _claim_reading(view, iri))


def _claim_reading(view: View, iri: str) -> ClaimReading:
    index, language = view.shelf.index, view.language
    bare = view.shelf.material((), language)
    rows: list[AttributionRow] = []
    known: set[str] = set()
    # Links between attributions may tie further claims; their texts are known only then.
    counted = bare.entailing(iri)
    while counted.keys() - known:
        for other in sorted(counted.keys() - known, key=lambda other: (other != iri, other)):
            rows += index.rows(Narrowing(claim=other), language, limit=max(MOST - len(rows), 0))
        known.update(counted)
        rows += _aligned(view, bare, rows)
        counted = view.shelf.material(rows, language).entailing(iri)
    told = [*rows, *_of_utterances(view, rows)]
    claim = index.claim(iri)
    near = index.claims_about([claim.subject_iri, claim.object], _NEAR_CLAIMS) if claim else []
    wide = [*told, *index.rows_conveying(near, language, each=_EACH)]
    material = view.shelf.material(told, language)
    wider = view.shelf.material(wide, language)
    inside = {row.iri for row in rows}
    return ClaimReading(
        origins=origins(material, iri),
        utterances=_touching(material, inside),
        conflicts=tuple(conflicts(wider, claim=iri)),
        drifts=tuple(
            item for item in drifts(material) if item.left.iri in inside or item.right.iri in inside
        ),
        ways=tuple(way for way in ways(material) if way.row.iri in inside),
        of=len(inside),
    )


def utterance_reading(view: View, iri: str) -> ClaimReading:
    """Read the wordings of one utterance, and what differs between them."""

    def read() -> ClaimReading:
        rows = view.shelf.index.rows(Narrowing(utterance=iri), view.language, limit=MOST)
        bare = view.shelf.material((), view.language)
        told = [*rows, *_aligned(view, bare, rows)]
        material = view.shelf.material(told, view.language)
        return ClaimReading(
            origins=None,
            utterances=variants(material, utterance=iri).utterances,
            conflicts=(),
            drifts=tuple(drifts(material)),
            ways=tuple(ways(material)),
            of=len(rows),
        )

    return view.shelf.once(("utterance", iri, view.language), read)


def rows_reading(
    view: View, key: str, rows: Sequence[AttributionRow], *, with_conflicts: bool = True
) -> ClaimReading:
    """Read wordings, conflicts, drift and chains around some attributions, as of one speaker."""

    def read() -> ClaimReading:
        told = [*rows[:MOST], *_of_utterances(view, rows[:MOST])]
        near: list[AttributionRow] = []
        if with_conflicts:
            claims = sorted({claim.iri for row in rows[:MOST] for claim in row.claims})
            subjects = {claim.subject_iri for row in rows[:MOST] for claim in row.claims}
            index = view.shelf.index
            near = index.rows_conveying(claims[:_NEAR_CLAIMS], view.language, each=_EACH)
            about = index.claims_about(sorted(subjects)[:20], _NEAR_CLAIMS)
            near += index.rows_conveying(about, view.language, each=_EACH)
        material = view.shelf.material([*told, *near], view.language)
        inside = {row.iri for row in rows}
        touching = (
            item
            for item in (conflicts(material) if with_conflicts else ())
            if inside & {row.iri for row in (*item.left, *item.right)}
        )
        return ClaimReading(
            origins=None,
            utterances=_touching(material, inside),
            conflicts=tuple(touching),
            drifts=tuple(
                item
                for item in drifts(material)
                if item.left.iri in inside or item.right.iri in inside
            ),
            ways=tuple(way for way in ways(material) if way.row.iri in inside),
            of=min(len(rows), MOST),
        )

    return view.shelf.once(("rows", key, view.language), read)


def _touching(material: Material, inside: set[str]) -> tuple[UtteranceVariants, ...]:
    return tuple(
        item for item in variants(material).utterances if inside & {row.iri for row in item.rows}
    )


def _aligned(view: View, bare: Material, rows: Iterable[AttributionRow]) -> list[AttributionRow]:
    """Fetch the attributions that judgements tie to these."""
    here = {row.iri for row in rows}
    others = {
        other
        for item in bare.alignments
        for one, other in ((item.left, item.right), (item.right, item.left))
        if one in here and other not in here and "/attribution/" in other
    }
    return view.shelf.index.rows_of(others, view.language)


def _of_utterances(view: View, rows: Iterable[AttributionRow]) -> list[AttributionRow]:
    told = sorted({row.utterance_iri for row in rows if row.utterance_iri})
    found: list[AttributionRow] = []
    for iri in told[:60]:
        found += view.shelf.index.rows(Narrowing(utterance=iri), view.language, limit=60)
    return found
