"""Has the index of a graph made, in a process of its own, so that the pages go on meanwhile.

In: the mark of a graph. Out: the path of its index, once it is there. The process is
`kg.serve.indexing`; it says how far it is, and that is told on once it takes longer than a moment.
Imports nothing that opens a graph: it begins before the server is put together.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kg.errors import StoreError
from kg.project import Project
from kg.serve.cache import Mark, current_mark, index_path

__all__ = ["Indexer"]

_QUIET = 2.0
"""Seconds before the first word on how far it is, and between two."""


class Indexer:
    """Makes one index at a time; whoever asks for the same one waits for the same process."""

    def __init__(self, project: Project, *, tell: Callable[[str], None] | None = None) -> None:
        """Keep the project; `tell` is given one line now and then while it takes long."""
        self._project = project
        self._tell = tell
        self._lock = threading.Lock()
        self._mark: Mark | None = None
        self._process: subprocess.Popen[str] | None = None
        self._done = threading.Event()
        self._made: dict[str, Path] = {}
        self._fault = ""
        self._stage = ""
        self._started = 0.0

    @property
    def stage(self) -> str:
        """How far it is, in a few words; "" where nothing is being made."""
        return self._stage

    def begin_current(self) -> None:
        """Begin with the current graph, where there is one without an index.

        Raises:
            StoreError: the store's folder cannot be read.
        """
        mark = current_mark(self._project)
        if mark is not None and self.ready(mark) is None:
            self.begin(mark)

    def ready(self, mark: Mark) -> Path | None:
        """Give the index of a graph where it is there."""
        path = index_path(self._project, mark)
        if path.is_file():
            return path
        made = self._made.get(mark.stem)
        return made if made is not None and made.is_file() else None

    def begin(self, mark: Mark) -> None:
        """Have the index of a graph made; nothing happens where that is under way."""
        with self._lock:
            if self._process is not None:
                if self._mark is not None and self._mark.stem == mark.stem:
                    return
                self._process.kill()
            self._mark = mark
            self._fault = ""
            self._done = threading.Event()
            self._started = time.monotonic()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kg.serve.indexing", str(self._project.root)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            given = (self._process, mark, self._done)
            threading.Thread(target=self._follow, args=given, daemon=True, name="index").start()

    def wait(self, mark: Mark, seconds: float) -> Path | None:
        """Give the index of a graph, or None where it is not made so long after its beginning.

        Raises:
            StoreError: it could not be made.
        """
        with self._lock:
            done, left = self._done, self._started + seconds - time.monotonic()
        done.wait(max(left, 0.0))
        if done.is_set() and self._fault:
            raise StoreError(f"the explorer's index could not be made: {self._fault}")
        return self.ready(mark)

    def close(self) -> None:
        """End what is under way."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _follow(self, process: subprocess.Popen[str], mark: Mark, done: threading.Event) -> None:
        """Read what the process says until it ends."""
        assert process.stdout is not None
        assert process.stderr is not None
        told = self._started
        with process.stdout, process.stderr:
            for line in process.stdout:
                word, _, rest = line.rstrip("\n").partition("\t")
                if word == "made":
                    # Of another graph where a build was done in between: that is asked for anew.
                    if Path(rest).name.startswith(f"{mark.stem}-"):
                        self._made[mark.stem] = Path(rest)
                        # The file is whole: whoever waits need not wait for the process to end.
                        done.set()
                elif not done.is_set():
                    self._stage = rest
                    if self._tell is not None and time.monotonic() - told > _QUIET:
                        told = time.monotonic()
                        self._tell(f"{rest} ({told - self._started:.0f} s)")
            fault = process.stderr.read().strip().splitlines()
        code = process.wait()
        with self._lock:
            if self._process is process:
                self._process = None
                self._stage = ""
                self._fault = (fault or ["it was ended"])[-1] if code else ""
        seconds = time.monotonic() - self._started
        if not code and self._tell is not None and seconds > _QUIET:
            self._tell(f"the index is made ({seconds:.0f} s)")
        done.set()
