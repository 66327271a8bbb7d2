"""The predicate vocabulary: what claims may say, as the ontology and a collection define it.

In: `ontology/predicates.ttl` and `sources/*.ttl`. Out: `Predicates`, by name, and the faults of
claims that use them wrongly. Says nothing of whether a claim is so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rapidfuzz import process

from kg.errors import RecordError
from kg.graph.vocab import EDTF, KG, KGP, OWL, RDF, RDFS, XSD
from kg.model import Claim, Collection, Finding, Level, Text, parse_when

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ObjectKind",
    "Predicate",
    "Predicates",
    "load_predicates",
    "predicate_findings",
    "qualifier_labels",
]


class ObjectKind(StrEnum):
    """What the object of a predicate is: a thing of the registries, or a literal."""

    ENTITY = "entity"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


_KINDS = {
    EDTF.EDTF: ObjectKind.DATE,
    XSD.date: ObjectKind.DATE,
    XSD.decimal: ObjectKind.NUMBER,
    XSD.integer: ObjectKind.NUMBER,
    XSD.double: ObjectKind.NUMBER,
    XSD.string: ObjectKind.TEXT,
    RDF.langString: ObjectKind.TEXT,
}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)", re.ASCII)
_NAME = re.compile(r"[a-z][A-Za-z0-9]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Predicate:
    """One claim predicate: its name in records, its IRI and what is known of its use.

    `inverse` and `disjoint` name other predicates; `functional` means that two different objects
    cannot both hold; `ordered` that objects can be ranked; `patterns` is kept for extraction.
    """

    name: str
    iri: str
    labels: Text
    comments: Text = ()
    kind: ObjectKind = ObjectKind.ENTITY
    functional: bool = False
    symmetric: bool = False
    ordered: bool = False
    inverse: str = ""
    disjoint: tuple[str, ...] = ()
    patterns: Text = ()

    def label(self, language: str) -> str:
        """Give the label in a language, or in any, or the name."""
        labels = dict(self.labels)
        return labels.get(language) or labels.get("en") or next(iter(labels.values()), self.name)


@dataclass(frozen=True, slots=True)
class Predicates:
    """Every predicate by name; `digest` changes with anything a graph takes from the vocabulary."""

    by_name: Mapping[str, Predicate]
    digest: str

    def get(self, name: str) -> Predicate | None:
        """Give a predicate, or None where the vocabulary has no such name."""
        return self.by_name.get(name)

    def iri(self, name: str) -> str:
        """Give the IRI of a predicate; an unknown name is put into the shipped namespace."""
        found = self.by_name.get(name)
        return found.iri if found else KGP + name


def load_predicates(ontology: Path, sources: Path | None = None) -> Predicates:
    """Read the shipped vocabulary, then what a collection adds; a known name may not come twice.

    Raises:
        RecordError: a file is not Turtle, or gives one name to two predicates.
    """
    paths = [ontology / "predicates.ttl"]
    if sources is not None:
        paths.extend(sorted(sources.glob("*.ttl")))
    found: dict[str, Predicate] = {}
    for path in paths:
        for predicate in _read(path):
            other = found.get(predicate.name)
            if other is not None and other.iri != predicate.iri:
                raise RecordError(
                    f"{path.name}: the predicate name `{predicate.name}` is taken by {other.iri}; "
                    "choose another name"
                )
            found[predicate.name] = predicate
    ordered = {name: found[name] for name in sorted(found)}
    packed = "\n".join(repr(predicate) for predicate in ordered.values())
    return Predicates(ordered, hashlib.sha256(packed.encode()).hexdigest())


def qualifier_labels(ontology: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the label of each qualifier property per language: `{"when": {"fr": "quand", …}, …}`."""
    nodes = _nodes(ontology / "claim-provenance.ttl")
    return {
        iri.removeprefix(KG.NS): dict(_texts(node.get(RDFS.label, [])))
        for iri, node in sorted(nodes.items())
        if iri.startswith(KG.NS)
    }


_Node = dict[str, list[ox.NamedNode | ox.Literal]]


def _nodes(path: Path) -> dict[str, _Node]:
    try:
        stamp = path.stat()
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error}") from error
    return _parsed(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=16)
def _parsed(path: Path, _modified: int, _size: int) -> dict[str, _Node]:
    """Parse a file once for as long as it does not change; the nodes are not to be altered."""
    nodes: dict[str, _Node] = {}
    try:
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(
                quad.object, ox.NamedNode | ox.Literal
            ):
                node = nodes.setdefault(quad.subject.value, {})
                node.setdefault(quad.predicate.value, []).append(quad.object)
    except SyntaxError as error:
        raise RecordError(
            f"{path.name}:{error.lineno or 0}: not Turtle: {error.msg}; correct this line"
        ) from error
    except OSError as error:
        raise RecordError(f"{path}: cannot be read: {error}") from error
    return nodes


def _read(path: Path) -> Iterator[Predicate]:
    nodes = _nodes(path)
    for iri, node in sorted(nodes.items()):
        types = {str(kind.value) for kind in node.get(RDF.type, [])}
        if KG.ClaimPredicate not in types:
            continue
        name = _local(iri)
        if not _NAME.fullmatch(name):
            raise RecordError(
                f"{path.name}: the predicate <{iri}> must end in a name of letters and digits "
                "that starts in lower case"
            )
        ranges = [str(value.value) for value in node.get(RDFS.range, [])]
        yield Predicate(
            name=name,
            iri=iri,
            labels=_texts(node.get(RDFS.label, [])),
            comments=_texts(node.get(RDFS.comment, [])),
            kind=next((_KINDS[item] for item in ranges if item in _KINDS), ObjectKind.ENTITY),
            functional=OWL.FunctionalProperty in types,
            symmetric=OWL.SymmetricProperty in types,
            ordered=any(value.value == "true" for value in node.get(KG.ordered, [])),
            inverse=next((_local(str(value.value)) for value in node.get(OWL.inverseOf, [])), ""),
            disjoint=tuple(
                sorted(_local(str(value.value)) for value in node.get(OWL.propertyDisjointWith, []))
            ),
            patterns=_texts(node.get(KG.lexicalPattern, [])),
        )


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _texts(values: list[ox.NamedNode | ox.Literal]) -> Text:
    return tuple(
        sorted(
            (value.language or "und", value.value)
            for value in values
            if isinstance(value, ox.Literal)
        )
    )


def predicate_findings(
    collection: Collection, predicates: Predicates, locations: Mapping[str, tuple[str, int]]
) -> list[Finding]:
    """Find the claims whose predicate is unknown, or whose object is not of its kind."""
    findings = []
    for record in collection.records:
        for attribution in record.attributions:
            subject = f"{record.slug}#{attribution.id}"
            path, line = locations.get(subject) or locations.get(record.slug) or ("", 0)
            for claim in attribution.claims:
                fault = _fault(claim, predicates)
                if fault:
                    code, message = fault
                    findings.append(Finding(path, line, Level.ERROR, code, message, subject))
    return sorted(findings)


def _nearest(name: str, predicates: Predicates) -> str:
    near = process.extract(
        name, list(predicates.by_name), processor=str.lower, limit=3, score_cutoff=60
    )
    return f" (nearest: {', '.join(found for found, _, _ in near)})" if near else ""


def _fault(claim: Claim, predicates: Predicates) -> tuple[str, str] | None:
    predicate = predicates.get(claim.predicate)
    if predicate is None:
        return "unknown-predicate", (
            f"claim '{claim.line}': no predicate `{claim.predicate}` in the vocabulary"
            f"{_nearest(claim.predicate, predicates)}; choose one of  kg vocabulary  or define it "
            "in  sources/predicates.ttl"
        )
    if claim.is_literal == (predicate.kind is ObjectKind.ENTITY):
        wanted = "an id" if predicate.kind is ObjectKind.ENTITY else f"a {predicate.kind} in quotes"
        return "wrong-object", f"claim '{claim.line}': `{claim.predicate}` wants {wanted}"
    if predicate.kind is ObjectKind.DATE:
        try:
            parse_when(claim.literal)
        except ValueError as error:
            return "wrong-object", f"claim '{claim.line}': {error}"
    if predicate.kind is ObjectKind.NUMBER and not _NUMBER.fullmatch(claim.literal):
        return "wrong-object", f"claim '{claim.line}': '{claim.literal}' is not a plain number"
    return None
