"""The SHACL shapes as plain values: read from Turtle, flattened, every construct known or refused.

In: a folder of `*.ttl` shapes. Out: `Shape` values, one for each shape that carries constraints,
with its targets, path, message and severity.
Neither validates nor writes queries (`kg.graph.validate`, `kg.graph.shapes_compile` do);
never leaves a construct out in silence: what it does not know raises `UsageError`.

A shape's local name is the code of its findings: `kgs:text-sha256` gives `text-sha256`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import pyoxigraph

from kg.errors import UsageError
from kg.graph.vocab import RDF
from kg.model import Level

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SH", "Constraint", "Shape", "SparqlTarget", "Target", "code_of", "load_shapes"]

SH: Final = "http://www.w3.org/ns/shacl#"
_NIL: Final = RDF.NS + "nil"
_LEVELS: Final = {
    SH + "Violation": Level.ERROR,
    SH + "Warning": Level.WARNING,
    SH + "Info": Level.NOTE,
}
_PARAMETERS: Final = (
    "minCount",
    "maxCount",
    "datatype",
    "class",
    "nodeKind",
    "in",
    "hasValue",
    "pattern",
    "minLength",
    "closed",
)
"""The constraint parameters that shapes may use, in the order constraints are listed."""

_LISTS: Final = frozenset({"in", "closed"})
_NOT_CONSTRAINTS: Final = frozenset(
    {
        RDF.type,
        *(
            SH + name
            for name in (
                "ignoredProperties",
                "message",
                "path",
                "property",
                "severity",
                "target",
                "targetClass",
                "targetObjectsOf",
                "targetSubjectsOf",
            )
        ),
    }
)
_PATH_MARKS: Final = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}

Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


class Target(NamedTuple):
    """A target given by vocabulary: `kind` is targetClass, targetSubjectsOf or targetObjectsOf."""

    kind: str
    iri: str


class SparqlTarget(NamedTuple):
    """A target given by a query that selects `$this`; `prologue` declares its prefixes."""

    prologue: str
    select: str


class Constraint(NamedTuple):
    """One constraint: the SHACL parameter and its values as N-Triples terms, lists unfolded."""

    parameter: str
    values: tuple[str, ...]

    @property
    def component(self) -> str:
        """The local name of the SHACL constraint component: `minCount` → `MinCount`."""
        return self.parameter[0].upper() + self.parameter[1:]


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape with constraints: whom it is about, which path it looks along, what it demands.

    `path` is a SPARQL property path, "" for a node shape, which looks at the focus node itself.
    """

    iri: str
    path: str
    targets: tuple[Target | SparqlTarget, ...]
    constraints: tuple[Constraint, ...]
    message: str
    level: Level

    @property
    def code(self) -> str:
        """The short name findings carry."""
        return code_of(self.iri)


def code_of(iri: str) -> str:
    """Give the code of a shape.

    >>> code_of("https://w3id.org/claim-provenance/shape#text-sha256")
    'text-sha256'
    """
    return iri.rpartition("#")[2]


def load_shapes(folder: Path) -> tuple[Shape, ...]:
    """Read every `*.ttl` of the folder, sorted by shape; cached until a file changes.

    Raises:
        UsageError: for a missing folder, Turtle that cannot be read, or an unknown construct.
    """
    files = tuple(sorted(folder.glob("*.ttl")))
    if not files:
        raise UsageError(f"{folder}: no shapes here (*.ttl); reinstall or name another folder")
    return _load(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> tuple[Shape, ...]:
    reader = _Reader()
    for path, _ in files:
        reader.add(path)
    return reader.shapes()


class _Reader:
    """The triples of all shape files, indexed by subject and property."""

    def __init__(self) -> None:
        self.nodes: dict[Node, dict[str, list[Node]]] = {}
        self.files: dict[Node, Path] = {}

    def add(self, path: Path) -> None:
        try:
            text = path.read_bytes()
            triples = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise UsageError(f"{path}: not Turtle that can be read: {error}") from error
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error}") from error
        for triple in triples:
            properties = self.nodes.setdefault(triple.subject, {})
            properties.setdefault(triple.predicate.value, []).append(triple.object)
            self.files.setdefault(triple.subject, path)

    def shapes(self) -> tuple[Shape, ...]:
        targets: dict[Node, list[Target | SparqlTarget]] = {}
        for node in self.nodes:
            if not self._is_shape(node):
                continue
            own = self._targets(node)
            targets.setdefault(node, []).extend(own)
            for inner in self._objects(node, SH + "property"):
                if inner not in self.nodes:
                    raise self._refuse(node, f"names {inner}, which is described nowhere")
                targets.setdefault(inner, []).extend(own)
        made = [self._shape(node, found) for node, found in targets.items()]
        return tuple(sorted((shape for shape in made if shape), key=lambda shape: shape.iri))

    def _is_shape(self, node: Node) -> bool:
        kinds = {str(kind) for kind in self._objects(node, RDF.type)}
        return not kinds.isdisjoint({f"<{SH}NodeShape>", f"<{SH}PropertyShape>"})

    def _shape(self, node: Node, targets: list[Target | SparqlTarget]) -> Shape | None:
        constraints = self._constraints(node)
        if not constraints:
            return None
        if not isinstance(node, pyoxigraph.NamedNode):
            raise self._refuse(node, "has constraints but no name; name it kgs:… after its finding")
        if not targets:
            raise self._refuse(node, "has no target, so it checks nothing; give it one")
        messages = self._objects(node, SH + "message")
        if len(messages) != 1:
            raise self._refuse(node, "needs exactly one sh:message")
        severities = self._objects(node, SH + "severity") or [
            pyoxigraph.NamedNode(SH + "Violation")
        ]
        level = _LEVELS.get(severities[0].value)
        if level is None or len(severities) > 1:
            raise self._refuse(node, "has a severity that is not Violation, Warning or Info")
        paths = self._objects(node, SH + "path")
        if len(paths) > 1:
            raise self._refuse(node, "has two paths")
        return Shape(
            iri=node.value,
            path=self._path(paths[0], node) if paths else "",
            targets=tuple(dict.fromkeys(targets)),
            constraints=constraints,
            message=messages[0].value,
            level=level,
        )

    def _constraints(self, node: Node) -> tuple[Constraint, ...]:
        known = {SH + name for name in _PARAMETERS}
        for name in self.nodes[node]:
            if name not in known and name not in _NOT_CONSTRAINTS:
                raise self._refuse(node, f"uses <{name}>, which the compiled engine does not know")
        found = []
        for name in _PARAMETERS:
            values = self._objects(node, SH + name)
            if not values:
                continue
            if len(values) > 1:
                raise self._refuse(node, f"gives sh:{name} twice")
            if name == "closed":
                if values[0].value != "true" or self._objects(node, SH + "property"):
                    raise self._refuse(node, "must be closed by sh:ignoredProperties alone")
                values = self._objects(node, SH + "ignoredProperties")
            items = self._list(values[0], node) if name in _LISTS else values
            found.append(Constraint(name, tuple(str(item) for item in items)))
        return tuple(found)

    def _targets(self, node: Node) -> list[Target | SparqlTarget]:
        found: list[Target | SparqlTarget] = [
            Target(kind, iri.value)
            for kind in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
            for iri in self._objects(node, SH + kind)
        ]
        for target in self._objects(node, SH + "target"):
            selects = self._objects(target, SH + "select")
            if len(selects) != 1:
                raise self._refuse(node, "has a sh:target that is not one sh:select query")
            found.append(SparqlTarget(self._prologue(target), selects[0].value))
        return found

    def _prologue(self, target: Node) -> str:
        lines = set()
        for owner in self._objects(target, SH + "prefixes"):
            for declared in self._objects(owner, SH + "declare"):
                prefix = self._objects(declared, SH + "prefix")[0].value
                namespace = self._objects(declared, SH + "namespace")[0].value
                lines.add(f"PREFIX {prefix}: <{namespace}>")
        return "\n".join(sorted(lines))

    def _path(self, path: Node, shape: Node) -> str:
        """Write a SHACL path as a SPARQL path: https://www.w3.org/TR/shacl/#property-paths."""
        if isinstance(path, pyoxigraph.NamedNode) and path.value != _NIL:
            return str(path)
        properties = self.nodes.get(path, {})
        if RDF.NS + "first" in properties:
            return "/".join(self._path(step, shape) for step in self._list(path, shape))
        for name, values in properties.items():
            local = name.removeprefix(SH)
            if local == "inversePath":
                return f"^({self._path(values[0], shape)})"
            if local == "alternativePath":
                steps = self._list(values[0], shape)
                return "(" + "|".join(self._path(step, shape) for step in steps) + ")"
            if local in _PATH_MARKS:
                return f"({self._path(values[0], shape)}){_PATH_MARKS[local]}"
        raise self._refuse(shape, "has a path that the compiled engine does not know")

    def _list(self, head: Node, shape: Node) -> list[Node]:
        items: list[Node] = []
        while not (isinstance(head, pyoxigraph.NamedNode) and head.value == _NIL):
            firsts = self._objects(head, RDF.NS + "first")
            rests = self._objects(head, RDF.NS + "rest")
            if len(firsts) != 1 or len(rests) != 1:
                raise self._refuse(shape, "holds a broken list")
            items.append(firsts[0])
            head = rests[0]
        return items

    def _objects(self, node: Node, name: str) -> list[Node]:
        return self.nodes.get(node, {}).get(name, [])

    def _refuse(self, node: Node, why: str) -> UsageError:
        return UsageError(f"{self.files.get(node, 'shapes')}: shape {node} {why}")
