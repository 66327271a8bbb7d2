"""A first look at each shape on columns: which nodes may violate it, so that most need no query.

In: a `Shape` and `Facts`. Out: its suspects, all true violators among them; none, where it is kept.
Decides nothing: `kg.graph.validate` asks Oxigraph about the suspects, and its answer counts. A
construct that is not known here makes every node a suspect.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from kg.graph.shapes import SH, Constraint, Shape, SparqlTarget, Target
from kg.graph.shapes_facts import Column, Facts
from kg.graph.shapes_select import read_select
from kg.graph.shapes_solve import candidates
from kg.graph.shapes_test import lexical, regular, well_formed
from kg.graph.vocab import RDF

__all__ = ["query_is_quiet", "suspects"]

Hierarchy = Mapping[str, tuple[str, ...]]

_TYPE: Final = f"<{RDF.type}>"
_STEP: Final = re.compile(r"\^\((?P<back><[^<>]*>)\)|(?P<out><[^<>]*>)")
_KINDS: Final = {
    "IRI": "<",
    "Literal": '"',
    "BlankNode": "_",
    "IRIOrLiteral": '<"',
    "BlankNodeOrIRI": "<_",
    "BlankNodeOrLiteral": '_"',
}


def suspects(shape: Shape, facts: Facts, hierarchy: Hierarchy) -> frozenset[str] | None:
    """Give the nodes that may violate a shape, in N-Triples; None for any node there is."""
    focus: set[str] = set()
    for target in shape.targets:
        found = _focus(target, facts, hierarchy)
        if found is None:
            return None
        focus |= found
    if not focus:
        return frozenset()
    column = _along(shape.path, facts, focus)
    if column is None:
        return None
    wrong: set[str] = set()
    for constraint in shape.constraints:
        wrong |= _wrong(shape, constraint, column, focus, facts, hierarchy)
    return frozenset(wrong)


def query_is_quiet(query: str, facts: Facts) -> bool:
    """Tell whether a query surely has no answer."""
    group = read_select(query)
    return group is not None and candidates(facts, group, "?this") == frozenset()


def _focus(
    target: Target | SparqlTarget, facts: Facts, hierarchy: Hierarchy
) -> frozenset[str] | None:
    if isinstance(target, SparqlTarget):
        group = read_select(f"{target.prologue}\n{target.select}")
        return None if group is None else candidates(facts, group, "?this")
    name = f"<{target.iri}>"
    if target.kind == "targetClass":
        return _members(target.iri, facts, hierarchy)
    column = facts.column(name)
    return frozenset(column.subjects if target.kind == "targetSubjectsOf" else column.objects)


def _members(iri: str, facts: Facts, hierarchy: Hierarchy) -> frozenset[str]:
    names = (iri, *hierarchy.get(iri, ()))
    return frozenset().union(*(facts.holders(_TYPE, f"<{name}>") for name in names))


def _along(path: str, facts: Facts, focus: set[str]) -> Column | None:
    """Link each node to its values along a path; None for a path not known here."""
    if not path:
        nodes = list(focus)
        return Column(nodes, nodes)
    column: Column | None = None
    for step in path.split(">/"):
        match = _STEP.fullmatch(step if step.endswith((">", ")")) else f"{step}>")
        if match is None:
            return None
        own = facts.column(match["back"] or match["out"])
        own = own.turned() if match["back"] else own
        if column is None:
            column = own
            continue
        links = facts.back(match["back"]) if match["back"] else facts.out(match["out"])
        pairs = [
            (start, end)
            for start, middle in zip(*column, strict=True)
            for end in links.get(middle, ())
        ]
        column = Column([start for start, _ in pairs], [end for _, end in pairs])
    return column


def _wrong(
    shape: Shape,
    constraint: Constraint,
    column: Column,
    focus: set[str],
    facts: Facts,
    hierarchy: Hierarchy,
) -> set[str]:
    """Give the focus nodes that may violate one constraint."""
    parameter, values = constraint
    match parameter:
        case "minCount":
            return _fewer(column, focus, int(lexical(values[0])))
        case "maxCount":
            return focus & _more(column, int(lexical(values[0])))
        case "hasValue":
            pairs = zip(*column, strict=True)
            return focus.difference(start for start, end in pairs if end == values[0])
        case "closed":
            strange = facts.columns.keys() - set(values)
            return {
                node for name in strange for node in facts.columns[name].subjects if node in focus
            }
    ends = set(column.objects)
    if parameter == "class":
        bad = ends - _members(values[0].strip("<>"), facts, hierarchy)
    elif parameter == "in":
        bad = ends.difference(values)
    else:
        bad = _unmet(parameter, values[0], ends)
    if not bad:
        return set()
    if not shape.path:
        return focus & bad
    return focus.intersection(start for start, end in zip(*column, strict=True) if end in bad)


def _all(parts: Iterable[Iterable[str]]) -> set[str]:
    return set().union(*parts)


def _fewer(column: Column, focus: set[str], least: int) -> set[str]:
    if least <= 1:
        return focus.difference(column.subjects) if least else set()
    counts = Counter(column.subjects)
    return {node for node in focus if counts[node] < least}


def _more(column: Column, most: int) -> set[str]:
    subjects = set(column.subjects)
    if not most or len(subjects) == len(column.subjects):
        return set() if most else subjects
    return {node for node, count in Counter(column.subjects).items() if count > most}


def _unmet(parameter: str, wanted: str, terms: set[str]) -> set[str]:
    """Give the values that may not meet a constraint on their own."""
    if parameter == "nodeKind":
        marks = _KINDS[wanted.strip("<>").removeprefix(SH)]
        return {term for term in terms if term[0] not in marks}
    if parameter == "datatype":
        right = well_formed(wanted.strip("<>"))
        return {term for term in terms if not right(term)}
    if parameter == "minLength":
        least = int(lexical(wanted))
        return {term for term in terms if term[0] == "_" or len(_text(term)) < least}
    pattern = regular(lexical(wanted)) if parameter == "pattern" else None
    if pattern is None:
        return terms
    return {term for term in terms if term[0] == "_" or not pattern.search(_text(term))}


def _text(term: str) -> str:
    return term[1:-1] if term.startswith("<") else lexical(term)
