"""Brings the graph up to date after a decision or a new record, beside the pages, not in their way.

In: a project and the wish to have it built. Out: a new generation of the store, made by a process
of its own a moment after the last wish; the pages show the old one until it is there.
Run as  python -m kg.serve.rebuild FOLDER  by this module itself.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from kg.analyse.derived import derivation
from kg.errors import KgError
from kg.graph.build import build_store, last_build
from kg.project import Project, find_project
from kg.records import load_collection

__all__ = ["Rebuilder", "main"]

_PAUSE = 1.0
"""Seconds without another wish before the work begins."""


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
        self._fault = ""
        self._idle = threading.Event()
        self._idle.set()

    @property
    def fault(self) -> str:
        """Why the last build failed, or ""; the graph before it stands."""
        return self._fault

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
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            self._process = process
        _, told = process.communicate()
        with self._lock:
            self._process = None
            self._fault = told.strip().splitlines()[-1] if process.returncode and told else ""
            if not self._again:
                self._idle.set()
        if self._again:
            self.ask()


def main() -> int:
    """Build the store of a project; tell a fault in one line."""
    try:
        project = find_project(Path(sys.argv[1]))
        loaded = load_collection(project, settled=last_build(project))
        build_store(loaded, project, derivation=derivation(project))
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
