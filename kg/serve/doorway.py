"""The front of a running server: answers the first page and static files before all else is there.

In: every request. Out: the first page as it was last drawn for this graph, a static file, or what
the application says (`kg.serve.app`), which is imported beside the first request and not before
it. Every answer passes the guard; nothing is decided here but who answers.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError
from kg.export.words import LANGUAGES
from kg.project import Project
from kg.serve.assets import static_answer
from kg.serve.cache import FirstPages
from kg.serve.guard import Guard
from kg.serve.indexer import Indexer
from kg.serve.settings import Door, Settings

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["Doorway"]

_PAUSE = 0.5
"""Seconds before other pages are made ready: the first one comes first."""
_FEW = 200
"""Documents up to which the records are read ahead for the review desk."""


class Doorway:
    """An ASGI application that becomes the explorer."""

    def __init__(self, project: Project, settings: Settings, door: Door, indexer: Indexer) -> None:
        """Keep what the explorer is made of; nothing is imported yet."""
        self._given = (project, settings, door)
        self._indexer = indexer
        self._language = settings.language
        self._pages = FirstPages(project, settings.read_only)
        self._quick = Guard(_held, door)
        self._app: Future[Starlette] | None = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer here what can be answered at once, and leave the rest to the explorer."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        held = await self._at_once(scope)
        if held is not None:
            await self._quick({**scope, "kg.held": held}, receive, send)
            self._begin()
            return
        app = await asyncio.wrap_future(self._begin())
        await app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                # Where the first page must still be drawn, what draws it is wanted at once.
                if self._pages.read(self._language) is None:
                    self._begin()
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(self._close)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _at_once(self, scope: Scope) -> Response | None:
        if scope["type"] != "http" or scope["method"] != "GET":
            return None
        path = scope["path"]
        if path.startswith("/static/") and self._app is not None and not self._app.done():
            with suppress(KgError):
                return static_answer(path.removeprefix("/static/"), scope["query_string"])
        if path != "/" or scope["query_string"]:
            return None
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        chosen = cookies.get("kg-language", "")
        language = chosen if chosen in LANGUAGES else self._language
        page = await asyncio.to_thread(self._pages.read, language)
        if page is None:
            return None
        return Response(page, media_type="text/html", headers={"content-language": language})

    def _begin(self) -> Future[Starlette]:
        """Import and make the explorer, once, in a thread of its own."""
        with self._lock:
            if self._app is None:
                self._app = Future()
                given = (self._app,)
                threading.Thread(target=self._make, args=given, daemon=True, name="app").start()
            return self._app

    def _make(self, wanted: Future[Starlette]) -> None:
        try:
            module = importlib.import_module("kg.serve.app")
            app: Starlette = module.make_app(*self._given, indexer=self._indexer)
            module.make_ready()
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for it
            wanted.set_exception(error)
            return
        wanted.set_result(app)
        with suppress(KgError):
            shelf = app.state.library.shelf()
            time.sleep(_PAUSE)
            module.warm(app)
            if not self._given[1].read_only and shelf.index.thing_count("document") <= _FEW:
                app.state.desks.warm()

    def _close(self) -> None:
        self._indexer.close()
        if self._app is not None and self._app.done() and not self._app.exception():
            self._app.result().state.close()


async def _held(scope: Scope, receive: Receive, send: Send) -> None:
    answer: ASGIApp = scope["kg.held"]
    await answer(scope, receive, send)
