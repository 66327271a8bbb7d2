"""Turtle and TriG that a person can read and a machine can compare byte for byte.

In: quads of an Oxigraph store. Out: sorted blocks, one a subject, prefixed, relative to the base.
Equal graphs give equal bytes, whatever the order in the store. Memory holds one line a subject,
never the graph: blocks go through a temporary file. Blank nodes are refused; our data has none.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.terms import escape
from kg.graph.vocab import PREFIXES, RDF, XSD

__all__ = ["Speller", "write_trig", "write_turtle"]

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_NUMBER = {
    XSD.integer: re.compile(r"[+-]?\d+", re.ASCII),
    XSD.decimal: re.compile(r"[+-]?\d*\.\d+", re.ASCII),
    XSD.boolean: re.compile(r"true|false"),
}
_FIRST = {"a": 0, "rdfs:label": 1}
_MANY = 200_000


class Speller:
    """Spells terms as short as the base and the prefixes allow; remembers what it spelled."""

    def __init__(self, base: str) -> None:
        """Take the base; only one that ends in a slash can shorten anything."""
        self._base = base if base.endswith("/") else ""
        self._names = sorted((iri, name) for name, iri in PREFIXES.items())
        self._known: dict[str, str] = {}

    def header(self) -> str:
        """Give the base and prefix lines, and an empty line."""
        lines = [f"@base <{self._base}> ."] if self._base else []
        lines.extend(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
        return "\n".join(lines) + "\n\n"

    def iri(self, iri: str) -> str:
        """Spell an IRI.

        >>> Speller("https://example.org/").iri("https://example.org/agent/x")
        '<agent/x>'
        """
        if self._base and iri.startswith(self._base) and len(iri) > len(self._base):
            # A relative reference must not look like an absolute one: no colon before a slash.
            rest = iri[len(self._base) :]
            if rest[0].isalpha() and ":" not in rest.partition("/")[0]:
                return f"<{rest}>"
        known = self._known.get(iri)
        if known is None:
            known = self._prefixed(iri)
            if len(self._known) < _MANY:
                self._known[iri] = known
        return known

    def _prefixed(self, iri: str) -> str:
        for namespace, name in self._names:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{name}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def term(self, node: object) -> str:
        """Spell a term.

        Raises:
            StoreError: the term is a blank node or a triple term.
        """
        if isinstance(node, ox.NamedNode):
            return self.iri(node.value)
        if not isinstance(node, ox.Literal):
            raise StoreError(f"the graph holds {node}, which has no place in it; run  kg build")
        value, language = node.value, node.language
        if language:
            return f'"{escape(value)}"@{language}'
        datatype = node.datatype.value
        if datatype == XSD.string:
            return f'"{escape(value)}"'
        if datatype in _NUMBER and _NUMBER[datatype].fullmatch(value):
            return value
        return f'"{escape(value)}"^^{self.iri(datatype)}'

    def verb(self, predicate: str) -> str:
        """Spell a predicate; the type is `a`."""
        return "a" if predicate == RDF.type else self.iri(predicate)

    def block(self, subject: str, quads: Iterable[ox.Quad]) -> str:
        """Write all that is said of one subject: type and label first, the rest by name."""
        said: dict[str, list[str]] = {}
        for quad in quads:
            said.setdefault(self.verb(quad.predicate.value), []).append(self.term(quad.object))
        lines = [
            f"    {verb} {' , '.join(sorted(said[verb]))}"
            for verb in sorted(said, key=lambda verb: (_FIRST.get(verb, 2), verb))
        ]
        return f"{self.iri(subject)}\n" + " ;\n".join(lines) + " .\n\n"


def write_turtle(store: ox.Store, base: str, output: IO[bytes]) -> None:
    """Write the default graph.

    Raises:
        StoreError: the graph holds a blank node.
    """
    speller = Speller(base)
    output.write(speller.header().encode())
    with tempfile.TemporaryFile() as spill:
        places: dict[str, tuple[int, int]] = {}
        at = 0
        quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        for subject, group in itertools.groupby(quads, key=_subject):
            block = speller.block(subject, group).encode("utf-8", "replace")
            if subject in places:
                # Oxigraph walks a graph subject by subject; a second visit would cut one in two.
                raise StoreError(f"{subject} was met twice; the store is damaged, run  kg build")
            places[subject] = (at, len(block))
            at += spill.write(block)
        for subject in sorted(places):
            start, length = places[subject]
            spill.seek(start)
            output.write(spill.read(length))


def write_trig(store: ox.Store, base: str, turtle: IO[bytes], output: IO[bytes]) -> None:
    """Write the dataset: the default graph as `write_turtle` wrote it, then the quoted triples."""
    while chunk := turtle.read(1 << 20):
        output.write(chunk)
    for block in _quoted(store, Speller(base)):
        output.write(block.encode("utf-8", "replace"))


def _quoted(store: ox.Store, speller: Speller) -> Iterator[str]:
    names = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    for name in names:
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(name))
        lines = sorted(
            f"    {speller.term(quad.subject)} {speller.verb(quad.predicate.value)} "
            f"{speller.term(quad.object)} .\n"
            for quad in quads
        )
        # Oxigraph remembers a graph that lost its last triple; nothing is to be said of it.
        if lines:
            yield f"{speller.iri(name)} {{\n{''.join(lines)}}}\n\n"


def _subject(quad: ox.Quad) -> str:
    if not isinstance(quad.subject, ox.NamedNode):
        raise StoreError(f"the graph holds {quad.subject}, which has no place in it; run  kg build")
    return quad.subject.value
