"""Quads into Oxigraph's files: a whole graph as one stream, or a copy that is then edited.

In: a folder that nobody reads yet, and N-Quads lines or an open generation. Out: Oxigraph files.
Knows nothing of records and of generations; whoever calls puts the folder in its place.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.owned import Graph

__all__ = ["bulk_load", "writing"]


_SMALLEST, _LARGEST = 20_000_000, 50_000_000
"""Bytes of N-Quads that the engine sorts at a time; it needs up to ten times as much memory."""


def bulk_load(folder: Path, batches: Iterable[list[str]]) -> int:
    """Stream lines into a new Oxigraph store; while one chunk is sorted the next one is made.

    Gives the number of lines.

    Raises:
        StoreError: the folder cannot be written, or a line is not N-Quads.
    """
    with _told(folder):
        graph = ox.Store(str(folder))

    def load(chunk: bytes) -> None:
        with _told(folder):
            graph.bulk_load(chunk, ox.RdfFormat.N_QUADS)

    count = 0
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="quads") as engine:
        at_work: Future[None] | None = None
        for chunk, lines in _chunks(batches):
            if at_work is not None:
                at_work.result()
            at_work = engine.submit(load, chunk)
            count += lines
        if at_work is not None:
            at_work.result()
    return count


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line what keeps the engine from writing."""
    try:
        yield
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        raise StoreError(
            f"{folder}: the graph cannot be written ({' '.join(str(error).split())}); "
            "is the disk full?"
        ) from error


def _chunks(batches: Iterable[list[str]]) -> Iterator[tuple[bytes, int]]:
    """Join lines to texts, and count them.

    A chunk is a quarter of what came before it, within limits: small graphs need little memory,
    and large ones leave the engine fewer sorted runs to merge.
    """
    parts: list[bytes] = []
    size = lines = before = 0
    for batch in batches:
        part = "\n".join(batch).encode("utf-8", "replace")
        parts.append(part)
        size += len(part)
        lines += len(batch)
        if size > max(_SMALLEST, min(_LARGEST, before // 4)):
            yield b"\n".join(parts), lines
            before += size
            parts, size, lines = [], 0, 0
    if lines:
        yield b"\n".join(parts), lines


@contextlib.contextmanager
def writing(folder: Path, *, copied: Graph | None = None) -> Iterator[ox.Store]:
    """Open a store that is current for nobody, and bring to disk what is written to it.

    With `copied` it begins as a copy of that one, by hard links.

    Raises:
        StoreError: the folder cannot be written.
    """
    try:
        if copied is not None:
            copied.store.backup(str(folder))
        store = ox.Store(str(folder))
        try:
            yield store
        finally:
            # After a fault too: whoever then deletes the folder must find nobody writing in it.
            store.flush()
    except (OSError, RuntimeError) as error:
        raise StoreError(
            f"{folder}: the graph cannot be written ({' '.join(str(error).split())}); "
            "is the disk full?"
        ) from error
