"""How one server behaves and where it listens: plain values that every room of it reads.

In: what `kg serve` was given. Out: `Settings` and `Door`. Imports no web framework.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Door", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How this server behaves; `form_key` is drawn anew at each start.

    `query_processes` queries are answered at once, `query_waiting` may wait for them.
    `patience` is how many seconds a page waits for the index to be made before it says so.
    """

    language: str
    read_only: bool = False
    reviewer: str = ""
    form_key: str = ""
    query_seconds: float = 20.0
    query_rows: int = 100_000
    query_processes: int = 2
    query_waiting: int = 32
    patience: float = 3600.0


@dataclass(frozen=True, slots=True)
class Door:
    """Where the server listens, and what lets one in; `token` is "" where none is asked for."""

    host: str
    port: int
    token: str = ""
