"""The review desk of one server, opened when it is first wanted: the readers' pages do without it.

In: a project. Out: a `Desk`, always the same one. It may be opened ahead, beside the request.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.project import Project

if TYPE_CHECKING:
    from kg.serve.records import Desk

__all__ = ["DeskHolder"]


class DeskHolder:
    """Makes the desk once; the rooms it needs are imported then."""

    def __init__(self, project: Project) -> None:
        """Keep the project."""
        self._project = project
        self._desk: Desk | None = None
        self._lock = threading.Lock()

    def desk(self) -> Desk:
        """Give the desk."""
        with self._lock:
            if self._desk is None:
                records = importlib.import_module("kg.serve.records")
                rebuild = importlib.import_module("kg.serve.rebuild")
                made: Desk = records.Desk(self._project, rebuild.Rebuilder(self._project))
                self._desk = made
            return self._desk

    def warm(self) -> None:
        """Begin to read the records, so that what comes next need not wait for them."""

        def read() -> None:
            with suppress(KgError):
                self.desk().collection()

        threading.Thread(target=read, daemon=True, name="records").start()

    def close(self) -> None:
        """Stop what it started."""
        if self._desk is not None:
            self._desk.rebuilder.close()
