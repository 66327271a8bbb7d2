"""Origins: how many independent origins stand behind a claim, as an interval that says why.

In: `Material` and a claim. Out: texts, outlets, families, utterances and speakers, counted apart,
and the groups of attributions of one origin, with the reason for each merge and each doubt.
`high` joins what is known to be one, `low` also what may be one. Attestation (texts that report it)
and endorsement (speakers who say it) are different counts. Says nothing of whether the claim holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from kg.analyse.judgements import SAMENESS, Groups, PairJudgement, judge_pairs
from kg.analyse.material import AlignmentFact, Material
from kg.analyse.reasons import reason_in
from kg.analyse.variants import utterance_groups
from kg.graph.rows import AttributionRow
from kg.model import content_id

__all__ = [
    "Interval",
    "Origin",
    "OriginReading",
    "Reason",
    "SharedIndex",
    "SharedWording",
    "origins",
]


class Interval(NamedTuple):
    """At least `low`, at most `high`; equal where the data leave no doubt."""

    low: int
    high: int

    def __str__(self) -> str:
        """Give `2` or `1–3`."""
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"


class SharedWording(NamedTuple):
    """Two attributions whose texts share wording, as `kg.analyse.reuse` found it."""

    left: str
    right: str
    note: str


SharedIndex = Mapping[str, Sequence[SharedWording]]
"""Pairs whose texts share wording, by the IRI of the left one."""

_HEARD = 40
"""Tellings, the first in time, among which an own voice's model is looked for."""

_NONE_SHARED: SharedIndex = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why two attributions are, or may be, of one origin.

    `kind` is one of: same-utterance, same-speaker, same-relay, same-source, same-outlet,
    same-family, same-echo (merges); may-speak-for, same-relay-other-speaker, shared-wording,
    unidentified-outlet, unresolved-speaker, unsure-judgement, may-repeat, same-event (doubts).
    """

    kind: str
    left: str
    right: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Attributions known to go back to one origin, and the merges that say so.

    `iri` comes from the claim and the attributions, and names the group in the derived graph.
    """

    iri: str
    name: str
    identifiers: tuple[str, ...]
    merges: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class OriginReading:
    """Everything counted for one claim; `texts` and the rest are never added up.

    `conveying` maps each claim counted (this one and those that entail it) to its label;
    `denying` names attributions that deny the claim itself: they are counted nowhere else.
    """

    claim_iri: str
    claim: str
    conveying: tuple[tuple[str, str], ...]
    texts: int
    outlets: Interval
    families: Interval
    utterances: Interval
    speakers: Interval
    independent: Interval
    attested_by: tuple[str, ...]
    endorsed_by: tuple[str, ...]
    own_voice: tuple[str, ...]
    groups: tuple[Origin, ...]
    doubts: tuple[Reason, ...]
    denying: tuple[str, ...]


def origins(
    material: Material, claim_iri: str, *, shared: SharedIndex = _NONE_SHARED
) -> OriginReading:
    """Read the origins of a claim, counting every claim that entails it.

    `shared` gives, by the left one, pairs of attributions whose texts share wording; without texts
    there are none, and the interval says only what the records say.
    """
    counted = material.entailing(claim_iri)
    every = {row.iri: row for iri in counted for row in material.conveying(iri)}
    rows = sorted(every.values(), key=lambda row: (row.slug, row.spans, row.iri))
    # Who denies a narrower claim denies nothing of this one.
    denying = [row for row in material.conveying(claim_iri) if row.polarity == "denied"]
    rows = [row for row in rows if row.polarity != "denied"]
    groups = Groups()
    for row in rows:
        groups.add(row.iri)
    merges = sorted(set(_merges(material, rows)))
    for reason in merges:
        groups.join(reason.left, reason.right)
    certain = groups.sets() if rows else []
    open_doubts = [
        reason
        for reason in sorted(set(_doubts(material, rows, shared)))
        if groups.find(reason.left) != groups.find(reason.right)
    ]
    for reason in open_doubts:
        groups.join(reason.left, reason.right)
    low = len(groups.sets()) if rows else 0
    names = {row.iri: row.identifier for row in rows}
    return OriginReading(
        claim_iri=claim_iri,
        claim=material.label(claim_iri),
        conveying=tuple(sorted((iri, material.label(iri)) for iri in counted)),
        texts=len({row.document_iri for row in rows}),
        outlets=_outlets(rows, {}),
        families=_outlets(rows, material.families),
        utterances=_utterances(material, rows),
        speakers=_speakers(rows),
        independent=Interval(low, len(certain)),
        attested_by=tuple(sorted({row.outlet or "unidentified outlet" for row in rows})),
        endorsed_by=tuple(sorted({name for row in _spoken(rows) for name in row.speakers})),
        own_voice=tuple(row.identifier for row in rows if row.form == "authorial"),
        groups=tuple(
            _origin(material, members, every, merges, names, claim=claim_iri) for members in certain
        ),
        doubts=tuple(_named(reason, names) for reason in open_doubts),
        denying=tuple(row.identifier for row in denying),
    )


def _open_judgements(material: Material) -> dict[str, list[PairJudgement]]:
    """Index by their left side the pairs that nobody decided."""
    found: defaultdict[str, list[PairJudgement]] = defaultdict(list)
    for verdict in judge_pairs(material.alignments, [*SAMENESS, "same-claim"]).values():
        if verdict.verdict in ("unsure", "disputed"):
            found[verdict.left].append(verdict)
    return found


def _utterance_of(material: Material) -> dict[str, tuple[int, bool]]:
    """Number the utterance each attribution reports; tell whether the records know it as one."""
    found = {}
    for number, group in enumerate(material.once(utterance_groups)[0]):
        told = len(group) > 1 or bool(group[0].utterance_iri)
        for row in group:
            found[row.iri] = number, told
    return found


def _reason(kind: str, one: str, other: str, text: str) -> Reason:
    left, right = sorted((one, other))
    return Reason(kind, left, right, text)


def _spoken(rows: Sequence[AttributionRow]) -> list[AttributionRow]:
    return [row for row in rows if row.form != "authorial"]


def _star(rows: Sequence[AttributionRow], kind: str, text: str) -> Iterator[Reason]:
    """Tie each row to the first: as many reasons as rows, not as pairs of rows."""
    for row in rows[1:]:
        yield _reason(kind, rows[0].iri, row.iri, text)


def _merges(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    spoken, tell = _spoken(rows), partial(reason_in, material.language)
    numbers = material.once(_utterance_of)
    by_utterance: defaultdict[int, list[AttributionRow]] = defaultdict(list)
    for row in spoken:
        by_utterance[numbers[row.iri][0]].append(row)
    for number in sorted(by_utterance):
        first = by_utterance[number][0]
        label = first.utterance or material.label(first.utterance_iri) or first.quote[:60]
        text = tell("same-utterance", label=label)
        yield from _star(by_utterance[number], "same-utterance", text)
    by_speaker: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    nameless: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in spoken:
        for iri in row.speaker_iris:
            by_speaker[iri].append(row)
        if not row.speaker_iris and row.chain_iris:
            nameless[row.chain_iris[-1]].append(row)
    for iri in sorted(by_speaker):
        text = tell("same-speaker", label=material.label(iri))
        yield from _star(by_speaker[iri], "same-speaker", text)
    for iri in sorted(nameless):
        text = tell("same-relay", label=material.label(iri))
        yield from _star(nameless[iri], "same-relay", text)
    yield from _own_voice_merges(material, rows)
    yield from _echo_merges(material, rows)


def _own_voice_merges(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    by_source: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    by_family: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in rows:
        if row.form != "authorial":
            continue
        if row.chain_iris:
            source = material.sources.get(row.chain_iris[-1])
            by_source[(source.publisher if source else "") or row.chain_iris[-1]].append(row)
        else:
            by_family[material.family(row.outlet_iri)].append(row)
    for iri in sorted(by_source):
        text = reason_in(material.language, "same-source", label=material.label(iri))
        yield from _star(by_source[iri], "same-source", text)
    for iri in sorted(by_family):
        one_outlet = len({row.outlet_iri for row in by_family[iri]}) == 1
        kind = "same-outlet" if one_outlet else "same-family"
        text = reason_in(material.language, kind, label=material.label(iri))
        yield from _star(by_family[iri], kind, text)


def _echo_merges(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    """Tie who echoes a source without credit to who echoes it too, and to who credits it."""
    echoes = material.once(_echoes)
    by_source: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in rows:
        for iri in dict.fromkeys(
            [*(link.right for link in echoes.get(row.iri, ())), *row.chain_iris]
        ):
            by_source[iri].append(row)
    for iri in sorted(by_source):
        first = by_source[iri][0]
        for row in by_source[iri][1:]:
            links = [
                (one, link)
                for one in (first, row)
                for link in echoes.get(one.iri, ())
                if link.right == iri
            ]
            told = "; ".join(f"{one.identifier}: {link.basis}" for one, link in links)
            if told:
                label = material.label(iri)
                text = reason_in(material.language, "same-echo", label=label, told=told)
                yield _reason("same-echo", first.iri, row.iri, text)


def _echoes(material: Material) -> dict[str, list[AlignmentFact]]:
    """Index by attribution the sources it was judged to have its words from."""
    found: defaultdict[str, list[AlignmentFact]] = defaultdict(list)
    for item in material.standing:
        if item.relation == "echoes":
            found[item.left].append(item)
    return found


def _unsure_echoes(material: Material) -> dict[str, list[PairJudgement]]:
    found: defaultdict[str, list[PairJudgement]] = defaultdict(list)
    for verdict in judge_pairs(material.alignments, ["echoes"]).values():
        if verdict.verdict in ("unsure", "disputed"):
            for link in verdict.links:
                found[link.left].append(verdict)
    return found


def _doubts(
    material: Material, rows: Sequence[AttributionRow], shared: SharedIndex
) -> Iterator[Reason]:
    here = {row.iri: row for row in rows}
    for iri in here:
        for pair in shared.get(iri, ()):
            if pair.right in here:
                yield _reason("shared-wording", pair.left, pair.right, pair.note)
    undecided = material.once(_open_judgements)
    for iri in here:
        for verdict in undecided.get(iri, ()):
            if verdict.right in here:
                judged = f"{verdict.verdict}-judgement"
                text = reason_in(material.language, judged, basis=verdict.links[0].basis)
                yield Reason("unsure-judgement", iri, verdict.right, text)
    yield from _echo_doubts(material, rows)
    yield from _speaker_doubts(material, rows)
    yield from _relay_doubts(material, rows)
    yield from _own_voice_doubts(material, rows)


def _echo_doubts(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    """Tie who perhaps echoes a source to the first who has it from there, surely or perhaps."""
    sure, unsure = material.once(_echoes), material.once(_unsure_echoes)
    first: dict[str, AttributionRow] = {}
    for row in rows:
        for iri in (*(link.right for link in sure.get(row.iri, ())), *row.chain_iris):
            first.setdefault(iri, row)
    for row in rows:
        for verdict in unsure.get(row.iri, ()):
            link = verdict.links[0]
            other = first.setdefault(link.right, row)
            if other is not row:
                text = reason_in(
                    material.language,
                    "unsure-echo",
                    id=row.identifier,
                    label=material.label(link.right),
                    basis=link.basis,
                )
                yield _reason("unsure-judgement", other.iri, row.iri, text)


def _speaker_doubts(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    spoken, tell = _spoken(rows), partial(reason_in, material.language)
    first_by: dict[str, AttributionRow] = {}
    for row in spoken:
        for iri in row.speaker_iris:
            first_by.setdefault(iri, row)
    for iri, row in sorted(first_by.items()):
        for other in material.affiliations.get(iri, ()):
            if other in first_by:
                text = tell("may-speak-for", label=material.label(iri), other=material.label(other))
                yield _reason("may-speak-for", row.iri, first_by[other].iri, text)
    named = next((row for row in spoken if row.speaker_iris), None)
    for row in spoken:
        if not row.speaker_iris and named is not None:
            words = row.unresolved or "…"
            text = tell("unresolved-speaker", id=row.identifier, words=words)
            yield _reason("unresolved-speaker", named.iri, row.iri, text)


def _relay_doubts(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    tell = partial(reason_in, material.language)
    by_relay: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    by_event: defaultdict[str, list[AttributionRow]] = defaultdict(list)
    for row in _spoken(rows):
        for iri in row.chain_iris:
            source = material.sources.get(iri)
            by_relay[(source.publisher if source else "") or iri].append(row)
    for row in rows:
        told = material.utterances.get(row.utterance_iri)
        if told and told.event and row.form != "authorial":
            by_event[told.event].append(row)
    for iri in sorted(by_relay):
        text = tell("same-relay-other-speaker", label=material.label(iri))
        yield from _star(by_relay[iri], "same-relay-other-speaker", text)
    for iri in sorted(by_event):
        text = tell("same-event", label=material.label(iri))
        yield from _star(by_event[iri], "same-event", text)


def _own_voice_doubts(material: Material, rows: Sequence[AttributionRow]) -> Iterator[Reason]:
    """An outlet's own voice may repeat whoever said it before; an unknown outlet may be any."""
    if not rows:
        return
    # Whoever is heard first is whom an own voice may repeat; an own voice only where nobody is.
    told = sorted(
        _spoken(rows) or rows,
        key=lambda row: (material.published(row)[1] or "9999", row.slug, row.iri),
    )
    unknown = [row for row in rows if row.form == "authorial" and not row.outlet_known]
    tell = partial(reason_in, material.language)
    yield from _star(unknown, "unidentified-outlet", tell("unidentified-outlets"))
    known = next((row for row in rows if row.form == "authorial" and row.outlet_known), None)
    if unknown and known:
        text = tell("unidentified-outlet", id=unknown[0].identifier, label=known.outlet)
        yield _reason("unidentified-outlet", unknown[0].iri, known.iri, text)
    for row in rows:
        if row.form != "authorial" or row is told[0]:
            continue
        first = next((one for one in told[:_HEARD] if _may_repeat(material, row, one)), None)
        if first is not None:
            text = tell("may-repeat", id=row.identifier, other=first.identifier)
            yield _reason("may-repeat", first.iri, row.iri, text)


def _may_repeat(material: Material, own: AttributionRow, told: AttributionRow) -> bool:
    """Tell whether an own voice can be later than the words, or than another own voice."""
    if told is own:
        return False
    if told.form == "authorial":
        return material.order(told, own) != "earlier"
    said, printed = material.spoken(told)[0], material.published(own)[1]
    return not (said and printed and printed < said)


def _outlets(rows: Sequence[AttributionRow], families: Mapping[str, str]) -> Interval:
    known = {families.get(row.outlet_iri, row.outlet_iri) for row in rows if row.outlet_known}
    unknown = {row.outlet_iri for row in rows if not row.outlet_known}
    return Interval(max(len(known), 1 if unknown else 0), len(known) + len(unknown))


def _utterances(material: Material, rows: Sequence[AttributionRow]) -> Interval:
    """Count utterances: those told apart at least, each unplaced attribution one more at most."""
    numbers = material.once(_utterance_of)
    seen = {numbers[row.iri] for row in _spoken(rows)}
    told = sum(known for _, known in seen)
    return Interval(max(told, 1 if seen else 0), len(seen))


def _speakers(rows: Sequence[AttributionRow]) -> Interval:
    named = {iri for row in _spoken(rows) for iri in row.speaker_iris}
    nameless = {row.unresolved or row.iri for row in _spoken(rows) if not row.speaker_iris}
    return Interval(max(len(named), 1 if nameless else 0), len(named) + len(nameless))


def _origin(
    material: Material,
    members: tuple[str, ...],
    every: dict[str, AttributionRow],
    merges: Sequence[Reason],
    names: dict[str, str],
    *,
    claim: str,
) -> Origin:
    inside = set(members)
    rows = sorted((every[iri] for iri in members), key=lambda row: (row.slug, row.spans, row.iri))
    first = next((row for row in rows if row.speakers and row.form != "authorial"), rows[0])
    name = " + ".join(first.speakers) if first.form != "authorial" else first.outlet
    sources = {link.right for iri in members for link in material.once(_echoes).get(iri, ())}
    if sources:
        echoed = " + ".join(sorted(map(material.label, sources)))
        name = f"{name} ({echoed})" if first.speakers and first.form != "authorial" else echoed
    return Origin(
        iri=f"{material.base}origin/" + content_id("origin", claim, *members),
        name=name or first.unresolved or "unidentified outlet",
        identifiers=tuple(row.identifier for row in rows),
        merges=tuple(_named(item, names) for item in merges if item.left in inside),
    )


def _named(reason: Reason, names: dict[str, str]) -> Reason:
    return Reason(reason.kind, names[reason.left], names[reason.right], reason.text)
