"""The registries as N-Quads lines: agents, roles, topics, outlets, utterances, alignments.

In: a `Collection` and a `Lookup`. Out: lines without newline.
Unlike a record, a registry is small: what changed in it is found by comparing all its quads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.graph.emit_record import day_literal, when_quads
from kg.graph.lookup import LANGUAGES, Lookup, pick
from kg.graph.terms import literal_text
from kg.graph.vocab import (
    DCTERMS,
    EDTF,
    KG,
    ORG,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
    concept,
)
from kg.model import (
    AgentKind,
    Collection,
    Judgement,
    Relation,
    RunKind,
    Text,
    TopicKind,
    content_id,
    parse_claim,
)

if TYPE_CHECKING:
    from kg.model import (
        Agent,
        Alignment,
        CitedSource,
        Outlet,
        OutletFamily,
        Role,
        Topic,
        Utterance,
    )

__all__ = ["REGISTRY_CLASSES", "registry_quads"]

REGISTRY_CLASSES = (
    KG.Agent,
    ORG.Membership,
    KG.Topic,
    KG.OutletFamily,
    KG.Outlet,
    KG.CitedSource,
    KG.Utterance,
    KG.Alignment,
)
"""The classes whose members, and all that is said of them, belong to the registries."""

_AGENT_CLASS = {
    AgentKind.PERSON: SCHEMA.Person,
    AgentKind.ORGANISATION: SCHEMA.Organization,
    AgentKind.STATE: KG.State,
    AgentKind.GROUP: KG.Group,
}
_TOPIC_CLASS = {
    TopicKind.EVENT: SCHEMA.Event,
    TopicKind.PROJECT: KG.Project,
    TopicKind.PLACE: SCHEMA.Place,
    TopicKind.WORK: SCHEMA.CreativeWork,
}
_CLAIM_LINK = {
    Relation.ENTAILS: KG.entails,
    Relation.SAME_CLAIM: KG.entails,
    Relation.CONTRADICTS: KG.contradicts,
}
_SYMMETRIC = frozenset({Relation.SAME_CLAIM, Relation.CONTRADICTS})


def registry_quads(collection: Collection, lookup: Lookup) -> Iterator[str]:
    """Give every quad that the registries own."""
    for agent in collection.agents:
        yield from _agent(agent, lookup)
    for topic in collection.topics:
        yield from _topic(topic, lookup)
    for family in collection.families:
        yield from _family(family, lookup)
    for outlet in collection.outlets:
        yield from _outlet(outlet, lookup)
    for source in collection.sources:
        yield from _source(source, lookup)
    for utterance in collection.utterances:
        yield from _utterance(utterance, lookup)
    for alignment in collection.alignments:
        yield from _alignment(alignment, lookup)
    for alignment in _standing(collection.alignments):
        yield from _claim_link(alignment, lookup)


def _type(node: str, *classes: str) -> Iterator[str]:
    return (f"{node} <{RDF.type}> <{name}> ." for name in classes)


def _object(node: str, predicate: str, iri: str) -> str:
    return f"{node} <{predicate}> <{iri}> ."


def _labels(node: str, predicate: str, text: Text) -> Iterator[str]:
    return (f"{node} <{predicate}> {literal_text(words, tag)} ." for tag, words in text)


def _words(node: str, predicate: str, words: str) -> Iterator[str]:
    if words:
        yield f"{node} <{predicate}> {literal_text(words)} ."


def _agent(agent: Agent, lookup: Lookup) -> Iterator[str]:
    iri = f"{lookup.names.base}agent/{agent.id}"
    node = f"<{iri}>"
    yield from _type(node, KG.Agent, _AGENT_CLASS[agent.kind])
    yield from _labels(node, RDFS.label, agent.name)
    yield from _labels(node, SKOS.altLabel, agent.aliases)
    for member in agent.members:
        yield _object(node, ORG.hasMember, lookup.thing(member))
    for same in agent.same_as:
        yield _object(node, SCHEMA.sameAs, same)
    yield from _words(node, RDFS.comment, agent.note)
    for role in agent.roles:
        yield from _role(role, iri, lookup)


def _role(role: Role, agent: str, lookup: Lookup) -> Iterator[str]:
    posts = "|".join(f"{tag}={words}" for tag, words in role.post)
    held = role.held.text if role.held else ""
    node = f"<{agent}/role/{content_id('role', posts, role.organisation, held)}>"
    yield from _type(node, ORG.Membership)
    yield _object(node, ORG.member, agent)
    yield _object(node, ORG.organization, lookup.thing(role.organisation))
    yield from _labels(node, KG.post, role.post)
    yield from _labels(node, SKOS.altLabel, role.aliases)
    yield from when_quads(node, role.held, (KG.held, KG.earliest, KG.latest))
    yield from _words(node, KG.roleBasis, role.basis)


def _topic(topic: Topic, lookup: Lookup) -> Iterator[str]:
    node = f"<{lookup.names.base}topic/{topic.id}>"
    yield from _type(node, KG.Topic, SKOS.Concept)
    if topic.kind in _TOPIC_CLASS:
        yield from _type(node, _TOPIC_CLASS[topic.kind])
    yield from _labels(node, RDFS.label, topic.name)
    yield from _labels(node, SKOS.altLabel, topic.aliases)
    if topic.when:
        yield f"{node} <{KG.topicDate}> {literal_text(topic.when.text, datatype=EDTF.EDTF)} ."
    if topic.where:
        yield _object(node, PROV.atLocation, lookup.thing(topic.where))
    for same in topic.same_as:
        yield _object(node, SCHEMA.sameAs, same)
    yield from _words(node, RDFS.comment, topic.note)


def _family(family: OutletFamily, lookup: Lookup) -> Iterator[str]:
    node = f"<{lookup.names.base}family/{family.id}>"
    yield from _type(node, KG.OutletFamily)
    yield from _labels(node, RDFS.label, family.name)
    yield from _words(node, KG.basis, family.basis)


def _outlet(outlet: Outlet, lookup: Lookup) -> Iterator[str]:
    base = lookup.names.base
    node = f"<{base}outlet/{outlet.id}>"
    yield from _type(node, KG.Outlet, SCHEMA.NewsMediaOrganization)
    yield from _labels(node, RDFS.label, outlet.name)
    yield from _labels(node, SKOS.altLabel, outlet.aliases)
    yield from _words(node, KG.identificationBasis, outlet.basis)
    if outlet.family:
        yield _object(node, KG.family, f"{base}family/{outlet.family}")
    if outlet.agent:
        yield _object(node, KG.agent, lookup.thing(outlet.agent))
    if outlet.url:
        yield _object(node, SCHEMA.url, outlet.url)


def _source(source: CitedSource, lookup: Lookup) -> Iterator[str]:
    node = f"<{lookup.names.base}source/{source.id}>"
    yield from _type(node, KG.CitedSource)
    yield from _words(node, KG.sourceKind, str(source.kind))
    yield f"{node} <{KG.inCollection}> {literal_text('false', datatype=XSD.boolean)} ."
    yield from _labels(node, RDFS.label, source.name)
    if source.publisher:
        yield _object(node, SCHEMA.publisher, lookup.thing(source.publisher))
    if source.date:
        date = literal_text(source.date.text, datatype=EDTF.EDTF)
        yield f"{node} <{SCHEMA.datePublished}> {date} ."
    yield from _words(node, KG.basis, source.basis)
    if source.url:
        yield _object(node, SCHEMA.url, source.url)


def _utterance(utterance: Utterance, lookup: Lookup) -> Iterator[str]:
    node = f"<{lookup.names.base}utterance/{utterance.id}>"
    yield from _type(node, KG.Utterance, PROV.Activity)
    for speaker in utterance.speakers:
        yield _object(node, KG.utteredBy, lookup.thing(speaker))
    yield from when_quads(node, utterance.date, (KG.utteranceDate, KG.earliest, KG.latest))
    yield from _words(node, KG.dateBasis, utterance.basis)
    if utterance.place:
        yield _object(node, PROV.atLocation, lookup.thing(utterance.place))
    if utterance.event:
        yield _object(node, KG.atEvent, lookup.thing(utterance.event))
    for addressee in utterance.addressees:
        yield _object(node, KG.addressee, lookup.thing(addressee))
    yield from _labels(node, RDFS.label, utterance.name or _occasion(utterance, lookup))


def _occasion(utterance: Utterance, lookup: Lookup) -> Text:
    """Name an utterance that has no name of its own by who, where and when."""
    place = utterance.place or utterance.event
    labels = []
    for language in LANGUAGES:
        speakers = " + ".join(lookup.label(name, language) for name in utterance.speakers)
        where = lookup.label(place, language) if place else ""
        date = utterance.date.text if utterance.date else ""
        labels.append((language, ", ".join(part for part in (speakers, where, date) if part)))
    return tuple((language, label) for language, label in labels if pick(tuple(labels), language))


def _alignment(alignment: Alignment, lookup: Lookup) -> Iterator[str]:
    left = _side(alignment.left, lookup)
    echo = alignment.relation is Relation.ECHOES
    right = lookup.thing(alignment.right) if echo else _side(alignment.right, lookup)
    if not left or not right:
        # A side that names no attribution is a finding; the graph holds no dangling link.
        return
    node = f"<{lookup.names.base}alignment/{alignment.id}>"
    yield from _type(node, KG.Alignment)
    yield _object(node, KG.left, left)
    yield _object(node, KG.right, right)
    yield _object(node, KG.relation, concept(alignment.relation))
    yield _object(node, KG.judgement, concept(alignment.judgement))
    yield from _words(node, KG.basis, alignment.basis)
    yield from _words(node, KG.judgedBy, alignment.by)
    yield from _words(node, KG.judgeKind, str(alignment.kind))
    if alignment.on:
        yield f"{node} <{DCTERMS.date}> {day_literal(alignment.on)} ."
    if alignment.conflict:
        yield _object(node, KG.conflictKind, concept(alignment.conflict))


def _standing(alignments: Iterable[Alignment]) -> Iterator[Alignment]:
    """Give the positive links between claims that no person, and no equal, refused."""
    judged: defaultdict[tuple[str, ...], list[Alignment]] = defaultdict(list)
    for alignment in alignments:
        if alignment.of_claims and alignment.relation in _CLAIM_LINK:
            sides = [alignment.left, alignment.right]
            if alignment.relation in _SYMMETRIC:
                sides.sort()
            judged[alignment.relation, *sides].append(alignment)
    for found in judged.values():
        deciding = [item for item in found if item.kind is RunKind.PERSON] or found
        if not any(item.judgement is Judgement.NEGATIVE for item in deciding):
            yield from (item for item in deciding if item.judgement is Judgement.POSITIVE)


def _claim_link(alignment: Alignment, lookup: Lookup) -> Iterator[str]:
    """Link the two claims; two that are the same entail each other."""
    left, right = _side(alignment.left, lookup), _side(alignment.right, lookup)
    yield _object(f"<{left}>", _CLAIM_LINK[alignment.relation], right)
    if alignment.relation is Relation.SAME_CLAIM:
        yield _object(f"<{right}>", KG.entails, left)


def _side(side: str, lookup: Lookup) -> str:
    return lookup.attribution(side) if "#" in side else lookup.names.claim(parse_claim(side))
