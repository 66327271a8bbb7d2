"""Records into the store: everything at first, later only what changed.

In: a `Loaded` collection and a `Project`. Out: a new current generation of the store, and a
`BuildReport`. Writes no Turtle (`kg.graph.files`) and checks no shapes (`kg.graph.validate`).

A small edit is a comparison: the quads that the changed owners have in the store against those
that their records give now. A record owns its document and all that hangs on it; it shares its
claims, each of which goes when nothing conveys it any more; the registries own the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import StoreError
from kg.graph.derivation import Derivation, derived_graph, update_derived
from kg.graph.emit_record import record_quads
from kg.graph.emit_registries import registry_quads
from kg.graph.generations import (
    DerivedPart,
    Moved,
    State,
    copy_registries,
    current_generation,
    lock_for_building,
    next_generation,
    read_registries,
    read_state,
    write_registries,
    write_state,
)
from kg.graph.lookup import Lookup, make_lookup
from kg.graph.owned import (
    Graph,
    moved_references,
    names_of,
    quads_of,
    record_owned,
    registry_owned,
)
from kg.graph.predicates import load_predicates, qualifier_labels
from kg.graph.writing import bulk_load, writing
from kg.project import data_folder
from kg.records.load import load_collection
from kg.records.settled import Outline, Settled, outline_of, plain_items

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

    from kg.model import Collection, Record
    from kg.project import Project
    from kg.records.load import Loaded

__all__ = [
    "BuildReport",
    "RecordChanges",
    "build_store",
    "collection_quads",
    "last_build",
    "project_lookup",
]

MAPPING = "1"
"""The version of how records become quads; a new one makes the next build a full one."""

_RECORD = "record:"
_REGISTRY = "registry:"
_NOTHING = Outline("")
_FEW = 3
"""Above one owner in so many, comparing costs more than building everything."""


class RecordChanges(NamedTuple):
    """Which record and registry files are other ones than at the last build, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: quads added and removed, the records behind them, and whether all anew.

    `records_changed` names the records whose quads were made again, `since` what changed on disk.
    """

    added: int
    removed: int
    records_changed: tuple[str, ...]
    full: bool
    since: RecordChanges = field(default_factory=RecordChanges)
    derived: DerivedPart = field(default_factory=DerivedPart)

    @property
    def changed(self) -> bool:
        """Whether the graph is another one now."""
        return bool(self.added or self.removed or self.full)


def last_build(project: Project) -> Settled | None:
    """Give what the store was built from, if it would be built so today.

    For `load_collection(project, settled=…)`, which then reads what changed alone. None where the
    store must be built whole: none yet, what is kept of it damaged, or made with other settings.
    """
    generation = current_generation(project.store)
    if generation is None:
        return None
    state = read_state(generation)
    if state.settings != _settings_digest(project):
        return None
    items = read_registries(generation, state)
    return None if items is None else Settled(state.owners, items)


def _settings_digest(project: Project) -> str:
    ontology = data_folder("ontology")
    return _digest_of(
        MAPPING,
        project.base,
        load_predicates(ontology, project.sources).digest,
        json.dumps(qualifier_labels(ontology), sort_keys=True),
    )


def _digest_of(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def project_lookup(
    collection: Collection, project: Project, *, graph: Graph | None = None
) -> Lookup:
    """Index a collection under a project's base and vocabulary.

    With `graph`, attributions of records that were not read are looked up there.

    Raises:
        RecordError: the predicate vocabulary cannot be read.
    """
    ontology = data_folder("ontology")
    return make_lookup(
        collection,
        base=project.base,
        predicates=load_predicates(ontology, project.sources),
        qualifiers=qualifier_labels(ontology),
        stored=graph.attribution if graph else _nowhere,
    )


def _nowhere(_name: str) -> str:
    return ""


def collection_quads(collection: Collection, lookup: Lookup) -> Iterator[str]:
    """Give every quad of a collection as N-Quads lines, each once."""
    for batch in _batches(collection, lookup):
        yield from batch


def _batches(collection: Collection, lookup: Lookup) -> Iterator[list[str]]:
    """Give the quads of the registries, then those of each record in turn."""
    yield list(dict.fromkeys(registry_quads(collection, lookup)))
    seen: set[str] = set()
    for record in collection.records:
        yield list(dict.fromkeys(record_quads(record, lookup, seen)))


def build_store(
    loaded: Loaded,
    project: Project,
    *,
    full: bool = False,
    derivation: Derivation | None = None,
) -> BuildReport:
    """Bring the store to what the records say; it changes whole or not at all.

    Only what changed is rebuilt, unless nothing usable is there, much changed, or `full` is asked.
    `derivation` makes the derived graph, in the same generation; without it there is none.

    Raises:
        RecordError: the records have errors; nothing is built.
        StoreError: another build is at work, or the store cannot be written.
    """
    loaded.require()
    with lock_for_building(project.store):
        generation = current_generation(project.store)
        state = read_state(generation) if generation else State()
        settings = _settings_digest(project)
        graph = None if full or generation is None else _usable(generation, state, settings)
        if graph and generation and not (loaded.skipped or read_registries(generation, state)):
            graph = None
        if graph is None:
            return _build_all(_whole(loaded, project), project, settings, state, derivation)
        if _revision(settings, loaded.digests, derivation) == state.revision:
            return BuildReport(0, 0, (), full=False, derived=state.derived)
        change = _change(loaded, project, state, graph)
        if change is None:
            return _build_all(_whole(loaded, project), project, settings, state, derivation)
        return _apply(change, loaded, project, state, graph, derivation)


def _usable(generation: Path, state: State, settings: str) -> Graph | None:
    if state.settings != settings:
        return None
    try:
        return Graph.open(generation)
    except StoreError:
        return None


def _whole(loaded: Loaded, project: Project) -> Loaded:
    """Read everything where the caller read only what changed."""
    if not loaded.skipped:
        return loaded
    whole = load_collection(project)
    whole.require()
    return whole


def _revision(settings: str, digests: Mapping[str, str], derivation: Derivation | None) -> str:
    owners = (f"{owner} {digests[owner]}" for owner in sorted(digests))
    return _digest_of(settings, derivation.digest if derivation else "", *owners)


def _since(state: State, digests: Mapping[str, str]) -> RecordChanges:
    """Compare the files with those of the last build."""

    def named(owners: Iterable[str], prefix: str = _RECORD) -> tuple[str, ...]:
        return tuple(
            sorted(owner.removeprefix(prefix) for owner in owners if owner.startswith(prefix))
        )

    old = {owner: outline.digest for owner, outline in state.owners.items()}
    other = {owner for owner in old.keys() & digests.keys() if old[owner] != digests[owner]}
    come, gone = digests.keys() - old.keys(), old.keys() - digests.keys()
    return RecordChanges(
        named(come), named(other), named(gone), named(come | other | gone, _REGISTRY)
    )


def _things(lookup: Lookup) -> dict[str, str]:
    return {
        name: hashlib.sha256(repr(thing).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        for name, thing in lookup.things.items()
    }


# -- everything ------------------------------------------------------------------------------------


def _build_all(
    loaded: Loaded, project: Project, settings: str, old: State, derivation: Derivation | None
) -> BuildReport:
    collection = loaded.collection
    lookup = project_lookup(collection, project)
    owners = _outlines(loaded, {})
    revision = _revision(settings, loaded.digests, derivation)
    with next_generation(project.store) as generation:
        folder = generation / "graph"
        count = bulk_load(folder, _batches(collection, lookup))
        part = DerivedPart()
        if derivation is not None:
            with writing(folder) as store:
                part = update_derived(store, project.base, derivation).part
            count += part.quads
        state = State(settings, owners, _things(lookup), revision, count, part)
        write_registries(generation, state, plain_items(collection, loaded.locations))
        write_state(generation, state)
    slugs = tuple(record.slug for record in collection.records)
    since = _since(old, loaded.digests)
    return BuildReport(count, old.quads, slugs, full=True, since=since, derived=part)


def _outlines(loaded: Loaded, old: Mapping[str, Outline]) -> dict[str, Outline]:
    """Outline every owner; those that were not read are as they were."""
    outlines = {owner: Outline(digest) for owner, digest in loaded.digests.items()}
    for record in loaded.collection.records:
        owner = _RECORD + record.slug
        outlines[owner] = outline_of(record, loaded.digests[owner])
    return outlines | {owner: old[owner] for owner in loaded.skipped if owner in old}


# -- what changed ----------------------------------------------------------------------------------


class _Change(NamedTuple):
    slugs: tuple[str, ...]
    removed: set[ox.Quad]
    added: set[ox.Quad]
    things: Mapping[str, str]


def _change(loaded: Loaded, project: Project, state: State, graph: Graph) -> _Change | None:
    """Compare the changed owners' quads; None where building everything is the better way."""
    stale = {
        owner
        for owner in state.owners.keys() | loaded.digests.keys()
        if state.owners.get(owner, _NOTHING).digest != loaded.digests.get(owner, "")
    }
    registries = any(owner.startswith(_REGISTRY) for owner in stale)
    # A record that was skipped but is another one now: someone else has built in between.
    if (registries and loaded.skipped) or not stale.isdisjoint(loaded.skipped):
        return None
    lookup = project_lookup(loaded.collection, project, graph=graph)
    dirty = {owner.removeprefix(_RECORD) for owner in stale if owner.startswith(_RECORD)}
    things = _things(lookup) if registries else state.things
    if registries:
        dirty |= _touched(loaded.collection, state.things, things)
    if len(dirty) * _FEW > len(loaded.digests) and len(dirty) > _FEW and not loaded.skipped:
        return None
    records = [record for record in loaded.collection.records if record.slug in dirty]
    texts = {state.owners[_RECORD + slug].text for slug in dirty if _RECORD + slug in state.owners}
    texts |= {record.document.sha256 for record in records}
    old = record_owned(graph, [f"{project.base}text/{text[:16]}" for text in sorted(texts)])
    new = quads_of(line for record in records for line in record_quads(record, lookup))
    if registries:
        old |= registry_owned(graph)
        new |= quads_of(registry_quads(loaded.collection, lookup))
    references = moved_references(old, new, graph)
    if references is None:
        return None
    gone, come = references
    return _Change(tuple(sorted(dirty)), (old | gone) - new, (new | come) - old, things)


def _touched(collection: Collection, old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """Find the records that name a thing whose IRI or label is another one now."""
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not changed:
        return set()
    return {record.slug for record in collection.records if not changed.isdisjoint(_named(record))}


def _named(record: Record) -> Iterator[str]:
    for attribution in record.attributions:
        yield from attribution.speakers
        yield from attribution.chain
        for claim in attribution.claims:
            yield claim.subject
            yield claim.object
            yield from (value for _, value in claim.qualifiers)


def _apply(
    change: _Change,
    loaded: Loaded,
    project: Project,
    state: State,
    graph: Graph,
    derivation: Derivation | None,
) -> BuildReport:
    # A claim that other records convey too is in the store already: it is not added twice.
    added = [quad for quad in change.added if quad not in graph.store]
    owners = _outlines(loaded, state.owners)
    revision = _revision(state.settings, loaded.digests, derivation)
    before = current_generation(project.store)
    gone, come = len(change.removed), len(added)
    with next_generation(project.store) as generation:
        folder = generation / "graph"
        with writing(folder, copied=graph) as store:
            for quad in change.removed:
                store.remove(quad)
            store.extend(added)
            part, derived = state.derived, ""
            if gone or come or part.digest != (derivation.digest if derivation else ""):
                update = update_derived(store, project.base, derivation)
                part, gone, come = update.part, gone + update.removed, come + update.added
                derived = derived_graph(project.base) if update.added or update.removed else ""
        quads = state.quads + come - gone
        subjects, graphs = names_of(change.removed.union(added))
        moved = Moved(state.revision, subjects, (*graphs, derived) if derived else graphs)
        now = State(state.settings, owners, change.things, revision, quads, part, moved)
        if loaded.skipped and before:
            copy_registries(before, generation)
        else:
            items = plain_items(loaded.collection, loaded.locations)
            write_registries(generation, now, items)
        write_state(generation, now)
    since = _since(state, loaded.digests)
    return BuildReport(come, gone, change.slugs, full=False, since=since, derived=part)
