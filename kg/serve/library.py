"""What the explorer shows: the current graph with its index, swapped whole when a build is done.

In: a project. Out: a `Shelf`, one generation of the graph with everything read of it so far.
A page takes the shelf once and keeps it, so that it never shows half of two graphs.
Changes nothing in the project but its cache under `.kg/explorer`.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from kg.errors import KgError, StoreError
from kg.graph.generations import current_generation, read_state
from kg.graph.rows import AttributionRow
from kg.graph.store import LocalStore, open_store
from kg.project import Project
from kg.serve.index import Index
from kg.serve.index_file import SCHEMA

if TYPE_CHECKING:
    from kg.analyse.material import Material
    from kg.records.texts import HeldText

__all__ = ["Library", "Shelf"]

T = TypeVar("T")
_KEPT = 400
"""Computed parts of pages kept a generation; the oldest used go first."""
_PAUSE = 0.5
"""Seconds after which the readings are warmed: the first page comes first."""
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
        self._making: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Give a value computed before under the same key, or compute and keep it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key])
            making = self._making.setdefault(key, threading.RLock())
        with making:
            # Whoever waited finds what the first one made; nobody makes it twice.
            if key in self._kept:
                return cast("T", self._kept[key])
            value = compute()
            with self._lock:
                self._kept[key] = value
                self._making.pop(key, None)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return value

    def material(self, rows: Iterable[AttributionRow], language: str) -> Material:
        """Give what the readings read, with these attributions in it and no others."""
        bare = self.once(("material", language), lambda: self._bare(language))
        unique = {row.iri: row for row in rows if not row.is_withdrawn}
        return replace(
            bare,
            rows=tuple(unique.values()),
            _rows_by_iri={},
            _rows_by_claim={},
            _claims={},
            _kept={},
        )

    def _bare(self, language: str) -> Material:
        module = importlib.import_module("kg.serve.material")
        made: Material = module.bare_material(self.index, self.project, language)
        return made


class Library:
    """The project's shelf of now; a new generation is put up when a build has finished."""

    def __init__(self, project: Project, language: str = "en") -> None:
        """Keep the project; the graph is opened when first asked for."""
        self.project = project
        self._language = language
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
                self._warm(self._shelf)
            return self._shelf

    def _warm(self, shelf: Shelf) -> None:
        """Read what the readings need, beside the first request, before a page waits for it."""

        def read() -> None:
            with suppress(KgError):
                shelf.material((), self._language)

        timer = threading.Timer(_PAUSE, read)
        timer.daemon = True
        timer.start()

    def _open(self, name: str, generation: Path | None) -> Shelf:
        store = open_store(self.project.store, base=self.project.base)
        assert generation is not None, "open_store has raised where nothing was built"
        state = read_state(generation)
        path = self._cache(f"{state.revision[:24] or name}-{state.quads}-{SCHEMA}.sqlite")
        if not path.is_file():
            path = _written(path, store, self.project)
        try:
            index = Index(path)
        except StoreError:
            path.unlink(missing_ok=True)
            index = Index(_written(path, store, self.project))
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
        texts = importlib.import_module("kg.records.texts")
        found: HeldText | None = texts.held_texts(self.project, [sha256]).get(sha256)
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


def _written(path: Path, store: LocalStore, project: Project) -> Path:
    """Write the index; what that needs is not imported where there is one already."""
    place: Path = importlib.import_module("kg.serve.indexing").index_graph(path, store, project)
    return place
