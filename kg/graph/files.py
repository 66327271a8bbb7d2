"""The graph as files: `graph.ttl` and `graph.trig` beside the store, brought up to date with it.

In: the current generation of a project's store. Out: the two files, each whole or not at all.
Writes them again only where the store has moved on or a file is not as it was left.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import ProjectError, StoreError
from kg.graph.generations import current_generation, lock_for_building, read_state
from kg.graph.owned import Graph
from kg.graph.splice import splice_graphs, splice_turtle
from kg.graph.turtle import write_trig, write_turtle
from kg.project import write_atomically

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.graph.generations import Moved
    from kg.project import Project

__all__ = ["file_written_whole", "write_graph_files"]

_STAMP = "graph-files.json"


def write_graph_files(project: Project) -> bool:
    """Write the default graph as Turtle and the dataset as TriG, sorted; True if anything changed.

    Raises:
        StoreError: nothing was built yet, another build is at work, or a file cannot be written;
            old files stand.
    """
    if current_generation(project.store) is None:
        raise StoreError(f"{project.store}: there is no graph here yet; run  kg build")
    with lock_for_building(project.store):
        return _write(project)


def _write(project: Project) -> bool:
    generation = current_generation(project.store)
    assert generation is not None, "a store never goes back to having none"
    state = read_state(generation)
    revision = state.revision
    stamp = project.store / _STAMP
    paths = (project.graph_ttl, project.graph_trig)
    left = _read_stamp(stamp)
    if revision and left == _stamp(revision, paths):
        return False
    for path in paths:
        # Under the lock nobody else is writing: what is there was left by a killed build.
        for leftover in path.parent.glob(f".{path.name}.*"):
            leftover.unlink(missing_ok=True)
    store = Graph.open(generation).store
    moved = state.moved
    if moved and left == _stamp(moved.since, paths):
        _update(project, store, moved)
    else:
        _write_whole(project, store)
    # The stamp comes last: a build killed before it writes both files again.
    try:
        write_atomically(stamp, json.dumps(_stamp(revision, paths)) + "\n")
    except ProjectError as error:
        raise StoreError(str(error)) from error
    return True


def _write_whole(project: Project, store: ox.Store) -> None:
    with file_written_whole(project.graph_ttl) as output:
        write_turtle(store, project.base, output)
    with (
        project.graph_ttl.open("rb") as turtle,
        file_written_whole(project.graph_trig) as output,
    ):
        write_trig(store, project.base, turtle, output)


def _update(project: Project, store: ox.Store, moved: Moved) -> None:
    """Write both files from the ones that the last build left: much is as it was."""
    start = project.graph_ttl.stat().st_size
    with (
        project.graph_ttl.open("rb") as old,
        file_written_whole(project.graph_ttl) as output,
    ):
        splice_turtle(old, store, project.base, moved.subjects, output)
    with (
        project.graph_trig.open("rb") as old,
        project.graph_ttl.open("rb") as turtle,
        file_written_whole(project.graph_trig) as output,
    ):
        shutil.copyfileobj(turtle, output, 1 << 20)
        splice_graphs(old, start, store, project.base, moved.graphs, output)


def _stamp(revision: str, paths: tuple[Path, ...]) -> dict[str, object]:
    stamp: dict[str, object] = {"revision": revision}
    for path in paths:
        if path.is_file():
            status = path.stat()
            stamp[path.name] = [status.st_size, status.st_mtime_ns]
    return stamp


def _read_stamp(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


@contextmanager
def file_written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its place only once the block ends well.

    Raises:
        StoreError: the folder cannot be written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written ({error.strerror}); the old file stands"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
