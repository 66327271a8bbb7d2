"""Shapes to SPARQL: one query for each constraint, which selects exactly its violators.

In: `kg.graph.shapes.Shape` values and the class hierarchy of the data. Out: `Probe` values, each a
query with what its answers mean.
Runs nothing (`kg.graph.validate` does) and drops nothing: a combination no template serves raises
`UsageError`. The templates are data, in `shapes_sparql.toml` beside this file.

The reference is pySHACL; tests compare the findings of both on every example and on mutated data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from kg.errors import UsageError
from kg.graph.shapes import SH, Constraint, Shape, SparqlTarget, Target
from kg.graph.vocab import XSD

__all__ = [
    "Hierarchy",
    "Probe",
    "compile_shape",
    "subclasses",
]

Hierarchy = Mapping[str, tuple[str, ...]]
"""Class → every class below it in the data, sorted; a class without subclasses is absent."""

_COUNTS: Final = frozenset({"minCount", "maxCount"})
_UNCHECKED_DATATYPES: Final = "http://id.loc.gov/datatypes/edtf/"


class Probe(NamedTuple):
    """One query for the violators of one constraint.

    It selects `?this`, and `?value` and `?path` where the result carries them; a node shape's
    value is the focus node itself and is selected as `?value`.
    """

    shape: Shape
    component: str
    query: str


def compile_shape(
    shape: Shape, hierarchy: Hierarchy, focus: Iterable[str] | None = None
) -> tuple[Probe, ...]:
    """Write one probe for each of a shape's constraints; with `focus`, for these nodes only.

    Raises:
        UsageError: where a constraint does not fit its shape or has no template.
    """
    target = _targets(shape, hierarchy, focus)
    return tuple(
        Probe(
            shape,
            SH + constraint.component + "ConstraintComponent",
            _query(shape, constraint, hierarchy).replace("{target}", target),
        )
        for constraint in shape.constraints
        if constraint != Constraint("minCount", (_integer(0),))
    )


def subclasses(links: Iterable[tuple[str, str]]) -> Hierarchy:
    """Close the links (lower, upper) downwards.

    >>> subclasses([("b", "a"), ("c", "b")])
    {'a': ('b', 'c'), 'b': ('c',)}
    """
    below: dict[str, set[str]] = {}
    for lower, upper in links:
        below.setdefault(upper, set()).add(lower)
    closed: dict[str, tuple[str, ...]] = {}
    for top, direct in below.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            lower = waiting.pop()
            if lower not in seen:
                seen.add(lower)
                waiting.extend(below.get(lower, ()))
        closed[top] = tuple(sorted(seen - {top}))
    return closed


@lru_cache(maxsize=1)
def _templates() -> dict[str, dict[str, str]]:
    text = resources.files("kg.graph").joinpath("shapes_sparql.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _query(shape: Shape, constraint: Constraint, hierarchy: Hierarchy) -> str:
    parameter, values = constraint
    templates = _templates()
    if not shape.path and parameter in (_COUNTS | {"hasValue"}):
        raise _refuse(shape, f"sh:{parameter} needs a sh:path")
    if shape.path and parameter == "closed":
        raise _refuse(shape, "sh:closed stands on node shapes only")
    if parameter in _COUNTS:
        query = _count(parameter, values[0], shape)
    elif parameter == "class":
        query = templates["values"]["class"].replace(
            "{class}", _class(values[0].strip("<>"), hierarchy)
        )
    elif parameter in templates["other"]:
        query = templates["other"][parameter]
    else:
        query = templates["values"]["any"].replace("{test}", _test(shape, constraint))
    bind = f"?this {shape.path} ?value" if shape.path else "BIND (?this AS ?value)"
    return _put(query.replace("{bind}", bind).replace("{path}", shape.path), values)


def _put(query: str, values: tuple[str, ...]) -> str:
    term = values[0] if values else ""
    return query.replace("{term}", term).replace("{list}", ", ".join(values))


def _count(parameter: str, value: str, shape: Shape) -> str:
    templates = _templates()["count"]
    number = _number(value, shape)
    if parameter == "minCount":
        name = "min-more" if number > 1 else "min-one" if _is_property(shape) else "min-along"
    elif number == 0:
        name = "max-none"
    elif _is_property(shape):
        name = "max-of-property"
    else:
        name = "max-one" if number == 1 else "max-more"
    return templates[name].replace("{n}", str(number))


def _is_property(shape: Shape) -> bool:
    return shape.path.startswith("<") and shape.path.count(">") == 1


def _test(shape: Shape, constraint: Constraint) -> str:
    parameter, values = constraint
    templates = _templates()
    if parameter == "nodeKind":
        return templates["nodeKind"][values[0].strip("<>").removeprefix(SH)]
    if parameter == "in" and not values:
        return "false"
    test = templates["test"].get(parameter)
    if test is None:
        raise _refuse(shape, f"sh:{parameter} has no template")
    if parameter == "minLength":
        return test.replace("{n}", str(_number(values[0], shape)))
    if parameter == "datatype":
        return test + _well_formed(shape, values[0].strip("<>"))
    return test


def _well_formed(shape: Shape, datatype: str) -> str:
    if datatype == XSD.string or datatype.startswith(_UNCHECKED_DATATYPES):
        return ""
    test = _templates()["wellFormed"].get(datatype.removeprefix(XSD.NS))
    if test is None:
        raise _refuse(shape, f"the datatype <{datatype}> has no test of its values")
    return f" && {test}"


def _targets(shape: Shape, hierarchy: Hierarchy, focus: Iterable[str] | None) -> str:
    only = "" if focus is None else f"VALUES ?this {{ {' '.join(f'<{iri}>' for iri in focus)} }} "
    parts = [_target(target, hierarchy, only) for target in shape.targets]
    return parts[0] if len(parts) == 1 else " UNION ".join(f"{{ {part} }}" for part in parts)


def _target(target: Target | SparqlTarget, hierarchy: Hierarchy, only: str) -> str:
    if isinstance(target, SparqlTarget):
        head, brace, body = target.select.partition("{")
        return f"{{ {head}{brace} {only}{body} }}"
    template = _templates()["target"][target.kind]
    return only + template.replace("{class}", _class(target.iri, hierarchy, "targetClass")).replace(
        "{term}", f"<{target.iri}>"
    )


def _class(iri: str, hierarchy: Hierarchy, variable: str = "valueClass") -> str:
    below = hierarchy.get(iri, ())
    templates = _templates()["classes"]
    if not below:
        return templates["one"].replace("{class}", f"<{iri}>")
    names = ", ".join(f"<{name}>" for name in (iri, *below))
    return templates["several"].replace("{variable}", variable).replace("{list}", names)


def _number(value: str, shape: Shape) -> int:
    digits = value.split('"')[1] if value.startswith('"') else value
    if not digits.isdigit():
        raise _refuse(shape, f"{value} is not a whole number")
    return int(digits)


def _integer(number: int) -> str:
    return f'"{number}"^^<{XSD.integer}>'


def _refuse(shape: Shape, why: str) -> UsageError:
    return UsageError(f"shape {shape.code}: {why}; the compiled engine cannot check it")
