"""Whose query is answered next: as many at once as there are processes, a few waiting, no more.

In: a request and what to ask the engine. Out: a `Reply`; an error where there is no room, or where
the wait is too long. Queries have threads of their own, so that pages never wait for them. Where
the client goes away, its place in the row is free again, and a query at work is ended.
"""

from __future__ import annotations

from functools import partial
from typing import TypedDict, Unpack

import anyio
import anyio.to_thread
from starlette.requests import Request

from kg.serve.engine import Abandon, Engine, QueryAbandonedError, QueryWaitError, Reply

__all__ = ["Question", "Turns"]

_LOOK = 0.2
"""Seconds between two looks whether the client is still there."""


class Question(TypedDict, total=False):
    """What `Engine.ask` is asked with, beside the query."""

    table_style: str
    graph_style: str
    rows: int
    cut: bool
    graphs: tuple[tuple[str, ...], tuple[str, ...]] | None


class Turns:
    """The row of queries before one engine."""

    def __init__(self, engine: Engine, *, waiting: int) -> None:
        """Keep the engine and how many may wait for it."""
        self._engine = engine
        self._waiting = waiting
        self._inside = 0
        self._room: anyio.CapacityLimiter | None = None

    async def ask(self, request: Request, query: str, **question: Unpack[Question]) -> Reply:
        """Answer a query when it is its turn.

        Raises:
            QueryWaitError: too many wait already, or it waited as long as a query may take.
            QueryAbandonedError: the client has gone.
            QueryError: as `Engine.ask` says.
            StoreError: nothing was built yet.
        """
        if self._room is None:
            self._room = anyio.CapacityLimiter(self._engine.processes)
        if self._inside >= self._engine.processes + self._waiting:
            raise QueryWaitError("too many queries are waiting; ask again in a moment")
        self._inside += 1
        abandon = Abandon()
        found: list[Reply | Exception] = []
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_watch, request, abandon, tasks.cancel_scope)
                try:
                    found.append(await self._turn(self._room, query, abandon, question))
                except Exception as error:  # noqa: BLE001 - handed on below, whole and not in a group
                    found.append(error)
                tasks.cancel_scope.cancel()
        finally:
            self._inside -= 1
        if not found:
            raise QueryAbandonedError("whoever asked has gone")
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    async def _turn(
        self, room: anyio.CapacityLimiter, query: str, abandon: Abandon, question: Question
    ) -> Reply:
        # A limiter has one place for one borrower; each query is one.
        borrower = object()
        with anyio.move_on_after(self._engine.seconds) as wait:
            await room.acquire_on_behalf_of(borrower)
        if wait.cancelled_caught:
            raise QueryWaitError("other queries are at work; ask again in a moment")
        try:
            call = partial(self._engine.ask, query, abandon=abandon, **question)
            # A limiter of its own for each: the places were given out above.
            alone = anyio.CapacityLimiter(1)
            return await anyio.to_thread.run_sync(call, limiter=alone)
        finally:
            room.release_on_behalf_of(borrower)


async def _watch(request: Request, abandon: Abandon, waiting: anyio.CancelScope) -> None:
    """Give the query up where the client goes away, or this server ends."""
    try:
        while not await request.is_disconnected():  # noqa: ASYNC110 - nothing tells us, we must look
            await anyio.sleep(_LOOK)
    finally:
        abandon.now()
        waiting.cancel()
