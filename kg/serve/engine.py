"""Answers to SPARQL that cannot hold up the pages: a few processes, each ended when it must be.

In: a query, the styles wanted, limits. Out: a `Reply`, or an error that says what to do.
A process that takes too long or too much memory is killed and a new one started for the next
query. It knows no HTTP and no SPARQL: `kg.serve.endpoint` and `kg.serve.answerer` do.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from kg.errors import KgError, QueryError, StoreError
from kg.project import Project

__all__ = [
    "Engine",
    "QueryBusyError",
    "QueryRefusedError",
    "QueryTooLargeError",
    "Reply",
    "status_of",
]


class QueryRefusedError(QueryError):
    """The query would change the graph or reach out of it."""


class QueryTooLargeError(QueryError):
    """The answer is too long to be given out."""


class QueryBusyError(QueryError):
    """The query took too long, or all processes are at work."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as bytes: `kind` is table, boolean or graph; `cut` whether rows were left off."""

    kind: str
    style: str
    body: bytes
    cut: bool


def status_of(error: KgError) -> int:
    """Give the HTTP status that tells a client what became of its query."""
    if isinstance(error, QueryRefusedError):
        return 403
    if isinstance(error, QueryTooLargeError):
        return 413
    if isinstance(error, QueryBusyError | StoreError):
        return 503
    return 400


class Engine:
    """A pool of answering processes, started when first needed."""

    def __init__(self, project: Project, *, seconds: float, processes: int) -> None:
        """Keep the limits; no process is started yet."""
        self._project = project
        self._seconds = seconds
        self._free: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        self._all: set[subprocess.Popen[bytes]] = set()
        for _ in range(processes):
            self._free.put(None)

    @property
    def seconds(self) -> float:
        """How long a query may take."""
        return self._seconds

    def begin(self) -> None:
        """Start one process ahead of the first query."""
        with suppress(queue.Empty):
            self._free.put(self._alive(self._free.get_nowait()))

    def ask(
        self,
        query: str,
        *,
        table_style: str,
        graph_style: str,
        rows: int,
        cut: bool = False,
    ) -> Reply:
        """Answer a query, waiting for a free process at most as long as a query may take.

        Raises:
            QueryRefusedError: it may not be run.
            QueryTooLargeError: its answer passes the limits.
            QueryBusyError: it took too long, or had to wait too long.
            QueryError: it is wrong.
            StoreError: nothing was built yet.
        """
        asked = {
            "query": query,
            "table_style": table_style,
            "graph_style": graph_style,
            "rows": rows,
            "cut": cut,
            "seconds": self._seconds,
        }
        try:
            process = self._free.get(timeout=self._seconds * 2)
        except queue.Empty:
            raise QueryBusyError("other queries are at work; ask again in a moment") from None
        kept: subprocess.Popen[bytes] | None = None
        try:
            kept = self._alive(process)
            head, body = self._exchange(kept, asked)
        except BaseException:
            self._end(kept or process)
            kept = None
            raise
        finally:
            self._free.put(kept)
        if "fault" in head:
            raise _FAULTS[str(head["fault"])](str(head["message"]))
        return Reply(str(head["kind"]), str(head["style"]), body, bool(head["cut"]))

    def _alive(self, process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
        if process is not None and process.poll() is None:
            return process
        self._end(process)
        made = subprocess.Popen(
            [sys.executable, "-m", "kg.serve.answerer", str(self._project.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._all.add(made)
        return made

    def _exchange(
        self, process: subprocess.Popen[bytes], asked: dict[str, object]
    ) -> tuple[dict[str, object], bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            head = json.loads(line) if line.endswith(b"\n") else {}
            body = _exactly(process.stdout, int(head.get("length", 0)))
        except (OSError, ValueError):
            head, body = {}, b""
        finally:
            timer.cancel()
        if late.is_set():
            raise QueryBusyError(
                f"the query took longer than {self._seconds:g} s and was ended; ask for less "
                "(LIMIT, a narrower pattern)"
            )
        if not head or len(body) != head["length"]:
            raise QueryTooLargeError(
                "the query needed more memory than it may have and was ended; ask for less"
            )
        return head, body

    def _end(self, process: subprocess.Popen[bytes] | None) -> None:
        if process is None:
            return
        self._all.discard(process)
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()

    def close(self) -> None:
        """End every process."""
        for process in list(self._all):
            self._end(process)


_FAULTS: dict[str, type[QueryError | StoreError]] = {
    "refused": QueryRefusedError,
    "large": QueryTooLargeError,
    "wrong": QueryError,
    "store": StoreError,
}


def _exactly(stream: IO[bytes], length: int) -> bytes:
    return stream.read(length) if length else b""
