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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from kg.errors import KgError, QueryError, StoreError
from kg.project import Project

__all__ = [
    "Abandon",
    "Engine",
    "QueryAbandonedError",
    "QueryBusyError",
    "QueryRefusedError",
    "QueryTooLargeError",
    "QueryWaitError",
    "Reply",
    "status_of",
]


_START = 30.0
"""Seconds a process may take to be ready for its first query."""


class QueryRefusedError(QueryError):
    """The query would change the graph or reach out of it."""


class QueryTooLargeError(QueryError):
    """The answer is too long to be given out."""


class QueryBusyError(QueryError):
    """The query took too long, or all processes are at work."""


class QueryWaitError(QueryBusyError):
    """All processes are at work: the same query may be answered in a moment."""


class QueryAbandonedError(QueryError):
    """Nobody waits for the answer any more."""


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


class Abandon:
    """How a query is given up while it is at work, from another thread."""

    def __init__(self) -> None:
        """Hold no process yet."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_set = False

    @property
    def is_set(self) -> bool:
        """Whether the query was given up."""
        return self._is_set

    def now(self) -> None:
        """Give the query up, and end the process that is at it."""
        with self._lock:
            self._is_set = True
            if self._process is not None:
                self._process.kill()

    def hold(self, process: subprocess.Popen[bytes] | None) -> None:
        """Say which process is at the query; None once it is done.

        Raises:
            QueryAbandonedError: the query was given up before it began.
        """
        with self._lock:
            if process is not None and self._is_set:
                raise QueryAbandonedError("whoever asked has gone")
            self._process = process


class Engine:
    """A pool of answering processes, started when first needed."""

    def __init__(self, project: Project, *, seconds: float, processes: int) -> None:
        """Keep the limits; no process is started yet."""
        self._project = project
        self._seconds = seconds
        self._processes = processes
        self._free: queue.LifoQueue[subprocess.Popen[bytes] | None] = queue.LifoQueue()
        self._all: set[subprocess.Popen[bytes]] = set()
        self._new: set[subprocess.Popen[bytes]] = set()
        for _ in range(processes):
            self._free.put(None)

    @property
    def seconds(self) -> float:
        """How long a query may take."""
        return self._seconds

    @property
    def processes(self) -> int:
        """How many queries are answered at once."""
        return self._processes

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
        graphs: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
        abandon: Abandon | None = None,
    ) -> Reply:
        """Answer a query, waiting for a free process at most as long as a query may take.

        `graphs` are the default and the named graphs to ask, where the request chose them.

        Raises:
            QueryRefusedError: it may not be run.
            QueryTooLargeError: its answer passes the limits.
            QueryWaitError: no process was free in time.
            QueryBusyError: it took too long.
            QueryAbandonedError: it was given up.
            QueryError: it is wrong.
            StoreError: nothing was built yet.
        """
        asked = {
            "query": query,
            "table_style": table_style,
            "graph_style": graph_style,
            "rows": rows,
            "cut": cut,
            "graphs": graphs,
            "seconds": self._seconds,
        }
        try:
            process = self._free.get(timeout=self._seconds)
        except queue.Empty:
            raise QueryWaitError("other queries are at work; ask again in a moment") from None
        abandon = abandon or Abandon()
        kept: subprocess.Popen[bytes] | None = None
        try:
            kept = self._alive(process)
            abandon.hold(kept)
            try:
                head, body = self._exchange(kept, asked)
            finally:
                abandon.hold(None)
        except BaseException as error:
            self._end(kept or process)
            kept = None
            if abandon.is_set and isinstance(error, QueryError):
                raise QueryAbandonedError("whoever asked has gone") from None
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
        self._new.add(made)
        return made

    def _exchange(
        self, process: subprocess.Popen[bytes], asked: dict[str, object]
    ) -> tuple[dict[str, object], bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        if process in self._new:
            # The time of a query begins when its process is ready for it.
            with _deadline(process, _START) as late:
                process.stdout.readline()
            if late.is_set():
                raise QueryWaitError("the machine is too busy to begin; ask again in a moment")
            self._new.discard(process)
        with _deadline(process, self._seconds) as late:
            try:
                process.stdin.write(json.dumps(asked).encode() + b"\n")
                process.stdin.flush()
                line = process.stdout.readline()
                head = json.loads(line) if line.endswith(b"\n") else {}
                body = _exactly(process.stdout, int(head.get("length", 0)))
            except (OSError, ValueError):
                head, body = {}, b""
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
        self._new.discard(process)
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


@contextmanager
def _deadline(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """Kill a process when the time is up; the event tells that it was."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _exactly(stream: IO[bytes], length: int) -> bytes:
    return stream.read(length) if length else b""
