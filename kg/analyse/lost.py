"""Attribution lost: what one text gives to a speaker, and another outlet states as its own.

In: `Material`. Out: `OwnVoice` values, each an own voice beside a text that names who says it, with
the reason why that is no loss, or none where it is one. This is the one rule: `kg drift`, the
derived graph, `kg query attribution-lost` and the picture all go by it.
Of bare rows, without registries and alignments, it sees every loss but those told by entailment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.analyse.material import Material
from kg.graph.rows import AttributionRow

__all__ = [
    "OwnVoice",
    "came_before",
    "denies",
    "lost_attributions",
    "own_voices",
    "speech_act",
    "tellings",
]

_STATING = frozenset({"assertion", "announcement", "evaluation", "denial"})
"""What puts a thing forward as being so; any other speech act is alike only to itself."""

_MEDIA = frozenset({"article", "broadcast", "agency"})
"""Kinds of cited source whose publisher is a medium."""


@dataclass(frozen=True, slots=True)
class OwnVoice:
    """An outlet that states in its own voice what another text gives to a speaker.

    `claim` is the IRI of what the own voice states; `named` says it, or what entails it. `order` is
    when `own` was published against `named`. `why_not` is "" where the attribution is lost.
    """

    claim: str
    named: AttributionRow
    own: AttributionRow
    order: str
    why_not: str

    @property
    def is_lost(self) -> bool:
        """Whether the attribution is lost, and not only told elsewhere too."""
        return not self.why_not


def lost_attributions(material: Material) -> list[OwnVoice]:
    """Find every lost attribution, sorted by claim and place; one a claim and own voice.

    It is lost where the speaker is known (by name or by role) and no medium, the outlet is another
    and surely no earlier than the words or the text that names their speaker, its text credits the
    claim to nobody, and both affirm or both deny it as the same kind of speech act: a promise told
    as a fact is a hedge dropped.

    >>> lost_attributions(Material(base="https://example.org/id/", rows=()))
    []
    """
    return [item for item in own_voices(material) if item.is_lost]


def own_voices(material: Material) -> list[OwnVoice]:
    """Put each telling in an outlet's own voice beside a text that gives it to somebody."""
    return [
        item
        for claim in material.claim_iris
        for rows in tellings(material, claim)
        for item in _of_claim(material, claim, rows)
    ]


def tellings(material: Material, claim: str) -> tuple[list[AttributionRow], list[AttributionRow]]:
    """Give who affirms a claim, or one that entails it, and who denies it, each in time.

    To affirm a narrower claim is to affirm the wider; to deny the narrower denies nothing wider.
    """
    every = {row.iri: row for iri in material.entailing(claim) for row in material.conveying(iri)}
    rows = sorted(every.values(), key=lambda row: _when(material, row))
    denying = {row.iri for row in material.conveying(claim) if denies(row)}
    return [row for row in rows if not denies(row)], [row for row in rows if row.iri in denying]


def denies(row: AttributionRow) -> bool:
    """Tell whether an attribution denies its claims, by its polarity or its speech act."""
    return row.polarity == "denied" or row.illocution == "denial"


def speech_act(row: AttributionRow) -> str:
    """Give the kind of speech act: everything that states a thing as being so is one kind."""
    return "statement" if row.illocution in _STATING else row.illocution


def _when(material: Material, row: AttributionRow) -> tuple[str, str, str]:
    """Sort by the last day on which a text can have appeared: the surest dates first."""
    return material.published(row)[1] or "9999", row.slug, row.iri


def _of_claim(material: Material, claim: str, rows: Sequence[AttributionRow]) -> Iterator[OwnVoice]:
    spoken = [row for row in rows if row.form != "authorial"]
    if not spoken or len(spoken) == len(rows):
        return
    stating = {row.iri for row in material.conveying(claim)}
    crediting = {row.document_iri for row in rows if row.form != "authorial" or row.chain_iris}
    media = material.once(_media)
    known = [row for row in spoken if set(row.speaker_iris) - media]
    alike: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in known:
        alike[speech_act(row)].append(row)
    for own in rows:
        if own.form != "authorial" or own.iri not in stating:
            continue
        credited = own.document_iri in crediting
        models = () if credited else alike[speech_act(own)]
        named = next((row for row in models if _may_be_model(material, row, own)), None)
        if named is not None:
            yield OwnVoice(claim, named, own, material.order(named, own), "")
            continue
        others = (row for row in (*known, *spoken) if row.document_iri != own.document_iri)
        named = next(others, None)
        if named is not None:
            why = _why_not(material, named, own, credited=credited)
            yield OwnVoice(claim, named, own, material.order(named, own), why)


def _may_be_model(material: Material, named: AttributionRow, own: AttributionRow) -> bool:
    return (
        named.outlet_iri != own.outlet_iri
        and named.document_iri != own.document_iri
        and not came_before(material, named, own)
    )


def _media(material: Material) -> frozenset[str]:
    """Name the agents who are media: what they report in their own voice is nobody's words."""
    behind = {fact.publisher for fact in material.sources.values() if fact.kind in _MEDIA}
    return frozenset({*behind, *material.outlet_agents.values()} - {""})


def came_before(material: Material, named: AttributionRow, own: AttributionRow) -> bool:
    """Tell whether one telling was in print before the other text was, or before it was said."""
    said, printed = material.spoken(named)[0], material.published(own)[1]
    return bool(said and printed and printed < said) or material.order(named, own) == "earlier"


def _why_not(
    material: Material, named: AttributionRow, own: AttributionRow, *, credited: bool
) -> str:
    if credited:
        return "its text says from whom it has it"
    if not named.speaker_iris:
        return "nobody could tell who speaks"
    if material.once(_media).issuperset(named.speaker_iris):
        return "a medium's own report"
    if named.outlet_iri == own.outlet_iri:
        return "one outlet"
    if came_before(material, named, own):
        return "published before"
    return f"{named.illocution} there, {own.illocution} here"
