"""A graph as columns: for each property its subjects and its objects, to be compared as sets.

In: N-Quads lines, or an Oxigraph store. Out: `Facts`, whose terms are N-Triples text, each held
once, so that looking through a whole column costs little.
Answers no query and knows no shape (`kg.graph.shapes_screen` does both).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pyoxigraph

from kg.errors import StoreError

__all__ = ["Column", "Facts", "Links", "facts_of_lines", "facts_of_store"]

Links = Mapping[str, Iterable[str]]
"""What each node is linked to along one property, or back along it."""


class Column(NamedTuple):
    """All triples of one property: `subjects[n]` is linked to `objects[n]`."""

    subjects: list[str]
    objects: list[str]

    def turned(self) -> Column:
        """Give the same links seen from the other end."""
        return Column(self.objects, self.subjects)


_NOTHING = Column([], [])


@dataclass(frozen=True, slots=True)
class Facts:
    """The default graph by property, and the quads of the named graphs as they come.

    `terms` are all subjects and objects of the default graph; a quad of `named` is graph, subject,
    property, object. Every property is written in angle brackets.
    """

    columns: Mapping[str, Column]
    named: tuple[tuple[str, str, str, str], ...]
    terms: Mapping[str, str]
    _out: dict[str, Links] = field(default_factory=dict, repr=False)
    _back: dict[str, Links] = field(default_factory=dict, repr=False)
    _sets: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, repr=False)

    def column(self, name: str) -> Column:
        """Give the triples of a property; none for one that the graph does not use."""
        return self.columns.get(name, _NOTHING)

    def out(self, name: str) -> Links:
        """Give the objects of each subject of a property."""
        if name not in self._out:
            self._out[name] = _linked(self.column(name))
        return self._out[name]

    def back(self, name: str) -> Links:
        """Give the subjects of each object of a property."""
        if name not in self._back:
            self._back[name] = _linked(self.column(name).turned())
        return self._back[name]

    def holders(self, name: str, value: str) -> frozenset[str]:
        """Give the subjects that a property links to one value."""
        key = (name, value)
        if key not in self._sets:
            self._sets[key] = frozenset(self.back(name).get(value, ()))
        return self._sets[key]

    def lines(self) -> Iterator[str]:
        """Write everything as N-Quads lines."""
        for name, (subjects, objects) in self.columns.items():
            for subject, value in zip(subjects, objects, strict=True):
                yield f"{subject} {name} {value} ."
        for graph, subject, name, value in self.named:
            yield f"{subject} {name} {value} {graph} ."


def _linked(column: Column) -> Links:
    subjects, objects = column
    if len(set(subjects)) == len(subjects):
        return dict(zip(subjects, zip(objects, strict=True), strict=True))
    many: defaultdict[str, list[str]] = defaultdict(list)
    for subject, value in zip(subjects, objects, strict=True):
        many[subject].append(value)
    return dict(many)


def facts_of_lines(lines: Iterable[str]) -> Facts:
    """Sort N-Quads lines, each `<s> <p> o .` or `<s> <p> o <g> .`, into columns."""
    columns: dict[str, Column] = {}
    named: list[tuple[str, str, str, str]] = []
    terms: dict[str, str] = {}
    keep = terms.setdefault
    for line in lines:
        subject, name, rest = line.split(" ", 2)
        value = rest[:-2]
        graph = _graph_of(value)
        if graph:
            named.append((graph, subject, name, value[: -len(graph) - 1]))
            continue
        column = columns.get(name)
        if column is None:
            column = columns[name] = Column([], [])
        column.subjects.append(keep(subject, subject))
        column.objects.append(keep(value, value))
    return Facts(columns, tuple(named), terms)


def _graph_of(value: str) -> str:
    """Give the graph's name at the end of an object, "" where there is none."""
    if not value.endswith(">"):
        return ""
    space = value.rfind(" ")
    if space < 0 or (value[0] == '"' and value.rfind('"') > space):
        return ""
    return value[space + 1 :]


def facts_of_store(store: pyoxigraph.Store) -> Facts:
    """Read a whole store into columns.

    Raises:
        StoreError: the store cannot be read.
    """
    try:
        text = store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    except (OSError, ValueError) as error:
        raise StoreError(f"the store cannot be read: {error}") from error
    return facts_of_lines(text.decode("utf-8").split("\n")[:-1])
