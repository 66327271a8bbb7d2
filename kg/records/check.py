"""Faults between records and registries: names that lead nowhere, twins, loops.

In: decoded nouns and where they stand. Out: findings. Shapes and byte checks are elsewhere:
`kg.graph.validate` sees the graph, `kg.records.verify` sees the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import process

from kg.model import (
    UNIDENTIFIED,
    Alignment,
    Attribution,
    Claim,
    Collection,
    Finding,
    Level,
    Record,
    Relation,
    parse_claim,
)

if TYPE_CHECKING:
    from kg.records.load import Location

__all__ = ["Known", "cross_findings", "follows_from_unread", "record_findings"]

_BARE_LITERAL = re.compile(r"\d[\d-]*", re.ASCII)
_ENTITIES = frozenset({"agents", "topics", "outlets"})
_LOOKED_UP_IN = {
    "outlet": frozenset({"outlets"}),
    "speaker": frozenset({"agents"}),
    "utterance": frozenset({"utterances"}),
    "chain": frozenset({"outlets"}),
    "claims": _ENTITIES,
    "members": frozenset({"agents"}),
    "organisation": frozenset({"agents"}),
    "agent": frozenset({"agents"}),
    "family": frozenset({"outlets"}),
    "publisher": frozenset({"agents"}),
    "speakers": frozenset({"agents"}),
    "place": _ENTITIES,
    "event": _ENTITIES,
    "where": _ENTITIES,
}
"""The registry files in which each reference is looked up."""

_QUALIFIERS_WITH_IDS = frozenset({"about", "for", "via", "where", "with"})
Places = Mapping[str, "Location"]


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that records may refer to, by kind."""

    agents: frozenset[str]
    outlets: frozenset[str]
    sources: frozenset[str]
    utterances: frozenset[str]
    entities: frozenset[str]

    @classmethod
    def of(cls, collection: Collection) -> Known:
        """Collect the ids of a collection's registries."""
        agents = frozenset(agent.id for agent in collection.agents)
        topics = frozenset(topic.id for topic in collection.topics)
        outlets = frozenset(outlet.id for outlet in collection.outlets)
        sources = frozenset(source.id for source in collection.sources)
        utterances = frozenset(utterance.id for utterance in collection.utterances)
        return cls(agents, outlets, sources, utterances, agents | topics | outlets | sources)


def follows_from_unread(finding: Finding, unread: frozenset[str]) -> bool:
    """Tell whether a name may be missing only because its registry file could not be read.

    `unread` holds the names of registry files: `agents`, `topics`, `outlets`, `utterances`.
    """
    kind, _, key = finding.code.partition("-")
    return kind == "unknown" and not unread.isdisjoint(_LOOKED_UP_IN.get(key, ()))


def record_findings(record: Record, known: Known, places: Places) -> Iterator[Finding]:
    """Find what one record refers to that is not there, and attributions that are twins."""
    runs = {run.id for run in record.runs}
    ids = {attribution.id for attribution in record.attributions}
    outlet = record.document.outlet
    if outlet and outlet != UNIDENTIFIED and outlet not in known.outlets:
        yield _missing(record.slug, "outlet", outlet, known.outlets, "outlets.yaml", places)
    twins: dict[str, str] = {}
    for attribution in record.attributions:
        here = f"{record.slug}#{attribution.id}"
        key = attribution.key(record.document)
        if key in twins:
            message = (
                f"the same words are attributed to the same speaker as in `{twins[key]}`; "
                "keep one of the two"
            )
            yield _finding(here, "twin-attribution", message, places)
        twins[key] = attribution.id
        yield from _attribution_findings(here, attribution, known, places)
        if attribution.run and attribution.run not in runs:
            yield _missing(here, "run", attribution.run, runs, "`runs:` of this record", places)
        if not attribution.run and not record.runs:
            message = "no run says who made this attribution; add `runs:` to the record"
            yield _finding(here, "missing-run", message, places)
    for review in record.reviews:
        if review.attribution not in ids:
            yield _missing(
                record.slug, "attribution", review.attribution, ids, "this record", places
            )


def _attribution_findings(
    here: str, attribution: Attribution, known: Known, places: Places
) -> Iterator[Finding]:
    for speaker in attribution.speakers:
        if speaker not in known.agents:
            yield _missing(here, "speaker", speaker, known.agents, "agents.yaml", places)
    if attribution.utterance and attribution.utterance not in known.utterances:
        yield _missing(
            here, "utterance", attribution.utterance, known.utterances, "utterances.yaml", places
        )
    for link in attribution.chain:
        if "#" not in link and link not in known.sources and link not in known.outlets:
            ids = known.sources | known.outlets
            yield _missing(here, "chain", link, ids, "outlets.yaml (outlets or sources)", places)
    for claim in attribution.claims:
        yield from _claim_findings(here, claim, known, places)
    if not attribution.spans and attribution.quotes:
        message = "the quote has no place in the text yet; run  kg anchor  to find and write it"
        yield _finding(here, "not-anchored", message, places)


def _claim_findings(here: str, claim: Claim, known: Known, places: Places) -> Iterator[Finding]:
    ids = [claim.subject]
    if not claim.is_literal:
        ids.append(claim.object)
    ids.extend(value for key, value in claim.qualifiers if key in _QUALIFIERS_WITH_IDS)
    for name in ids:
        if name == claim.object and name not in known.entities and _BARE_LITERAL.fullmatch(name):
            message = (
                f"`claims: {name}` is no id but a date or a number; "
                f'write it in double quotes ("{name}")'
            )
            yield _finding(here, "bare-literal", message, places)
        elif name not in known.entities:
            yield _missing(
                here,
                "claims",
                name,
                known.entities,
                "agents.yaml, topics.yaml or outlets.yaml",
                places,
            )


def cross_findings(
    collection: Collection, places: Places, *, unread: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Find faults between files; `unread` records, unchanged or unreadable, are taken as good."""
    yield from _shared_texts(collection, places)
    yield from _shared_ids(collection, places)
    yield from _registry_references(collection, places)
    attributions = {
        f"{record.slug}#{attribution.id}": attribution
        for record in collection.records
        for attribution in record.attributions
    }
    yield from _alignment_findings(collection, attributions, unread, places)
    yield from _relay_findings(attributions, unread, places)


def _shared_texts(collection: Collection, places: Places) -> Iterator[Finding]:
    slugs: dict[str, str] = {}
    names: set[str] = set()
    for record in collection.records:
        if record.slug in names:
            message = f"two records are named `{record.slug}`; rename one"
            yield _finding(record.slug, "duplicate-id", message, places)
        names.add(record.slug)
        text = record.document.sha256
        if text and text in slugs:
            message = (
                f"the text {text[:12]}… is already recorded in `{slugs[text]}`; "
                "one text has one record: merge the two"
            )
            yield _finding(record.slug, "two-records-one-text", message, places)
        slugs.setdefault(text, record.slug)


def _shared_ids(collection: Collection, places: Places) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for kind, items in (
        ("agents", collection.agents),
        ("topics", collection.topics),
        ("outlets", collection.outlets),
        ("sources", collection.sources),
    ):
        for item in items:
            if owners.setdefault(item.id, kind) != kind:
                message = f"the id `{item.id}` is already one of the {owners[item.id]}; rename one"
                yield _finding(f"{kind}/{item.id}", "duplicate-id", message, places)


def _registry_references(collection: Collection, places: Places) -> Iterator[Finding]:
    known = Known.of(collection)
    families = frozenset(family.id for family in collection.families)
    agents, entities = (known.agents, "agents.yaml"), (known.entities, "topics.yaml")
    for here, key, name, (ids, where) in [
        *(
            (f"agents/{a.id}", "members", name, agents)
            for a in collection.agents
            for name in a.members
        ),
        *(
            (f"agents/{a.id}", "organisation", role.organisation, agents)
            for a in collection.agents
            for role in a.roles
        ),
        *((f"outlets/{o.id}", "agent", o.agent, agents) for o in collection.outlets),
        *(
            (f"outlets/{o.id}", "family", o.family, (families, "outlets.yaml"))
            for o in collection.outlets
        ),
        *((f"sources/{s.id}", "publisher", s.publisher, agents) for s in collection.sources),
        *(
            (f"utterances/{u.id}", "speakers", name, agents)
            for u in collection.utterances
            for name in (*u.speakers, *u.addressees)
        ),
        *((f"utterances/{u.id}", "place", u.place, entities) for u in collection.utterances),
        *((f"utterances/{u.id}", "event", u.event, entities) for u in collection.utterances),
        *((f"topics/{t.id}", "where", t.where, entities) for t in collection.topics),
    ]:
        if name and name not in ids:
            yield _missing(here, key, name, ids, where, places)


def _alignment_findings(
    collection: Collection,
    attributions: Mapping[str, Attribution],
    unread: frozenset[str],
    places: Places,
) -> Iterator[Finding]:
    known = Known.of(collection)
    judged: dict[tuple[str, str, str, str], Alignment] = {}
    for alignment in collection.alignments:
        here = f"alignments/{alignment.id}"
        for side in (alignment.left, alignment.right):
            if "#" in side:
                if side not in attributions and side.partition("#")[0] not in unread:
                    yield _missing(here, "side", side, attributions, "the records", places)
            elif alignment.relation is not Relation.ECHOES:
                yield from _side_findings(here, side, known, places)
            elif side not in known.sources:
                yield _missing(here, "side", side, known.sources, "outlets.yaml (sources)", places)
        pair = [alignment.left, alignment.right]
        if alignment.relation is not Relation.ENTAILS:
            pair.sort()
        key = (pair[0], pair[1], alignment.relation, alignment.by)
        other = judged.setdefault(key, alignment)
        if other.judgement is not alignment.judgement:
            message = (
                f"{alignment.by} judges this pair both {other.judgement} and "
                f"{alignment.judgement}; keep one"
            )
            yield _finding(here, "judged-both-ways", message, places)


def _side_findings(here: str, side: str, known: Known, places: Places) -> Iterator[Finding]:
    try:
        claim = parse_claim(side)
    except ValueError:
        return  # already a finding of the file
    yield from _claim_findings(here, claim, known, places)


def _relay_findings(
    attributions: Mapping[str, Attribution], unread: frozenset[str], places: Places
) -> Iterator[Finding]:
    links = {
        name: tuple(link for link in attribution.chain if "#" in link)
        for name, attribution in attributions.items()
        if any("#" in link for link in attribution.chain)
    }
    for name, targets in links.items():
        for target in targets:
            if target not in attributions and target.partition("#")[0] not in unread:
                yield _missing(name, "chain", target, attributions, "the records", places)
    for name, first in links.items():
        seen: set[str] = set()
        frontier = list(first)
        while frontier:
            step = frontier.pop()
            if step == name:
                message = "the chain leads back to this attribution; a relay cannot be a loop"
                yield _finding(name, "relay-loop", message, places)
                break
            if step not in seen:
                seen.add(step)
                frontier.extend(links.get(step, ()))


def _missing(
    here: str, key: str, name: str, known: Iterable[str], where: str, places: Places
) -> Finding:
    near = process.extractOne(name, list(known), score_cutoff=70)
    hint = f" (did you mean `{near[0]}`?)" if near else ""
    message = f"`{key}: {name}` is not in {where}{hint}; add it there or correct it"
    return _finding(here, f"unknown-{key}", message, places)


def _finding(here: str, code: str, message: str, places: Places) -> Finding:
    location = places.get(here)
    if location is None:
        return Finding(here, 0, Level.ERROR, code, message, here)
    return Finding(location.path, location.line, Level.ERROR, code, message, here)
