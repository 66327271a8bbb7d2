"""Brings the graph up to date after a decision or a new record, beside the pages, not in their way.

In: a project and the wish to have it built. Out: what `kg build` makes, by the same checks, made by
a process of its own a moment after the last wish; the pages show the old graph until it is there.
Where it cannot be built, nothing is, and the faults are kept to be told. In a large collection the
files beside the store wait for `kg build`, which `files_behind` tells.
Run as  python -m kg.serve.rebuild FOLDER  by this module itself.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from kg.build import MANY, build_project
from kg.errors import KgError
from kg.graph.build import last_build
from kg.model import Level
from kg.project import Project, find_project
from kg.serve.cache import current_mark

__all__ = ["Rebuilder", "files_behind", "main"]

_PAUSE = 1.0
"""Seconds without another wish before the work begins."""
_TOLD = 5
"""Faults told of a build that failed; `kg check` lists the rest."""


class Rebuilder:
    """Builds at most one at a time; a wish during a build leads to one more."""

    def __init__(self, project: Project, *, pause: float = _PAUSE) -> None:
        """Keep the project; nothing runs before it is asked for."""
        self._project = project
        self._pause = pause
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._process: subprocess.Popen[str] | None = None
        self._again = False
        self._faults: tuple[str, ...] = ()
        self._idle = threading.Event()
        self._idle.set()

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the last build failed: in one line, then its first faults; the graph before stands.

        Empty where it did not fail.
        """
        return self._faults

    @property
    def is_busy(self) -> bool:
        """Whether the graph is being brought up to date, or about to be."""
        return not self._idle.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to build; False where that takes longer."""
        return self._idle.wait(seconds)

    def ask(self) -> None:
        """Wish for a build, soon."""
        with self._lock:
            self._idle.clear()
            if self._process is not None:
                self._again = True
                return
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(self._pause, self._build)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Give up what has not begun; a build at work is ended, and the last good graph stands."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._again = False
            if self._process is not None:
                self._process.kill()

    def _build(self) -> None:
        with self._lock:
            self._again = False
            process = subprocess.Popen(
                [sys.executable, "-m", "kg.serve.rebuild", str(self._project.root)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            self._process = process
        told, unforeseen = process.communicate()
        with self._lock:
            self._process = None
            lines = told.splitlines() or unforeseen.strip().splitlines()[-1:]
            self._faults = tuple(lines) if process.returncode else ()
            if not self._again:
                self._idle.set()
        if self._again:
            self.ask()


def files_behind(project: Project) -> bool:
    """Tell whether `graph.ttl` is there and older than the graph that the pages show."""
    mark = current_mark(project)
    if mark is None:
        return False
    try:
        built = (mark.generation / "state.json").stat().st_mtime_ns
        return project.graph_ttl.stat().st_mtime_ns < built
    except OSError:
        return False


def main() -> int:
    """Build a project as `kg build` does; tell why it cannot be on standard output."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # it is a pipe of ours
    try:
        project = find_project(Path(sys.argv[1]))
        settled = last_build(project)
        build_project(project, files=settled is None or len(settled.outlines) < MANY)
    except KgError as error:
        errors = [item for item in getattr(error, "findings", ()) if item.level is Level.ERROR]
        for line in (error, *errors[:_TOLD]):
            sys.stdout.write(" ".join(str(line).split()) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
