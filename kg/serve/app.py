"""The explorer as an ASGI application: one visible table of addresses, one place for errors.

In: a project and settings. Out: a Starlette application behind its guard. Each address is a
function in a module of `kg.serve`, imported when it is first asked for, so that the first page
does not wait for the libraries of the others.
"""

from __future__ import annotations

import importlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kg.errors import KgError, RecordError, StoreError, UsageError
from kg.project import Project
from kg.serve.accept import accepted
from kg.serve.assets import NotHereError, static_answer
from kg.serve.cache import FirstPages
from kg.serve.desks import DeskHolder
from kg.serve.engine import Engine
from kg.serve.guard import LONGEST_BODY, Guard
from kg.serve.indexer import Indexer
from kg.serve.library import Library
from kg.serve.settings import Door, Settings
from kg.serve.templating import environment, template_names
from kg.serve.turns import Turns
from kg.serve.view import SUFFIXES, View
from kg.serve.words import LANGUAGES

__all__ = ["PAGES", "Page", "make_app", "make_ready", "warm"]


class Page(NamedTuple):
    """One address: its path, the function that answers, and whether it changes the project."""

    path: str
    module: str
    function: str
    writes: bool = False


PAGES: tuple[Page, ...] = (
    Page("/", "overview", "overview"),
    Page("/overview.{suffix}", "overview", "overview"),
    Page("/list/{name}", "lists", "listing"),
    Page("/document/{name}", "document", "document"),
    Page("/attribution/{name}", "attribution", "attribution"),
    Page("/claim/{name}", "claim", "claim"),
    Page("/utterance/{name}", "utterance", "utterance"),
    Page("/speaker/{name}", "speaker", "speaker"),
    Page("/outlet/{name}", "outlet", "outlet"),
    Page("/source/{name}", "source", "source"),
    Page("/topic/{name}", "source", "topic"),
    Page("/search", "search", "search"),
    Page("/search.{suffix}", "search", "search"),
    Page("/graph/{kind}/{name}", "graph", "graph"),
    Page("/review", "desk", "desk"),
    Page("/review/decide", "desk", "decide_one", writes=True),
    Page("/review/all", "desk", "decide_shown", writes=True),
    Page("/review/edit", "edit", "edit_one", writes=True),
    Page("/review/me", "desk", "who", writes=True),
    Page("/review/undo", "desk", "undo_last", writes=True),
    Page("/add", "add", "add"),
    Page("/add/look", "add", "look", writes=True),
    Page("/add/save", "add", "save", writes=True),
    Page("/dataset", "dataset", "dataset"),
    Page("/dataset.{suffix}", "dataset", "dataset"),
    Page("/dump.trig", "dataset", "dump"),
    Page("/.well-known/void", "dataset", "dataset"),
)
"""Every page of the explorer; `/sparql` and `/static/…` stand apart in `make_app`."""

_RECORDS = frozenset({"desk", "edit", "add"})
"""Pages that work on records: what they import comes when they are first asked for."""


_NEGOTIATED = frozenset(
    {"attribution", "claim", "document", "lists", "outlet", "search", "source", "speaker"}
    | {"utterance"}
)
"""Pages whose own address gives their data to who accepts nothing of a page."""
_KINDS = {
    "text/html": "",
    "application/xhtml+xml": "",
    "*/*": "",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "json",
    "text/csv": "csv",
}


def make_app(
    project: Project, settings: Settings, door: Door, *, indexer: Indexer | None = None
) -> Starlette:
    """Put the explorer of a project together; nothing is opened before the first request."""
    library = Library(project, settings.language, indexer=indexer, patience=settings.patience)
    desks = DeskHolder(project, patience=settings.patience)
    engine = Engine(project, seconds=settings.query_seconds, processes=settings.query_processes)
    turns = Turns(engine, waiting=settings.query_waiting)
    settings = replace(settings, form_key=settings.form_key or secrets.token_urlsafe(24))

    def close() -> None:
        engine.close()
        desks.close()
        library.close()

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        close()

    async def sparql(request: Request) -> Response:
        module = importlib.import_module("kg.serve.endpoint")
        view = View(request, library, settings, desks)
        answer: Callable[[View, Turns], Awaitable[Response]] = module.sparql
        try:
            return _with_language(view, await answer(view, turns))
        except KgError as error:
            return _told(view, error)

    routes = [
        Route("/static/{name}", _static, methods=["GET"]),
        Route("/favicon.ico", _nothing, methods=["GET"]),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        *(_route(page, library, settings, desks) for page in PAGES),
    ]
    app = Starlette(
        routes=routes,
        lifespan=life,
        exception_handlers={
            HTTPException: _http_fault(library, settings, desks),
            Exception: _unforeseen,
        },
    )
    app.state.library = library
    app.state.settings = settings
    app.state.desks = desks
    app.state.engine = engine
    app.state.close = close
    app.add_middleware(Guard, door=door)
    return app


def make_ready() -> None:
    """Import what the first page needs, and compile its templates."""
    _function(PAGES[0].module, PAGES[0].function)
    environment().get_template("overview.html")


def warm(app: Starlette) -> None:
    """Make ready what other pages need, so that the first of each kind need not wait for it."""
    for page in PAGES:
        if page.module not in _RECORDS:
            _function(page.module, page.function)
    for name in template_names():
        environment().get_template(name)
    importlib.import_module("kg.serve.endpoint")
    app.state.engine.begin()


def _route(page: Page, library: Library, settings: Settings, desks: DeskHolder) -> Route:
    pages = FirstPages(library.project, settings.read_only) if page is PAGES[0] else None

    async def endpoint(request: Request) -> Response:
        view = View(request, library, settings, desks)
        chosen = request.query_params.get("lang", "")
        if chosen in LANGUAGES and request.method == "GET":
            return _switch(view, chosen)
        if page.writes:
            try:
                sent = await request.form(max_files=20, max_fields=4000, max_part_size=LONGEST_BODY)
                view.form = dict(sent)
                request.scope["kg.items"] = [str(item) for item in sent.getlist("items")]
            except (MultiPartException, HTTPException) as error:
                detail = getattr(error, "message", getattr(error, "detail", ""))
                return PlainTextResponse(f"the form cannot be read: {detail}\n", 400)
            try:
                return await run_in_threadpool(_answer, page, view)
            finally:
                await sent.close()
        answer = await run_in_threadpool(_answer, page, view)
        if pages is not None and answer.status_code == 200 and not request.url.query:
            # Kept for the next start, once it was sent.
            given = (view.shelf.mark, view.language, bytes(answer.body))
            answer.background = BackgroundTask(pages.keep, *given)
        return answer

    method = "POST" if page.writes else "GET"
    return Route(page.path, endpoint, methods=[method])


def _answer(page: Page, view: View) -> Response:
    try:
        _split_suffix(view)
        if page.module in _NEGOTIATED and not view.suffix:
            return _negotiated(page, view)
        if page.writes:
            view.check_form()
        function = _function(page.module, page.function)
        return _with_language(view, function(view))
    except KgError as error:
        return _told(view, error)


def _negotiated(page: Page, view: View) -> Response:
    """Give what Accept likes best of a page and its data; the page where it says nothing."""
    ranges = accepted(view.request.headers.get("accept", ""))
    kinds = [kind for kind, weight in ranges if weight > 0 and kind in _KINDS]
    view.suffix = _KINDS[kinds[0]] if kinds else ""
    answer = _with_language(view, _function(page.module, page.function)(view))
    answer.headers["vary"] = "accept"
    return answer


@cache
def _function(module: str, name: str) -> Callable[[View], Response]:
    found: Callable[[View], Response] = getattr(importlib.import_module(f"kg.serve.{module}"), name)
    return found


def _split_suffix(view: View) -> None:
    """Take `.ttl` and its like off the last part of the address."""
    parts = view.request.path_params
    if "suffix" in parts:
        view.suffix = str(parts["suffix"])
    if "name" in parts:
        stem, dot, suffix = str(parts["name"]).rpartition(".")
        if dot and stem and suffix in SUFFIXES:
            parts["name"] = stem
            view.suffix = suffix


def _told(view: View, error: KgError) -> Response:
    """Turn an error into a page: what is wrong and what to do, and never where in the code."""
    if isinstance(error, NotHereError):
        return view.fault(error, 404)
    if isinstance(error, StoreError):
        return view.fault(error, 503)
    if isinstance(error, RecordError):
        return view.fault(error, 409)
    if isinstance(error, UsageError):
        return view.fault(error, 400)
    return view.fault(error, 422)


def _switch(view: View, language: str) -> Response:
    query = [pair for pair in view.request.query_params.multi_items() if pair[0] != "lang"]
    path = "/" + view.request.url.path.lstrip("/\\")
    answer = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)
    answer.set_cookie("kg-language", language, max_age=31_536_000, samesite="strict", path="/")
    return answer


def _with_language(view: View, response: Response) -> Response:
    response.headers.setdefault("content-language", view.language)
    return response


async def _static(request: Request) -> Response:
    try:
        return static_answer(str(request.path_params["name"]), request.scope["query_string"])
    except NotHereError as error:
        return PlainTextResponse(f"{error}\n", 404)


async def _nothing(request: Request) -> Response:
    del request
    return Response(status_code=204)


def _http_fault(
    library: Library, settings: Settings, desks: DeskHolder
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def tell(request: Request, error: Exception) -> Response:
        view = View(request, library, settings, desks)
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            fault = NotHereError(view.t("error_no_page", path=request.url.path[:200]))
            return await run_in_threadpool(view.fault, fault, 404)
        detail = error.detail if isinstance(error, HTTPException) else "error"
        headers = getattr(error, "headers", None)
        return PlainTextResponse(f"{detail}\n", status, headers=headers)

    return tell


async def _unforeseen(request: Request, error: Exception) -> Response:
    del request, error
    return PlainTextResponse("something went wrong here; the terminal of kg serve says what\n", 500)
