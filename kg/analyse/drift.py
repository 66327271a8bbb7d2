"""Drift: attributions lost on the way, hedges dropped, relays laundered away.

In: `Material`. Out: `Drift` values, each a pair of attributions that make one claim or report one
utterance, the fuller telling on the left, and what the other lost or gained. Pairs are found per
claim and utterance, never all with all. A drift is a difference between two texts; which of them
tells it right, and whether anyone meant it, is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.analyse.material import Material
from kg.analyse.variants import utterance_groups
from kg.analyse.wording import likeness
from kg.graph.rows import AttributionRow

__all__ = ["ALIKE", "FIRMNESS", "KINDS", "Drift", "drifts"]

KINDS = (
    "attribution-lost",
    "attribution-gained",
    "hedge-dropped",
    "hedge-added",
    "relay-lost",
)
"""What can be lost or gained between two texts."""

ALIKE = 0.5
"""Likeness of two wordings from which one may have the words from the other."""

FIRMNESS = {
    "certain": 3,
    "planned": 2,
    "probable": 2,
    "possible": 1,
    "conditional": 1,
    "hearsay": 1,
}
"""How firmly each modality puts a claim; only the order counts."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Two attributions of one thing that tell it differently.

    `order` is when `right` was published against `left`: `later`, `earlier`, `same-day` or
    `unknown`. `shared` is the claim (or utterance) both tell, and `note` says the difference.
    """

    kind: str
    shared: str
    left: AttributionRow
    right: AttributionRow
    order: str
    note: str


def drifts(
    material: Material, *, kinds: Sequence[str] = KINDS, alike: float = ALIKE
) -> list[Drift]:
    """Find every drift of the given kinds, sorted by kind and place.

    `alike` is the likeness of wording from which a telling without a relay counts as laundered.
    """
    found: dict[tuple[str, str, str], Drift] = {}
    for shared, every in _same_things(material):
        for rows in _by_polarity(material, shared, every):
            for item in (
                *_attribution(material, shared, rows),
                *_hedge(material, shared, rows),
                *_relay(material, shared, rows, alike),
            ):
                if item.kind in kinds:
                    found.setdefault((item.kind, item.left.iri, item.right.iri), item)
    return sorted(
        found.values(),
        key=lambda item: (KINDS.index(item.kind), item.left.identifier, item.right.identifier),
    )


def _by_polarity(
    material: Material, shared: str, rows: Sequence[AttributionRow]
) -> Iterator[list[AttributionRow]]:
    """Part who affirms from who denies: who denies a thing tells another thing.

    To affirm a narrower claim is to affirm the wider; to deny the narrower denies nothing wider,
    so denials of a claim are compared only with denials of that very claim.
    """
    denying = [row for row in rows if _denies(row)]
    yield [row for row in rows if not _denies(row)]
    if material.claim(shared) is not None:
        denying = [row for row in denying if shared in {claim.iri for claim in row.claims}]
    yield denying


def _denies(row: AttributionRow) -> bool:
    return row.polarity == "denied" or row.illocution == "denial"


def _same_things(material: Material) -> Iterator[tuple[str, list[AttributionRow]]]:
    """Give what several texts tell: each claim with what was judged the same, each utterance."""
    done: set[tuple[str, ...]] = set()
    for claim_iri, rows in [
        *((iri, _tellers(material, iri)) for iri in material.claim_iris),
        *(
            (group[0].utterance_iri or group[0].iri, list(group))
            for group in material.once(utterance_groups)[0]
        ),
    ]:
        key = tuple(sorted(row.iri for row in rows))
        if len({row.document_iri for row in rows}) > 1 and key not in done:
            done.add(key)
            yield claim_iri, sorted(rows, key=lambda row: _when(material, row))


def _tellers(material: Material, claim_iri: str) -> list[AttributionRow]:
    """Give who conveys a claim or one that entails it, affirmed or denied alike."""
    rows = {
        row.iri: row for iri in material.entailing(claim_iri) for row in material.conveying(iri)
    }
    return list(rows.values())


def _when(material: Material, row: AttributionRow) -> tuple[str, str, str]:
    return material.published(row)[0] or "9999", row.slug, row.iri


def _order(material: Material, left: AttributionRow, right: AttributionRow) -> str:
    first, last = material.published(left)
    other_first, other_last = material.published(right)
    if not (first and last and other_first and other_last):
        return "unknown"
    if last < other_first:
        return "later"
    if other_last < first:
        return "earlier"
    return "same-day" if first == last == other_first == other_last else "unknown"


def _attribution(
    material: Material, shared: str, rows: Sequence[AttributionRow]
) -> Iterator[Drift]:
    """Each telling in an outlet's own voice against the first text that names a speaker."""
    spoken = [row for row in rows if row.form != "authorial"]
    for own in rows:
        if own.form != "authorial":
            continue
        named = next((row for row in spoken if row.document_iri != own.document_iri), None)
        if named is None:
            continue
        order = _order(material, named, own)
        kind = "attribution-gained" if _said_first(material, own, named) else "attribution-lost"
        who = " + ".join(named.speakers) or named.unresolved or "an unnamed speaker"
        note = f"{who} says it in {named.slug}; {own.slug} says it in its own voice"
        yield Drift(kind, shared, named, own, order, note)


def _said_first(material: Material, own: AttributionRow, named: AttributionRow) -> bool:
    """Tell whether the own voice came before the words were said, or before any text had them.

    The day of speaking decides where it is known: who spoke on the 3rd was first, even in a text
    of the 4th. Otherwise the days of publication do.
    """
    said = material.utterances.get(named.utterance_iri)
    first, last = material.published(own)
    if said is not None and first and last:
        if said.earliest and last < said.earliest:
            return True
        if said.latest and said.latest <= first:
            return False
    return _order(material, named, own) == "earlier"


def _hedge(material: Material, shared: str, rows: Sequence[AttributionRow]) -> Iterator[Drift]:
    """Each firm telling against the least firm of another text, by its own speaker if there is."""
    hedged = sorted(
        (row for row in rows if _firmness(row) < 3),
        key=lambda row: (_firmness(row), _when(material, row)),
    )
    by_speaker: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in hedged:
        for iri in row.speaker_iris:
            by_speaker[iri].append(row)
    for firm in rows:
        if _firmness(firm) != 3:
            continue
        same = (row for iri in firm.speaker_iris for row in by_speaker[iri])
        soft = next(
            (row for row in chain(same, hedged) if row.document_iri != firm.document_iri), None
        )
        if soft is not None:
            order = _order(material, soft, firm)
            kind = "hedge-added" if order == "earlier" else "hedge-dropped"
            note = f"{_hedge_of(soft)} in {soft.slug}; certain in {firm.slug}"
            yield Drift(kind, shared, soft, firm, order, note)


def _firmness(row: AttributionRow) -> int:
    return min(FIRMNESS.get(row.modality, 3), FIRMNESS.get(row.reporter_modality, 3))


def _hedge_of(row: AttributionRow) -> str:
    parts = []
    if FIRMNESS.get(row.modality, 3) < 3:
        parts.append(f"{row.modality} (speaker)")
    if FIRMNESS.get(row.reporter_modality, 3) < 3:
        parts.append(f"{row.reporter_modality} (reporter)")
    return ", ".join(parts)


def _relay(
    material: Material, shared: str, rows: Sequence[AttributionRow], alike: float
) -> Iterator[Drift]:
    """Each telling without a relay against the first text that names one, if it may come after.

    Only where the words are alike too: a paper that was there needs no relay.
    """
    relayed = [row for row in rows if row.chain_iris]
    for bare in rows:
        if bare.chain_iris:
            continue
        # The rows stand in time: where the first relay elsewhere is too late, so are the others.
        full = next((row for row in relayed if row.document_iri != bare.document_iri), None)
        if full is None or full.language != bare.language:
            continue
        if likeness(full.quote, bare.quote) < alike:
            continue
        order = _order(material, full, bare)
        if order != "earlier":
            through = " ← ".join(full.chain)
            note = f"{full.slug} has it through {through}; {bare.slug} names no relay"
            yield Drift("relay-lost", shared, full, bare, order, note)
