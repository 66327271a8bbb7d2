"""What the explorer shows: the current graph with its index, swapped whole when a build is done.

In: a project. Out: a `Shelf`, one generation of the graph with everything read of it so far.
A page takes the shelf once and keeps it, so that it never shows half of two graphs.
Changes nothing in the project but its cache under `.kg/explorer`.
"""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from kg.analyse.material import (
    AlignmentFact,
    ClaimFact,
    DocumentFact,
    Material,
    SourceFact,
    UtteranceFact,
)
from kg.analyse.projection import load_material, predicate_facts
from kg.errors import StoreError
from kg.export.words import LANGUAGES, word
from kg.graph.generations import current_generation, read_state
from kg.graph.predicates import load_predicates
from kg.graph.rows import AttributionRow
from kg.graph.store import LocalStore, open_store
from kg.project import Project, data_folder
from kg.records.texts import HeldText, held_texts
from kg.serve.index import SCHEMA, Index, write_index

__all__ = ["Library", "Shelf"]

T = TypeVar("T")
_KEPT = 400
"""Computed parts of pages kept a generation; the oldest used go first."""
_MISSES = 2000
"""Texts remembered as not held, before the folders are looked through again."""


class Shelf:
    """One generation of the graph: the store, the index, and what was computed from them."""

    def __init__(self, project: Project, name: str, store: LocalStore, index: Index) -> None:
        """Keep them; nothing is computed before it is asked for."""
        self.project = project
        self.name = name
        self.store = store
        self.index = index
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Give a value computed before under the same key, or compute and keep it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key])
        value = compute()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return value

    def material(self, rows: Iterable[AttributionRow], language: str) -> Material:
        """Give what the readings read, with these attributions in it and no others."""
        bare = self.once(("material", language), lambda: self._bare_material(language))
        unique = {row.iri: row for row in rows if not row.is_withdrawn}
        return replace(
            bare,
            rows=tuple(unique.values()),
            _rows_by_iri={},
            _rows_by_claim={},
            _claims={},
            _kept={},
        )

    def _bare_material(self, language: str) -> Material:
        found = self.index.facts
        documents = [DocumentFact(*_tuples(item)) for item in found("document")]
        utterances = [UtteranceFact(*_tuples(item)) for item in found("utterance")]
        sources = [SourceFact(*_tuples(item)) for item in found("source")]
        claims = [ClaimFact(*_tuples(item)) for item in found("claim")]
        pairs = {
            name: dict(cast("list[tuple[str, str]]", found(name)))
            for name in ("family", "outlet_agent", "class")
        }
        affiliations = cast("list[tuple[str, list[str]]]", found("affiliation"))
        predicates = load_predicates(data_folder("ontology"), self.project.sources)
        return Material(
            base=self.project.base,
            rows=(),
            language=language,
            alignments=tuple(AlignmentFact(*_tuples(item)) for item in found("alignment")),
            documents={
                item.iri: replace(
                    item, outlet=self.index.name(item.outlet_iri, language) or item.outlet
                )
                for item in documents
            },
            utterances={
                item.iri: replace(item, label=self.index.name(item.iri, language))
                for item in utterances
            },
            sources={
                item.iri: replace(item, label=self.index.name(item.iri, language))
                for item in sources
            },
            claims={item.iri: item for item in claims},
            predicates=predicate_facts(predicates, language),
            families=pairs["family"],
            affiliations={iri: tuple(others) for iri, others in affiliations},
            outlet_agents=pairs["outlet_agent"],
            classes=pairs["class"],
            labels=self.index.names(language),
        )


class Library:
    """The project's shelf of now; a new generation is put up when a build has finished."""

    def __init__(self, project: Project) -> None:
        """Keep the project; the graph is opened when first asked for."""
        self.project = project
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()
        self._texts: dict[str, HeldText] = {}
        self._missing: set[str] = set()

    def shelf(self) -> Shelf:
        """Give the current generation.

        Raises:
            StoreError: nothing was built yet, or it cannot be read.
        """
        generation = current_generation(self.project.store)
        name = "" if generation is None else generation.name
        shelf = self._shelf
        if shelf is not None and shelf.name == name:
            return shelf
        with self._lock:
            if self._shelf is None or self._shelf.name != name or not name:
                self._shelf = self._open(name, generation)
            return self._shelf

    def _open(self, name: str, generation: Path | None) -> Shelf:
        store = open_store(self.project.store, base=self.project.base)
        assert generation is not None, "open_store has raised where nothing was built"
        state = read_state(generation)
        path = self._cache(f"{state.revision[:24] or name}-{state.quads}-{SCHEMA}.sqlite")
        if not path.is_file():
            path = _write(path, store, self.project)
        try:
            index = Index(path)
        except StoreError:
            path.unlink(missing_ok=True)
            index = Index(_write(path, store, self.project))
        return Shelf(self.project, name, store, index)

    def _cache(self, name: str) -> Path:
        folder = self.project.root / ".kg" / "explorer"
        with suppress(OSError):
            for old in folder.glob("*.sqlite"):
                if old.name != name:
                    old.unlink()
        return folder / name

    def text(self, sha256: str) -> str | None:
        """Give a text held on this machine, by its hash; None where it is not."""
        held = self._texts.get(sha256)
        if held is not None:
            return held.text
        if sha256 in self._missing and len(self._missing) < _MISSES:
            return None
        found = held_texts(self.project, [sha256]).get(sha256)
        if found is None:
            self._missing.add(sha256)
            return None
        if len(self._texts) >= 200:
            self._texts.clear()
        self._texts[sha256] = found
        return found.text

    def forget_missing(self) -> None:
        """Look again for texts that were not held, as after one was added or attached."""
        self._missing.clear()


def _write(path: Path, store: LocalStore, project: Project) -> Path:
    """Read the graph once and write its index; in a place of its own where the project is shut."""
    material = load_material(store, base=project.base, language="fr", withdrawn=True)
    names, kinds = _names(store, material, project.base)
    facts: dict[str, Sequence[object]] = {
        "alignment": [astuple(item) for item in material.alignments],
        "document": [astuple(item) for item in material.documents.values()],
        "utterance": [astuple(item) for item in material.utterances.values()],
        "source": [astuple(item) for item in material.sources.values()],
        "claim": [astuple(item) for item in material.claims.values()],
        "family": list(material.families.items()),
        "outlet_agent": list(material.outlet_agents.items()),
        "class": list(material.classes.items()),
        "affiliation": list(material.affiliations.items()),
    }

    def write(place: Path) -> Path:
        write_index(place, material.rows, names=names, kinds=kinds, facts=facts, base=project.base)
        return place

    try:
        return write(path)
    except StoreError:
        return write(Path(tempfile.mkdtemp(prefix="kg-explorer-")) / path.name)


_KINDS = ("agent", "outlet", "source", "family", "utterance", "topic")


def _names(
    store: LocalStore, material: Material, base: str
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Give the French and English name of each thing, and what it is."""
    query = (data_folder("queries") / "readings" / "things.rq").read_text(encoding="utf-8")
    said: dict[str, dict[str, str]] = {}
    kinds: dict[str, str] = {}
    for thing, _, label, language in store.select(query).rows:
        assert thing is not None
        kind = thing.value.removeprefix(base).partition("/")[0]
        if kind in _KINDS:
            kinds[thing.value] = kind
            if label is not None:
                tag = language.value if language else ""
                said.setdefault(thing.value, {}).setdefault(tag, label.value)
    names = {
        iri: (_best(labels, ("fr", "", "en")), _best(labels, ("en", "", "fr")))
        for iri, labels in said.items()
    }
    for row in material.rows:
        if not row.outlet_known and row.outlet_iri not in names:
            shown = row.byline or row.slug
            fr, en = (word("ui", "unidentified", tag, name=shown) for tag in LANGUAGES)
            names[row.outlet_iri] = (fr, en)
    return names, kinds


def _best(labels: dict[str, str], order: tuple[str, ...]) -> str:
    wanted = [labels[tag] for tag in order if tag in labels]
    return (wanted or [labels[tag] for tag in sorted(labels)])[0]


def _tuples(value: object) -> tuple[Any, ...]:
    """Turn the lists of a JSON value into the tuples it was written from by `_write`."""

    def frozen(item: object) -> object:
        return tuple(frozen(inner) for inner in item) if isinstance(item, list) else item

    return cast("tuple[Any, ...]", frozen(value))
