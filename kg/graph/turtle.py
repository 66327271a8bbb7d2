"""Turtle and TriG that a person can read and a machine can compare byte for byte.

In: quads of an Oxigraph store. Out: sorted blocks, one a subject, prefixed, relative to the base.
Equal graphs give equal bytes, whatever the order in the store. Memory holds one line a subject,
never the graph: it goes through temporary files. Blank nodes are refused; our data has none.
"""

from __future__ import annotations

import itertools
import os
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import IO

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.vocab import PREFIXES, RDF, RDFS, XSD

__all__ = ["Speller", "graph_block", "write_trig", "write_turtle"]

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
_BARE = {
    XSD.integer: re.compile(r"[+-]?\d+", re.ASCII),
    XSD.decimal: re.compile(r"[+-]?\d*\.\d+", re.ASCII),
    XSD.boolean: re.compile(r"true|false"),
}
_MANY = 200_000
_RANK = {
    iri: rank
    for rank, iri in enumerate((RDFS.label, RDF.subject, RDF.predicate, RDF.object), start=1)
}
"""What stands first in a block, after the type; the rest follows by name."""


class Speller:
    """Spells N-Triples terms as short as the base and the prefixes allow, and remembers them."""

    def __init__(self, base: str) -> None:
        """Take the base; only one that ends in a slash can shorten anything."""
        self._base = base if base.endswith("/") else ""
        self._inside = f"<{self._base}" if self._base else "no base"
        self._names = sorted((iri, name) for name, iri in PREFIXES.items())
        self._known: dict[str, str] = {}
        self._verbs = {f"<{RDF.type}>": (0, "a")}

    def header(self) -> str:
        """Give the base and prefix lines, and an empty line."""
        lines = [f"@base <{self._base}> ."] if self._base else []
        lines.extend(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())
        return "\n".join(lines) + "\n\n"

    def term(self, text: str) -> str:
        """Spell a term given in N-Triples.

        >>> Speller("https://example.org/").term("<https://example.org/agent/x>")
        '<agent/x>'

        Raises:
            StoreError: the term is a blank node or a triple term.
        """
        if text[0] == "<":
            if text.startswith(self._inside):
                # A relative reference must not look like an absolute one: no colon before a slash.
                rest = text[len(self._inside) : -1]
                if rest[:1].isalpha() and ":" not in rest.partition("/")[0]:
                    return f"<{rest}>"
            return self._known.get(text) or self._iri(text)
        if text[0] != '"':
            raise StoreError(f"the graph holds {text}, which has no place in it; run  kg build")
        if text[-1] != ">":
            return text
        value, _, datatype = text.rpartition("^^")
        name = datatype[1:-1]
        if name in _BARE and _BARE[name].fullmatch(value, 1, len(value) - 1):
            return value[1:-1]
        return f"{value}^^{self.term(datatype)}"

    def iri(self, spelled: str) -> str:
        """Give the characters of an IRI that `term` spelled.

        >>> Speller("https://example.org/").iri("<agent/x>")
        'https://example.org/agent/x'
        """
        if spelled[0] == "<":
            inside = spelled[1:-1]
            return inside if ":" in inside.partition("/")[0] else self._base + inside
        prefix, _, local = spelled.partition(":")
        return PREFIXES[prefix] + local

    def _iri(self, text: str) -> str:
        if text.startswith("<<"):
            raise StoreError(f"the graph holds {text}, which has no place in it; run  kg build")
        found = text
        for namespace, name in self._names:
            if text.startswith(namespace, 1) and _LOCAL.fullmatch(
                text, len(namespace) + 1, len(text) - 1
            ):
                found = f"{name}:{text[len(namespace) + 1 : -1]}"
                break
        if len(self._known) < _MANY:
            self._known[text] = found
        return found

    def verb(self, text: str) -> tuple[int, str]:
        """Spell a predicate and say where it stands: the type first, as `a`, then by `_RANK`."""
        found = self._verbs.get(text)
        if found is None:
            found = (_RANK.get(text[1:-1], len(_RANK) + 1), self.term(text))
            self._verbs[text] = found
        return found

    def block(self, subject: str, said: list[tuple[str, str]]) -> str:
        """Write all that is said of one subject, given as pairs of N-Triples terms."""
        verb, term = self.verb, self.term
        pairs = sorted((verb(predicate), term(target)) for predicate, target in said)
        parts = [self.term(subject), "\n    ", pairs[0][0][1], " ", pairs[0][1]]
        for before, (name, target) in itertools.pairwise(pairs):
            if name == before[0]:
                parts.extend((" , ", target))
            else:
                parts.extend((" ;\n    ", name[1], " ", target))
        parts.append(" .\n\n")
        return "".join(parts)


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
        for subject, said in _subjects(_lines(store)):
            block = speller.block(subject, said).encode("utf-8", "replace")
            # Without its closing bracket a subject sorts before what its IRI begins.
            name = subject[1:-1]
            if name in places:
                # Oxigraph walks a graph subject by subject; a second visit would cut one in two.
                raise StoreError(f"{subject} was met twice; the store is damaged, run  kg build")
            places[name] = (at, len(block))
            at += spill.write(block)
        for name in sorted(places):
            start, length = places[name]
            spill.seek(start)
            output.write(spill.read(length))


def _lines(store: ox.Store) -> Iterator[str]:
    """Give the default graph as N-Triples lines, subject by subject; the engine writes them.

    Asking for quads one by one would cost three times as much.
    """
    reader, writer = os.pipe()
    faults: list[StoreError] = []

    def write() -> None:
        try:
            with os.fdopen(writer, "wb", buffering=1 << 20) as stream:
                store.dump(stream, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        except BrokenPipeError:
            # The one who reads has stopped, and says why itself.
            return
        except OSError as error:
            faults.append(StoreError(f"the graph cannot be read: {error}"))

    thread = threading.Thread(target=write, name="dump", daemon=True)
    # Only "\n" ends a line: a literal may hold other separators as they are.
    with os.fdopen(reader, encoding="utf-8", newline="\n", buffering=1 << 20) as stream:
        thread.start()
        yield from stream
    thread.join()
    if faults:
        raise faults[0]


def _subjects(lines: Iterable[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    current = ""
    said: list[tuple[str, str]] = []
    for line in lines:
        subject, predicate, target = line[:-3].split(" ", 2)
        if subject != current:
            if said:
                yield current, said
            current, said = subject, []
        said.append((predicate, target))
    if said:
        yield current, said


def write_trig(store: ox.Store, base: str, turtle: IO[bytes], output: IO[bytes]) -> None:
    """Write the dataset: the default graph as `write_turtle` wrote it, then the named graphs."""
    while chunk := turtle.read(1 << 20):
        output.write(chunk)
    speller = Speller(base)
    names = (graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    for name in sorted(names):
        output.write(graph_block(store, name, speller).encode("utf-8", "replace"))


def graph_block(store: ox.Store, name: str, speller: Speller) -> str:
    """Write what a named graph holds; "" where that is nothing.

    Oxigraph remembers a graph that lost its last triple.
    """
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(name))
    lines = "".join(sorted(_quoted_line(quad, speller) for quad in quads))
    return f"{speller.term(f'<{name}>')} {{\n{lines}}}\n\n" if lines else ""


def _quoted_line(quad: ox.Quad, speller: Speller) -> str:
    subject, target = speller.term(str(quad.subject)), speller.term(str(quad.object))
    return f"    {subject} {speller.verb(str(quad.predicate))[1]} {target} .\n"
