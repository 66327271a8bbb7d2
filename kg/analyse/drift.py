"""Drift: attributions lost on the way, hedges dropped, relays laundered away.

In: `Material`. Out: `Drift` values, each a pair of attributions that make one claim or report one
utterance, the fuller telling on the left, and what the other lost or gained. Pairs are found per
claim and utterance, never all with all; `kg.analyse.lost` says which attributions are lost.
A drift is a difference between two texts; which of them tells it right, and whether anyone meant
it, is not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from kg.analyse.lost import came_before, denies, own_voices, speech_act, tellings
from kg.analyse.material import Material, window_of
from kg.analyse.variants import utterance_groups
from kg.analyse.wording import likeness
from kg.graph.rows import AttributionRow

__all__ = ["ALIKE", "FIRMNESS", "KINDS", "Drift", "drifts"]

KINDS = (
    "attribution-lost",
    "also-in-own-voice",
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


_FIRM = max(FIRMNESS.values())

_OPEN = frozenset({"commitment", "expectation"})
"""Speech acts that say how a thing shall be, not how it is."""

_LOOKED_AT = 40
"""Hedged tellings that one firm telling of an utterance is held against."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Two attributions of one thing that tell it differently.

    `order` is when `right` was published against `left`: `later`, `earlier`, `same-day` or
    `unknown`. `shared` is the IRI of the claim or utterance both tell, "" for an utterance that
    only judgements know as one; `note` says the difference.
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

    `alike` is the likeness of wording from which a telling without a relay counts as laundered,
    and from which two parts of one utterance count as one statement.
    """
    found: dict[tuple[str, str, str], Drift] = {}
    for item in (
        *_own_voices(material),
        *_of_claims(material, alike),
        *_of_utterances(material, alike),
    ):
        if item.kind in kinds:
            place = item.kind, item.left.iri, item.right.iri
            if place not in found or _says_both(item) > _says_both(found[place]):
                found[place] = item
    return sorted(
        found.values(),
        key=lambda item: (KINDS.index(item.kind), item.left.identifier, item.right.identifier),
    )


def _says_both(item: Drift) -> int:
    """Count the sides that make the shared claim itself, and not one that entails it."""
    return sum(
        item.shared in {claim.iri for claim in row.claims} for row in (item.left, item.right)
    )


def _own_voices(material: Material) -> Iterator[Drift]:
    """Each own voice beside who says it elsewhere; a promise told as a fact drops its hedge."""
    for item in material.once(own_voices):
        named, own = item.named, item.own
        who = " + ".join(named.speakers) or named.unresolved or "an unnamed speaker"
        note = f"{who} says it in {named.slug}; {own.slug} says it in its own voice"
        if item.is_lost:
            yield Drift("attribution-lost", item.claim, named, own, item.order, note)
            continue
        why = f"{note} ({item.why_not})"
        yield Drift("also-in-own-voice", item.claim, named, own, item.order, why)


def _of_claims(material: Material, alike: float) -> Iterator[Drift]:
    for claim in material.claim_iris:
        for rows in tellings(material, claim):
            if len({row.document_iri for row in rows}) > 1:
                yield from _hedge(material, claim, rows)
                yield from _promise(material, claim, rows)
                yield from _relay(material, claim, rows, alike)


def _of_utterances(material: Material, alike: float) -> Iterator[Drift]:
    """Each statement of an utterance: it may hold many, and those of other words are others."""
    for group in material.once(utterance_groups)[0]:
        if len({row.document_iri for row in group}) < 2:
            continue
        shared = next((row.utterance_iri for row in group if row.utterance_iri), "")
        for denied in (False, True):
            rows = sorted(
                (row for row in group if denies(row) == denied),
                key=lambda row: (material.published(row)[1] or "9999", row.slug, row.iri),
            )
            yield from _hedge(material, shared, rows, alike)
            yield from _relay(material, shared, rows, alike)


def _hedge(
    material: Material, shared: str, rows: Sequence[AttributionRow], alike: float = 0.0
) -> Iterator[Drift]:
    """Each firm telling against the least firm of another text, by its own speaker if there is.

    From `alike` on, if it is given, the words of both must be alike.
    """
    hedged = sorted((row for row in rows if _firmness(row) < _FIRM), key=_firmness)
    by_speaker: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in hedged:
        for iri in row.speaker_iris:
            by_speaker[iri].append(row)
    for firm in rows if hedged else ():
        if _firmness(firm) < _FIRM:
            continue
        same = (row for iri in firm.speaker_iris for row in by_speaker[iri])
        for soft in islice(chain(same, hedged), _LOOKED_AT):
            if _drops_hedge(material, shared, soft, firm) and (
                not alike or likeness(soft.quote, firm.quote) >= alike
            ):
                order = material.order(soft, firm)
                kind = "hedge-added" if came_before(material, soft, firm) else "hedge-dropped"
                note = f"{_hedge_of(soft)} in {soft.slug}; certain in {firm.slug}"
                yield Drift(kind, shared, soft, firm, order, note)
                break


def _drops_hedge(
    material: Material, shared: str, soft: AttributionRow, firm: AttributionRow
) -> bool:
    """Tell whether two tellings can be compared: two voices may differ, and time may pass.

    Without a speaker on both sides they can where one is an own voice and the dates say which text
    came first: an outlet may then have the other's words.
    """
    if soft.document_iri == firm.document_iri:
        return False
    if set(soft.speaker_iris).isdisjoint(firm.speaker_iris):
        if "authorial" not in (soft.form, firm.form):
            return False
        if soft.form == firm.form and material.order(soft, firm) == "unknown":
            return False
    return not _came_about(material, shared, soft, firm)


def _came_about(material: Material, claim: str, soft: AttributionRow, firm: AttributionRow) -> bool:
    """Tell whether a thing planned in one text may have come about when the other told it so.

    The day that the claim names decides; without one a plan may have by a later text, and a
    promise is not taken as kept.
    """
    hedges = {soft.modality, soft.reporter_modality} - {"", "certain"}
    if hedges - {"planned"} or (soft.utterance_iri and soft.utterance_iri == firm.utterance_iri):
        return False
    order, told = material.order(soft, firm), material.published(firm)[1]
    day = _first_day(material, claim)
    if day and told:
        return day <= told and order != "earlier"
    return order == "later" and soft.illocution not in _OPEN


def _first_day(material: Material, claim_iri: str) -> str:
    """Give the first day on which what a claim says may be so, "" where it names none."""
    claim, fact = material.claim(claim_iri), material.claims.get(claim_iri)
    when = dict(fact.qualifiers).get("when", "") if fact else ""
    if claim is not None and not when:
        declared = material.predicates.get(claim.predicate_iri)
        when = claim.object if declared is not None and declared.kind == "date" else ""
    return window_of(when)[0]


def _promise(material: Material, claim: str, rows: Sequence[AttributionRow]) -> Iterator[Drift]:
    """Each own voice that states as so what a speaker of another text promised or expected."""
    open_acts = [row for row in rows if row.illocution in _OPEN and row.form != "authorial"]
    for own in rows if open_acts else ():
        if own.form != "authorial" or speech_act(own) != "statement" or _firmness(own) < _FIRM:
            continue
        for soft in islice(open_acts, _LOOKED_AT):
            if soft.document_iri != own.document_iri and not _came_about(
                material, claim, soft, own
            ):
                order = material.order(soft, own)
                kind = "hedge-added" if came_before(material, soft, own) else "hedge-dropped"
                note = f"{soft.illocution} (speaker) in {soft.slug}; a fact in {own.slug}"
                yield Drift(kind, claim, soft, own, order, note)
                break


def _firmness(row: AttributionRow) -> int:
    return min(FIRMNESS.get(row.modality, _FIRM), FIRMNESS.get(row.reporter_modality, _FIRM))


def _hedge_of(row: AttributionRow) -> str:
    parts = []
    if FIRMNESS.get(row.modality, _FIRM) < _FIRM:
        parts.append(f"{row.modality} (speaker)")
    if FIRMNESS.get(row.reporter_modality, _FIRM) < _FIRM:
        parts.append(f"{row.reporter_modality} (reporter)")
    return ", ".join(parts)


def _relay(
    material: Material, shared: str, rows: Sequence[AttributionRow], alike: float
) -> Iterator[Drift]:
    """Each telling without a relay against the first text that names one, if it may come after.

    Only where the words are alike too: a paper that was there needs no relay.
    """
    relayed = [row for row in rows if row.chain_iris]
    for bare in rows if relayed else ():
        if bare.chain_iris:
            continue
        # The rows stand in time: where the first relay elsewhere is too late, so are the others.
        full = next((row for row in relayed if row.document_iri != bare.document_iri), None)
        if full is None or full.language != bare.language:
            continue
        if likeness(full.quote, bare.quote) < alike:
            continue
        order = material.order(full, bare)
        start, end = material.published(full)[0], material.published(bare)[1]
        too_early = order == "unknown" and start and end and end <= start
        if not too_early and not came_before(material, full, bare):
            through = " ← ".join(full.chain)
            note = f"{full.slug} has it through {through}; {bare.slug} names no relay"
            yield Drift("relay-lost", shared, full, bare, order, note)
