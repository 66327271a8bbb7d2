"""What the explorer shows: the current graph with its index, swapped whole when a build is done.

In: a project. Out: a `Shelf`, one generation of the graph with everything read of it so far.
A page takes the shelf once and keeps it, so that it never shows half of two graphs; while the
index of a new graph is made, pages go on showing the graph before.
Changes nothing in the project but its cache under `.kg/explorer`.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from kg.errors import KgError, StoreError
from kg.graph.rows import AttributionRow
from kg.project import Project
from kg.serve.cache import Mark, current_mark, sweep
from kg.serve.index import Index
from kg.serve.indexer import Indexer

if TYPE_CHECKING:
    from kg.analyse.material import Material
    from kg.graph.store import LocalStore
    from kg.records.texts import HeldText

__all__ = ["BeingReadError", "Library", "Shelf"]

T = TypeVar("T")
_KEPT = 400
"""Computed parts of pages kept a generation; the oldest used go first."""
_PAUSE = 0.5
"""Seconds after which the store is opened and the readings warmed: the first page comes first."""
_MOMENT = 1.5
"""Seconds a page waits for the index of a new graph before it shows the graph before."""
_MISSES = 2000
"""Texts remembered as not held, before the folders are looked through again."""


class BeingReadError(StoreError):
    """The index of the graph is being made, and there is nothing to show before."""

    def __init__(self, stage: str) -> None:
        """Keep how far it is."""
        super().__init__("the collection is being read for these pages; ask again in a moment")
        self.stage = stage


class Shelf:
    """One generation of the graph: the store, the index, and what was computed from them."""

    def __init__(self, project: Project, mark: Mark, index: Index) -> None:
        """Keep them; nothing is computed before it is asked for."""
        self.project = project
        self.mark = mark
        self.index = index
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, threading.RLock] = {}
        self._lock = threading.Lock()

    @cached_property
    def store(self) -> LocalStore:
        """The graph itself, opened when first asked for.

        Raises:
            StoreError: it cannot be opened, or a newer build has cleared it away.
        """
        module = importlib.import_module("kg.graph.store")
        opened: LocalStore = module.open_store(self.project.store, base=self.project.base)
        if current_mark(self.project) != self.mark:
            opened.close()
            raise StoreError("a newer graph was built just now; load the page again")
        return opened

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

    def __init__(
        self,
        project: Project,
        language: str = "en",
        *,
        indexer: Indexer | None = None,
        patience: float = 3600.0,
    ) -> None:
        """Keep the project; the graph is opened when first asked for.

        Args:
            project: the project.
            language: the language that most readers will ask for.
            indexer: makes the index where there is none.
            patience: seconds that is waited for, where there is nothing else to show.
        """
        self.project = project
        self._language = language
        self._indexer = indexer or Indexer(project)
        self._patience = patience
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()
        self._texts: dict[str, HeldText] = {}
        self._missing: set[str] = set()

    def shelf(self) -> Shelf:
        """Give the current generation, or the one before while the index of a new one is made.

        Raises:
            BeingReadError: the index is being made, and there is no generation before.
            StoreError: nothing was built yet, or it cannot be read.
        """
        mark = current_mark(self.project)
        if mark is None:
            raise StoreError(f"{self.project.store}: there is no graph here yet; run  kg build")
        shelf = self._shelf
        if shelf is not None and shelf.mark == mark:
            return shelf
        path = self._indexer.ready(mark)
        if path is None:
            self._indexer.begin(mark)
            path = self._indexer.wait(mark, self._patience if shelf is None else _MOMENT)
        if path is not None:
            return self._swap(mark, path)
        if shelf is None:
            raise BeingReadError(self._indexer.stage)
        return shelf

    def close(self) -> None:
        """Stop what it started."""
        self._indexer.close()

    def _swap(self, mark: Mark, path: Path) -> Shelf:
        with self._lock:
            before = self._shelf
            if before is not None and before.mark == mark:
                return before
            try:
                index = Index(path)
            except StoreError:
                path.unlink(missing_ok=True)
                self._indexer.begin(mark)
                made = self._indexer.wait(mark, self._patience)
                if made is None:
                    raise BeingReadError(self._indexer.stage) from None
                index = Index(made)
            self._shelf = Shelf(self.project, mark, index)
            self._warm(self._shelf, before)
            return self._shelf

    def _warm(self, shelf: Shelf, before: Shelf | None) -> None:
        """Read what the readings need, beside the first request, before a page waits for it."""

        def read() -> None:
            # The one before stays for a while: a page may still be reading it.
            sweep(self.project, *(one.mark for one in (shelf, before) if one is not None))
            with suppress(KgError):
                _ = shelf.store
                shelf.material((), self._language)

        timer = threading.Timer(_PAUSE, read)
        timer.daemon = True
        timer.start()

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
