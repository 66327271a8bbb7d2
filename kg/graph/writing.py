"""Quads into Oxigraph's files: a whole graph as one stream, or a copy that is then edited.

In: a folder that nobody reads yet, and N-Quads lines or an open generation. Out: Oxigraph files.
Knows nothing of records and of generations; whoever calls puts the folder in its place.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.graph.owned import Graph

__all__ = ["bulk_load", "writing"]


def bulk_load(folder: Path, batches: Iterable[list[str]]) -> int:
    """Stream lines into a new Oxigraph store; one thread writes them while the engine sorts.

    Gives the number of lines.

    Raises:
        StoreError: the folder cannot be written, or a line is not N-Quads.
    """
    reader, writer = os.pipe()
    feed = _Feed(writer, batches)
    with os.fdopen(reader, "rb", buffering=1 << 20) as stream:
        feed.start()
        try:
            graph = ox.Store(str(folder))
            if _PIPES.is_dir():
                # Read by the engine alone, the pipe costs no turn of the interpreter's lock.
                graph.bulk_load(path=f"{_PIPES}/{reader}", format=ox.RdfFormat.N_QUADS)
            else:
                graph.bulk_load(stream, format=ox.RdfFormat.N_QUADS)
        except (OSError, RuntimeError, SyntaxError, ValueError) as error:
            raise StoreError(
                f"{folder}: the graph cannot be written ({' '.join(str(error).split())}); "
                "is the disk full?"
            ) from error
    feed.join()
    if feed.fault is not None:
        raise feed.fault
    return feed.count


_PIPES = Path("/dev/fd")


class _Feed(threading.Thread):
    """Writes lines into a pipe; keeps what went wrong for the thread that reads."""

    def __init__(self, writer: int, batches: Iterable[list[str]]) -> None:
        super().__init__(name="quads", daemon=True)
        self._writer = writer
        self._batches = batches
        self.count = 0
        self.fault: Exception | None = None

    def run(self) -> None:
        """Write everything, then close the pipe, whatever happens."""
        # A broken pipe only means that the reader failed first, and says why itself.
        with (
            contextlib.suppress(BrokenPipeError),
            os.fdopen(self._writer, "wb", buffering=1 << 20) as stream,
        ):
            try:
                for lines in self._batches:
                    stream.write(("\n".join(lines) + "\n").encode("utf-8", "replace"))
                    self.count += len(lines)
            except BrokenPipeError:
                raise
            except Exception as error:  # noqa: BLE001 - carried over to the building thread
                self.fault = error


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
