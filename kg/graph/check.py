"""One list of everything that is wrong: records, bytes and shapes, each at its file and line.

In: a loaded collection, its project, the texts held here. Out: sorted findings.
Builds its own graph in memory from the records, so that what is checked is what the records say
now; neither reads nor changes the store on disk.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import StoreError, UsageError
from kg.graph.build import collection_quads, project_lookup
from kg.graph.predicates import predicate_findings
from kg.graph.shapes_facts import Facts, facts_of_lines
from kg.graph.shapes_test import lexical
from kg.graph.validate import ShapeResult, validate_named, validate_store
from kg.graph.vocab import DCTERMS, KG, PREFIXES, RDF
from kg.model import UNIDENTIFIED, Collection, Finding, Level, Record
from kg.project import data_folder
from kg.records.load import Location
from kg.records.verify import verify_collection

if TYPE_CHECKING:
    from kg.graph.lookup import Lookup
    from kg.graph.validate import Engine
    from kg.project import Project
    from kg.records.load import Loaded

__all__ = ["RecordGraph", "check_collection", "graph_of"]

_ENGINES: Final[dict[str, Engine]] = {"compiled": "compiled", "pyshacl": "pyshacl"}
_AT_ONCE: Final = 50_000
_SHOWN: Final = 80
_SPANS: Final = (KG.hasEvidence, KG.hasCueSpan, KG.hasMentionSpan)
_LISTS: Final = {
    "agent": "agents",
    "topic": "topics",
    "outlet": "outlets",
    "family": "families",
    "source": "sources",
    "utterance": "utterances",
    "alignment": "alignments",
}
_SAID: Final = frozenset({"claim-predicate-unknown"})
"""Shapes that repeat in the graph what a record's own check has said more fully."""


def check_collection(
    loaded: Loaded,
    project: Project,
    *,
    texts: Mapping[str, str],
    engine: str = "compiled",
    only: Some[str] | None = None,
) -> list[Finding]:
    """List every fault of a collection, sorted by place, each once.

    Where records cannot be read or name what is not there, their faults come alone: a graph made
    of them would only repeat them. With `only`, just these records (slugs) are looked at, with
    all the registries.

    Raises:
        UsageError: there is no such engine.
    """
    if engine not in _ENGINES:
        raise UsageError(f"no engine `{engine}`; use one of: {', '.join(sorted(_ENGINES))}")
    if only is not None:
        wanted = frozenset(only)
        near = check_collection(_narrowed(loaded, wanted), project, texts=texts, engine=engine)
        return [finding for finding in near if finding.subject.partition("#")[0] in wanted]
    lookup = project_lookup(loaded.collection, project)
    findings = {
        *loaded.findings,
        *verify_collection(loaded, texts),
        *predicate_findings(loaded.collection, lookup.predicates, loaded.locations),
    }
    if not any(finding.level is Level.ERROR for finding in loaded.findings):
        findings.update(_graph_findings(loaded, project, lookup, engine))
    return sorted(findings)


def _graph_findings(
    loaded: Loaded, project: Project, lookup: Lookup, engine: str
) -> Iterator[Finding]:
    graph = graph_of(loaded.collection, lookup)
    shapes = data_folder("ontology") / "shapes"
    results = validate_store(graph, shapes_folder=shapes, engine=_ENGINES[engine])
    results.extend(validate_named(graph, shapes_folder=shapes))
    places = _Places(graph.facts, loaded, project.base, project.relative(project.sources))
    return (places.finding(result) for result in results if result.code not in _SAID)


class RecordGraph:
    """What records say, as columns; as an Oxigraph store too where somebody asks for it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._facts = facts_of_lines(lines)

    @property
    def facts(self) -> Facts:
        """Every quad by property."""
        return self._facts

    @cached_property
    def raw(self) -> ox.Store:
        """The same quads in memory, for questions in SPARQL.

        Raises:
            StoreError: the records make quads that Oxigraph refuses.
        """
        store = ox.Store()
        try:
            lines = self.facts.lines()
            while batch := list(islice(lines, _AT_ONCE)):
                quads = "\n".join(batch).encode("utf-8", "replace")
                store.bulk_load(quads, ox.RdfFormat.N_QUADS)
        except (SyntaxError, ValueError, OSError) as error:
            raise StoreError(f"the records make quads that cannot be read: {error}") from error
        return store


def graph_of(collection: Collection, lookup: Lookup) -> RecordGraph:
    """Make the graph of a collection in memory, with the predicates it may use."""
    known = lookup.predicates
    iris = sorted({known.iri(name) for name in known.by_name})
    allowed = (f"<{iri}> <{RDF.type}> <{KG.ClaimPredicate}> ." for iri in iris)
    return RecordGraph(chain(collection_quads(collection, lookup), allowed))


class _Places:
    """Leads a node of the graph back to the record or registry entry that it comes from."""

    def __init__(self, facts: Facts, loaded: Loaded, base: str, sources: str) -> None:
        self._facts = facts
        self._locations = loaded.locations
        self._base = base
        self._nowhere = Location(sources, 0)

    def finding(self, result: ShapeResult) -> Finding:
        """Say a result as a finding, at its file and line."""
        owner = self._owner(result.focus)
        path, line = self._locations.get(owner, self._nowhere)
        found = self._shown(result.value) if result.value not in ("", result.focus) else ""
        message = f"{result.message} Found: {found}" if found else result.message
        return Finding(path, line, result.level, result.code, message, owner or result.focus)

    def _owner(self, iri: str) -> str:
        """Give the location key of a node, such as `slug#id` or `agents/id`; "" without one."""
        if not iri.startswith(self._base):
            return ""
        kind, _, rest = iri.removeprefix(self._base).partition("/")
        name = rest.partition("/")[0]
        if kind == "text":
            return self._of_text(iri, name)
        if kind == "claim":
            return self._of_claim(iri)
        if kind == "outlet" and name.startswith(f"{UNIDENTIFIED}-"):
            return self._identifier(f"{self._base}text/{name.removeprefix(f'{UNIDENTIFIED}-')}")
        return f"{_LISTS[kind]}/{name}" if kind in _LISTS else ""

    def _of_text(self, iri: str, text: str) -> str:
        document = f"{self._base}text/{text}"
        part, _, name = iri.removeprefix(f"{document}/").partition("/")
        if part == "attribution":
            return self._identifier(f"{document}/attribution/{name.partition('/')[0]}")
        if part == "span":
            span = f"{document}/span/{name.partition('/')[0]}"
            owners = [
                self._identifier(node)
                for predicate in _SPANS
                for node in self._subjects(predicate, span)
            ]
            if any(owners):
                return min(filter(None, owners))
        return self._identifier(document)

    def _of_claim(self, claim: str) -> str:
        owners = [self._identifier(node) for node in self._subjects(KG.conveys, claim)]
        if any(owners):
            return min(filter(None, owners))
        for side in (KG.left, KG.right):
            for alignment in self._subjects(side, claim):
                return self._owner(alignment)
        return ""

    def _identifier(self, iri: str) -> str:
        names = self._facts.out(f"<{DCTERMS.identifier}>").get(f"<{iri}>", ())
        return min((lexical(name) for name in names if name.startswith('"')), default="")

    def _subjects(self, predicate: str, iri: str) -> Iterator[str]:
        for term in self._facts.back(f"<{predicate}>").get(f"<{iri}>", ()):
            if term.startswith("<"):
                yield term[1:-1]

    def _shown(self, value: str) -> str:
        """Shorten an IRI to what a reader knows: an id, a prefixed name; or name its owner."""
        if value.startswith(self._base):
            return self._owner(value) or value.removeprefix(self._base)
        for prefix, namespace in PREFIXES.items():
            if value.startswith(namespace):
                return f"{prefix}:{value.removeprefix(namespace)}"
        line = " ".join(value.split())
        return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def _narrowed(loaded: Loaded, slugs: frozenset[str]) -> Loaded:
    """Keep some records with what they stand on: relayed records, utterances, alignments."""
    collection = loaded.collection
    by_slug = {record.slug: record for record in collection.records}
    unknown = sorted(slugs - by_slug.keys())
    if unknown:
        raise UsageError(f"no record is named `{unknown[0]}`")
    kept: dict[str, Record] = {}
    waiting = sorted(slugs)
    while waiting:
        slug = waiting.pop()
        if slug in by_slug and slug not in kept:
            kept[slug] = by_slug[slug]
            waiting.extend(_relayed(by_slug[slug]))
    records = tuple(kept[slug] for slug in sorted(kept))
    attributions = [(record.slug, item) for record in records for item in record.attributions]
    used = {item.utterance for _, item in attributions}
    sides = {f"{slug}#{item.id}" for slug, item in attributions}
    sides.update(claim.line for _, item in attributions for claim in item.claims)
    narrowed = replace(
        collection,
        records=records,
        utterances=tuple(item for item in collection.utterances if item.id in used),
        alignments=tuple(
            item for item in collection.alignments if item.left in sides and item.right in sides
        ),
    )
    findings = tuple(
        finding for finding in loaded.findings if finding.subject.partition("#")[0] in slugs
    )
    return replace(loaded, collection=narrowed, findings=findings)


def _relayed(record: Record) -> Iterator[str]:
    for attribution in record.attributions:
        for link in attribution.chain:
            if "#" in link:
                yield link.partition("#")[0]
