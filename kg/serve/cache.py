"""Where the explorer keeps what it made of a graph: in files named after that graph.

In: a project. Out: the mark of its current graph, and the paths of its index and of its first
page under `.kg/explorer`. Whatever stands there may be deleted at any time; a file is whole or
not there. Opens no graph and imports nothing that does, so that a start is quick.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kg.errors import KgError
from kg.graph.generations import current_generation
from kg.project import Project, write_atomically

__all__ = ["SCHEMA", "FirstPages", "Mark", "cache_folder", "current_mark", "index_path", "sweep"]

SCHEMA = "8"
"""The version of the index's tables (`kg.serve.index_file`); another one means another file."""

_STALE = 3600.0
"""Seconds after which a file that nobody finished writing is nobody's."""


class Mark(NamedTuple):
    """One graph: the folder of its generation, and what every file made of it is named after."""

    generation: Path
    stem: str


def current_mark(project: Project) -> Mark | None:
    """Give the mark of the current graph, or None where nothing was built yet.

    Raises:
        StoreError: the store's folder cannot be read.
    """
    generation = current_generation(project.store)
    if generation is None:
        return None
    try:
        written = (generation / "state.json").stat().st_mtime_ns
    except OSError:
        written = 0
    # A generation never changes; where a store was deleted and made again, the time differs.
    return Mark(generation, f"{generation.name}-{written:x}")


def cache_folder(project: Project) -> Path:
    """Give the folder of the explorer's files; it need not exist."""
    return project.root / ".kg" / "explorer"


def index_path(project: Project, mark: Mark) -> Path:
    """Give the place of a graph's index; it need not exist."""
    return cache_folder(project) / f"{mark.stem}-{SCHEMA}.sqlite"


def sweep(project: Project, *keep: Mark) -> None:
    """Delete what was made of other graphs, of other versions, and what nobody finished."""
    stems = tuple(f"{mark.stem}-" for mark in keep)
    indexes = {index_path(project, mark).name for mark in keep}
    now = time.time()
    with suppress(OSError):
        for path in cache_folder(project).iterdir():
            if path.suffix in {".sqlite", ".html"}:
                is_kept = path.name in indexes or (
                    path.suffix == ".html" and path.name.startswith(stems)
                )
            else:
                is_kept = now - path.stat().st_mtime < _STALE
            if not is_kept:
                path.unlink()


class FirstPages:
    """The first page as it was last drawn, in each language, for the graph it was drawn from."""

    def __init__(self, project: Project, *settings: object) -> None:
        """Keep what the page depends on besides the graph and this program."""
        self._project = project
        told = (*settings, project.title, project.base, project.language, _program())
        self._digest = hashlib.sha256(repr(told).encode()).hexdigest()[:12]

    def read(self, language: str) -> bytes | None:
        """Give the page of the current graph, or None where it was not drawn yet."""
        try:
            mark = current_mark(self._project)
            return None if mark is None else self._path(mark, language).read_bytes()
        except (KgError, OSError):
            return None

    def keep(self, mark: Mark, language: str, page: bytes) -> None:
        """Keep a page; where the folder is shut to us it is drawn again next time."""
        path = self._path(mark, language)
        if not path.is_file():
            with suppress(KgError):
                write_atomically(path, page)

    def _path(self, mark: Mark, language: str) -> Path:
        return cache_folder(self._project) / f"{mark.stem}-{self._digest}-{language}.html"


@lru_cache(maxsize=1)
def _program() -> str:
    """Tell this version of what draws pages from another one, by its files."""
    package = Path(__file__).resolve().parent.parent
    seen: list[tuple[str, int, int]] = []
    for room in ("export", "serve", "graph"):
        for folder, folders, names in os.walk(package / room):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                told = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - at every start
                seen.append((name, told.st_size, told.st_mtime_ns))
    return hashlib.sha256(repr(sorted(seen)).encode()).hexdigest()
