"""The review desk of one server, opened when it is first wanted: the readers' pages do without it.

In: a project. Out: a `Desk`, always the same one. The records are read beside the request that
wants them; where that takes longer than a reader has patience for, the page says so.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.project import Project
from kg.serve.library import BeingReadError

if TYPE_CHECKING:
    from kg.serve.records import Desk

__all__ = ["DeskHolder"]


class DeskHolder:
    """Makes the desk once; the rooms it needs are imported then."""

    def __init__(self, project: Project, *, patience: float = 3600.0) -> None:
        """Keep the project; `patience` is how many seconds a page waits for the records."""
        self._project = project
        self._patience = patience
        self._desk: Desk | None = None
        self._fault: BaseException | None = None
        self._reading: threading.Thread | None = None
        self._read = threading.Event()
        self._lock = threading.Lock()

    def desk(self, *, is_patient: bool = False) -> Desk:
        """Give the desk; the patient, who sent what must not be lost, wait as long as it takes.

        Raises:
            BeingReadError: the records are being read for the first time.
        """
        self.warm()
        if not self._read.wait(None if is_patient else self._patience):
            raise BeingReadError("reading the records")
        if self._fault is not None:
            raise self._fault
        assert self._desk is not None
        return self._desk

    def warm(self) -> None:
        """Begin to read the records, so that what comes next need not wait for them."""
        with self._lock:
            if self._reading is None:
                self._reading = threading.Thread(target=self._open, daemon=True, name="records")
                self._reading.start()

    def _open(self) -> None:
        try:
            records = importlib.import_module("kg.serve.records")
            rebuild = importlib.import_module("kg.serve.rebuild")
            self._desk = records.Desk(self._project, rebuild.Rebuilder(self._project))
            # A fault in the records is told by the page that meets it, each time anew.
            with suppress(KgError):
                self._desk.collection()
        except BaseException as error:  # noqa: BLE001 - raised where the desk is wanted
            self._fault = error
        finally:
            self._read.set()

    def close(self) -> None:
        """Stop what it started."""
        if self._desk is not None:
            self._desk.rebuilder.close()
