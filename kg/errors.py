"""The errors a person can meet, as one tree; faults in data are `Finding` values, never raised.

KgError                 anything this package raises on purpose
├── UsageError          the call is wrong: a name, an option, a path (exit 2)
├── ProjectError        the project folder or its settings cannot be used (exit 2)
├── RecordError         a record cannot be read at all, with its findings (exit 1)
├── StoreError          the store is missing, locked, full or corrupt (exit 2)
├── QueryError          a query is wrong, refused or took too long (exit 2)
├── IntakeError         an article cannot be read (exit 1)
├── ExtraMissingError   an optional package is not there or is broken (exit 2)
└── ModelServiceError   a language-model endpoint failed (exit 2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Finding

__all__ = [
    "ExtraMissingError",
    "IntakeError",
    "KgError",
    "ModelServiceError",
    "ProjectError",
    "QueryError",
    "RecordError",
    "StoreError",
    "UsageError",
]


class KgError(Exception):
    """A fault in use or environment, told in one line: what, where, what to do."""

    exit_code = 2


class UsageError(KgError):
    """The call is wrong: an unknown name, an option that does not fit, a path not there."""


class ProjectError(KgError):
    """The project folder or its `kg.toml` cannot be used."""


class RecordError(KgError):
    """Records cannot be used; `findings` holds every fault found, sorted."""

    exit_code = 1

    def __init__(self, message: str, findings: Iterable[Finding] = ()) -> None:
        """Keep the findings beside the message."""
        super().__init__(message)
        self.findings = tuple(sorted(findings))


class StoreError(KgError):
    """The store is missing, locked by another process, full or corrupt."""


class QueryError(KgError):
    """A query does not parse, is refused, or ran past its limit."""


class IntakeError(KgError):
    """An article cannot be read: empty, binary, encrypted, cut short, outside the folder."""

    exit_code = 1


class ExtraMissingError(KgError):
    """An optional package is not installed, or is and fails; the message names the extra."""

    def __init__(
        self, extra: str, purpose: str, *, cause: ImportError | None = None, module: str = ""
    ) -> None:
        """Say which extra serves the purpose; `cause` is told unless it is that `module` is absent.

        Without a module any absent one is taken to be a package of the extra.
        """
        is_absent = isinstance(cause, ModuleNotFoundError) and cause.name in {
            module or cause.name,
            module.partition(".")[0],
        }
        broken = (
            f", which is installed but fails ({' '.join(str(cause).split())})"
            if cause is not None and not is_absent
            else ""
        )
        super().__init__(
            f"{purpose} needs the optional extra [{extra}]{broken}: "
            f"install it with  pip install 'claim-provenance[{extra}]'"
        )


class ModelServiceError(KgError):
    """A language-model endpoint refused, failed or answered nonsense."""
