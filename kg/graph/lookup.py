"""What an id in a record stands for: its IRI and its label, looked up across the registries.

In: a `Collection` and the predicate vocabulary. Out: IRIs under the project's base, labels.
The one place that knows how IRIs of data are formed; writes no triple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kg.graph.predicates import ObjectKind, Predicates
from kg.graph.terms import literal_text
from kg.graph.vocab import EDTF, XSD
from kg.model import UNIDENTIFIED, Claim, Collection, Document, Text

__all__ = ["LANGUAGES", "Lookup", "Names", "make_lookup", "pick"]

LANGUAGES = ("en", "fr")
"""The languages that every claim is labelled in."""


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of data under a base; one method a kind of thing."""

    base: str

    @property
    def state(self) -> str:
        """The named graph that says what the store was built from."""
        return f"{self.base}state"

    def owner(self, owner: str) -> str:
        """`record:x` or `registry:agents` → the node that stands for it in the state graph."""
        kind, _, name = owner.partition(":")
        return f"{self.base}state/{kind}/{name}"

    def document(self, document: Document) -> str:
        """The node of a captured text."""
        return f"{self.base}text/{document.id}"

    def claim(self, claim: Claim) -> str:
        """The node, and the named graph, of a claim."""
        return f"{self.base}claim/{claim.id}"

    def outlet(self, document: Document) -> str:
        """The outlet of a document, which has its own where nobody identified it."""
        name = f"{UNIDENTIFIED}-{document.id}" if _is_unknown(document) else document.outlet
        return f"{self.base}outlet/{name}"


def _is_unknown(document: Document) -> bool:
    return document.outlet == UNIDENTIFIED


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything that turning one record into triples needs to know of the rest.

    `stored` finds the IRI of an attribution, named `slug#id`, in the store, where its record was
    not read this time; it gives "" for one that nobody knows.
    """

    names: Names
    predicates: Predicates
    qualifiers: Mapping[str, Mapping[str, str]]
    things: Mapping[str, tuple[str, Text]]
    attributions: Mapping[str, str] = field(default_factory=dict)
    stored: Callable[[str], str] = str

    def thing(self, name: str) -> str:
        """Give the IRI of an agent, topic, outlet or cited source."""
        found = self.things.get(name)
        return found[0] if found else f"{self.names.base}topic/{name}"

    def label(self, name: str, language: str) -> str:
        """Give the label of a thing in a language, or in any, or its id."""
        found = self.things.get(name)
        return (pick(found[1], language) if found else "") or name

    def attribution(self, name: str) -> str:
        """Give the IRI of the attribution named `slug#id`, or "" where there is none."""
        return self.attributions.get(name) or self.stored(name)

    def object(self, claim: Claim) -> str:
        """Spell a claim's object in N-Triples."""
        if not claim.is_literal:
            return f"<{self.thing(claim.object)}>"
        predicate = self.predicates.get(claim.predicate)
        kind = predicate.kind if predicate else ObjectKind.TEXT
        datatype = {ObjectKind.DATE: EDTF.EDTF, ObjectKind.NUMBER: XSD.decimal}.get(kind, "")
        return literal_text(claim.literal, datatype=datatype)

    def claim_label(self, claim: Claim, language: str) -> str:
        """Say a claim in words: subject, predicate, object, and its qualifiers in brackets."""
        predicate = self.predicates.get(claim.predicate)
        verb = predicate.label(language) if predicate else claim.predicate
        last = claim.literal if claim.is_literal else self.label(claim.object, language)
        words = f"{self.label(claim.subject, language)} {verb} {last}"
        if not claim.qualifiers:
            return words
        marks = (
            f"{self.qualifiers.get(key, {}).get(language, key)}: {self.label(value, language)}"
            for key, value in claim.qualifiers
        )
        return f"{words} [{'; '.join(marks)}]"


def pick(text: Text, language: str) -> str:
    """Choose the text of a language, else the one of no language, else the first; "" if none.

    >>> pick((("en", "Moscow"), ("fr", "Moscou")), "fr")
    'Moscou'
    """
    labels = dict(text)
    return labels.get(language) or labels.get("und") or next(iter(labels.values()), "")


def make_lookup(
    collection: Collection,
    *,
    base: str,
    predicates: Predicates,
    qualifiers: Mapping[str, Mapping[str, str]],
    stored: Callable[[str], str] = lambda _name: "",
) -> Lookup:
    """Index a collection: things by id, and only those attributions that something points to."""
    names = Names(base)
    things: dict[str, tuple[str, Text]] = {}
    # An id is looked up in agents, then topics, outlets and sources: the first one found holds.
    for kind, items in (
        ("agent", collection.agents),
        ("topic", collection.topics),
        ("outlet", collection.outlets),
        ("source", collection.sources),
    ):
        for item in items:
            things.setdefault(item.id, (f"{base}{kind}/{item.id}", item.name))
    return Lookup(
        names=names,
        predicates=predicates,
        qualifiers=qualifiers,
        things=things,
        attributions=_referred(collection, base),
        stored=stored,
    )


def _referred(collection: Collection, base: str) -> dict[str, str]:
    wanted = {
        side
        for alignment in collection.alignments
        for side in (alignment.left, alignment.right)
        if not alignment.of_claims
    }
    for record in collection.records:
        for attribution in record.attributions:
            wanted.update(link for link in attribution.chain if "#" in link)
    if not wanted:
        return {}
    slugs = {name.partition("#")[0] for name in wanted}
    return {
        f"{record.slug}#{attribution.id}": (
            f"{base}text/{record.document.id}/attribution/{attribution.key(record.document)}"
        )
        for record in collection.records
        if record.slug in slugs
        for attribution in record.attributions
    }
