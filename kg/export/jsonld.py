"""The graph as compact JSON-LD 1.1 with the context that `ontology/context.jsonld` ships.

In: a store and our context. Out: one document whose `@graph` lists every node by address, each
claim's quoted triple in a graph of its own, and the context inline: nothing is to be fetched.
Compacts only what our context uses: terms, `@id`, `@vocab`, datatypes and language maps
(https://www.w3.org/TR/json-ld11-api/#compaction-algorithms); frames and expands nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.export.rdf import parsed, sorted_lines
from kg.graph.vocab import RDF, XSD
from kg.project import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.graph.store import Store
    from kg.project import Project

__all__ = ["jsonld"]

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of the context: what it is for, and how its values are written."""

    name: str
    type: str
    language_map: bool


class _Context:
    """The shipped context, read for writing: address → terms, most fitting first."""

    def __init__(self, definitions: Mapping[str, Json], base: str) -> None:
        """Sort the definitions into prefixes and terms."""
        self._base = base if base.endswith("/") else ""
        self._prefixes = {
            name: value
            for name, value in definitions.items()
            if isinstance(value, str) and value.endswith(("#", "/"))
        }
        self._aliases: dict[str, str] = {}
        self._terms: dict[str, list[_Term]] = {}
        for name, value in definitions.items():
            if name.startswith("@") or name in self._prefixes:
                continue
            if isinstance(value, str):
                self._aliases.setdefault(self._expanded(value), name)
            elif isinstance(value, dict):
                kind = self._expanded(str(value.get("@type", "")))
                term = _Term(name, kind, value.get("@container") == "@language")
                self._terms.setdefault(self._expanded(str(value["@id"])), []).append(term)

    def _expanded(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return self._prefixes[prefix] + local if colon and prefix in self._prefixes else name

    def keyword(self, name: str) -> str:
        """Give the alias of `@id`, `@type` or `@graph`, or the keyword itself."""
        return self._aliases.get(name, name)

    def address(self, iri: str) -> str:
        """Write an address as a value of `@id`: relative to the base, or prefixed, or whole."""
        if self._base and iri.startswith(self._base):
            return iri[len(self._base) :]
        return self._prefixed(iri)

    def word(self, iri: str) -> str:
        """Write an address where a term may stand: a class, a concept."""
        return self._aliases.get(iri) or self._prefixed(iri)

    def _prefixed(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

    def place(self, predicate: str, value: ox.NamedNode | ox.Literal) -> tuple[str, str, Json]:
        """Choose the term for a value: its name, the language it is mapped by, the value."""
        terms = self._terms.get(predicate, [])
        if isinstance(value, ox.NamedNode):
            for term in terms:
                if term.type == "@vocab":
                    return term.name, "", self.word(value.value)
                if term.type == "@id":
                    return term.name, "", self.address(value.value)
            return self._plain_name(predicate), "", {self.keyword("@id"): self.address(value.value)}
        return self._literal(predicate, terms, value)

    def _literal(
        self, predicate: str, terms: Iterable[_Term], value: ox.Literal
    ) -> tuple[str, str, Json]:
        datatype = value.datatype.value
        for term in terms:
            if term.language_map and value.language:
                return term.name, value.language, value.value
            if not term.language_map and term.type == datatype:
                return term.name, "", value.value
            if not term.language_map and not term.type and datatype == XSD.string:
                return term.name, "", value.value
        name = self._plain_name(predicate)
        if value.language:
            return name, "", {"@value": value.value, "@language": value.language}
        if datatype == XSD.string:
            return name, "", value.value
        return name, "", {"@value": value.value, "@type": self._prefixed(datatype)}

    def _plain_name(self, predicate: str) -> str:
        """Give a term that adds nothing to its values, or the prefixed address."""
        for term in self._terms.get(predicate, []):
            if not term.type and not term.language_map:
                return term.name
        return self._prefixed(predicate)


def jsonld(store: Store, project: Project) -> bytes:
    """Write the graph as one compact JSON-LD document."""
    text = (data_folder("ontology") / "context.jsonld").read_text(encoding="utf-8")
    shipped = json.loads(text)["@context"]
    context = _Context(shipped, project.base)
    lines = sorted_lines(store, project)
    nodes = _nodes(parsed(lines.default), context)
    graphs = _graphs(parsed(lines.named), context)
    inline = {**shipped, "@base": project.base} if project.base.endswith("/") else shipped
    document = {"@context": inline, context.keyword("@graph"): [*nodes, *graphs]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _nodes(quads: Iterable[ox.Quad], context: _Context) -> list[Json]:
    """Gather quads, sorted by subject, into node objects."""
    nodes: dict[str, dict[str, Json]] = {}
    for quad in quads:
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        iri = quad.subject.value
        node = nodes.setdefault(iri, {context.keyword("@id"): context.address(iri)})
        _put(node, quad.predicate.value, quad.object, context)
    return [_single(node) for node in nodes.values()]


def _put(
    node: dict[str, Json],
    predicate: str,
    value: ox.NamedNode | ox.Literal,
    context: _Context,
) -> None:
    if predicate == RDF.type and isinstance(value, ox.NamedNode):
        _append(node, context.keyword("@type"), context.word(value.value))
        return
    name, language, written = context.place(predicate, value)
    if language:
        by_language = node.setdefault(name, {})
        assert isinstance(by_language, dict)
        _append(by_language, language, written)
        return
    _append(node, name, written)


def _append(holder: dict[str, Json], key: str, value: Json) -> None:
    values = holder.setdefault(key, [])
    assert isinstance(values, list)
    values.append(value)


def _single(value: Json) -> Json:
    """Write a list of one as the one, all the way down."""
    if isinstance(value, dict):
        return {key: _single(inner) for key, inner in value.items()}
    if isinstance(value, list):
        inner = [_single(item) for item in value]
        return inner[0] if len(inner) == 1 else inner
    return value


def _graphs(quads: Iterable[ox.Quad], context: _Context) -> list[Json]:
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, ox.NamedNode)
        by_graph.setdefault(quad.graph_name.value, []).append(quad)
    return [
        {
            context.keyword("@id"): context.address(name),
            context.keyword("@graph"): _nodes(inside, context),
        }
        for name, inside in by_graph.items()
    ]
