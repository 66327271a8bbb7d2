"""One request and what a page needs to answer it: the shelf, the language, links, the templates.

In: a request that came through the guard. Out: rendered pages and addresses within the explorer.
Every text that is not ours is escaped here, its bidirectional overrides made visible; an address
becomes a link only where it is one of our pages or starts with http.
"""

from __future__ import annotations

import hmac
import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kg.errors import KgError, UsageError
from kg.export.glyphs import sample, small_glyph
from kg.export.labels import shorten, voice_label, voice_note
from kg.export.scene import voice_of
from kg.export.words import word
from kg.graph.rows import AttributionRow
from kg.project import Project
from kg.serve.assets import NotHereError, static_address
from kg.serve.desks import DeskHolder
from kg.serve.library import BeingReadError, Library, Shelf
from kg.serve.settings import Settings
from kg.serve.templating import environment
from kg.serve.words import LANGUAGES, say

if TYPE_CHECKING:
    from kg.serve.records import Desk

__all__ = ["DATA", "SUFFIXES", "Forms", "NotHereError", "View"]

SUFFIXES = ("ttl", "jsonld", "json", "csv", "svg", "png", "gexf")
"""What may follow the address of a page, after a dot, to get its data."""

DATA = ("ttl", "jsonld", "json", "csv")
"""The formats that every page of the graph has."""

Forms = Mapping[str, str | UploadFile]
"""The fields of a form as sent."""

_PAGES = {
    "agent": "speaker",
    "topic": "topic",
    "outlet": "outlet",
    "source": "source",
    "utterance": "utterance",
    "claim": "claim",
}
"""Kind of thing, as in its IRI → the first part of its page's address."""


@dataclass
class View:
    """One request."""

    request: Request
    library: Library
    settings: Settings
    desks: DeskHolder
    form: Forms = field(default_factory=dict)
    suffix: str = ""

    @property
    def project(self) -> Project:
        """The project served."""
        return self.library.project

    @cached_property
    def shelf(self) -> Shelf:
        """The generation this request is answered from."""
        return self.library.shelf()

    @property
    def desk(self) -> Desk:
        """The records as the review desk sees them."""
        return self.desks.desk(is_patient=self.request.method == "POST")

    @cached_property
    def language(self) -> str:
        """The language asked for by cookie, else the server's."""
        chosen = self.request.cookies.get("kg-language", "")
        return chosen if chosen in LANGUAGES else self.settings.language

    def path(self, name: str) -> str:
        """Give a part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """Give a parameter of the query, trimmed; "" where it is not there."""
        return self.request.query_params.get(name, "").strip()[:2000]

    def number(self, name: str, *, most: int = 100_000) -> int:
        """Give a whole number from the query, from 0 to `most`; 0 where it is none."""
        given = self.asked(name)
        return min(int(given), most) if given.isascii() and given.isdigit() else 0

    def filled(self, name: str) -> str:
        """Give a field of the form as text; "" where it is not there."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def check_form(self) -> None:
        """Refuse a form that was not drawn by this server.

        Raises:
            UsageError: the server only reads, or the form is not its own.
        """
        if self.settings.read_only:
            raise UsageError(self.t("error_read_only"))
        if not hmac.compare_digest(self.filled("key").encode(), self.settings.form_key.encode()):
            raise UsageError(self.t("error_form_key"))

    def t(self, key: str, **fill: object) -> str:
        """Say something in the reader's language."""
        return say(key, self.language, **fill)

    def w(self, heading: str, key: str) -> str:
        """Name a value of a closed vocabulary in the reader's language."""
        return word(heading, key, self.language) if key else ""

    def name(self, iri: str) -> str:
        """Name a thing, or shorten its IRI."""
        return self.shelf.index.name(iri, self.language) or iri.removeprefix(self.project.base)

    def link(self, iri: str) -> str:
        """Give the address of a thing's page, an outside web address as it is, or ""."""
        base = self.project.base
        if iri.startswith(base):
            kind, _, rest = iri.removeprefix(base).partition("/")
            if kind in _PAGES and rest:
                rest = rest.partition("/role/")[0]
                return f"/{_PAGES[kind]}/{quote(rest, safe='')}"
            if kind == "text" and "/attribution/" in rest:
                return f"/attribution/{quote(rest.partition('/attribution/')[2], safe='')}"
            if kind == "text" and "/" not in rest:
                thing = self.shelf.index.thing(iri, self.language)
                return f"/document/{quote(thing.short, safe='')}" if thing else ""
        return iri if iri.startswith(("https://", "http://")) else ""

    def here(self, **changed: str) -> str:
        """Give this page's address with some parameters changed; "" takes one out."""
        query = {
            key: value
            for key, value in {**self.request.query_params, **changed}.items()
            if value and key not in {"token", "lang"}
        }
        path = self.request.url.path
        return f"{path}?{urlencode(query)}" if query else path

    def beside(self, suffix: str) -> str:
        """Give the address of this page's data in a format."""
        path = self.request.url.path
        query = self.request.url.query
        stem = "/overview" if path == "/" else path
        return f"{stem}.{suffix}" + (f"?{query}" if query else "")

    def voice(self, row: AttributionRow) -> str:
        """Name who speaks in an attribution."""
        return voice_label(voice_of(row), self.language)

    def voice_note(self, row: AttributionRow) -> str:
        """Say why nobody is named, or ""."""
        return voice_note(voice_of(row), self.language)

    def outlet(self, row: AttributionRow) -> str:
        """Name the outlet of an attribution; one not identified says so."""
        if row.outlet_known:
            return row.outlet
        return self.name(row.outlet_iri) or word(
            "ui", "unidentified", self.language, name=row.byline or row.slug
        )

    def page(
        self,
        template: str,
        *,
        title: str,
        status: int = 200,
        data: tuple[str, ...] = (),
        **context: object,
    ) -> HTMLResponse:
        """Render a page; `data` names the formats its data can be had in."""
        text = (
            environment()
            .get_template(template)
            .render(
                view=self,
                t=self.t,
                w=self.w,
                link=self.link,
                name=self.name,
                here=self.here,
                title=title,
                data=data,
                settings=self.settings,
                project=self.project,
                languages=LANGUAGES,
                static=static_address,
                glyph=_glyph,
                sample=_sample,
                shorten=shorten,
                **context,
            )
        )
        return HTMLResponse(text, status)

    def data(
        self, rows: Sequence[AttributionRow], *, about: Iterable[str] = (), facts: object = None
    ) -> Response:
        """Answer with the page's data, in the format of the suffix (`kg.serve.data`)."""
        module = importlib.import_module("kg.serve.data")
        answer: Response = module.data_of(self, rows, about=about, facts=facts)
        return answer

    def fault(self, error: KgError, status: int) -> Response:
        """Tell an error as a page, or as one line where a page was not asked for."""
        if isinstance(error, BeingReadError):
            return self._being_read(error, status)
        accept = self.request.headers.get("accept", "")
        if self.suffix or ("text/html" not in accept and "*/*" not in accept):
            return Response(f"{error}\n", status, media_type="text/plain; charset=utf-8")
        return self.page(
            "error.html",
            title=self.t("error_title"),
            status=status,
            message=str(error),
            findings=[str(item) for item in getattr(error, "findings", ())][:50],
            is_unbuilt=status == 503,
            stage="",
        )

    def _being_read(self, error: BeingReadError, status: int) -> Response:
        """Say that it takes a moment yet; a browser loads the page again by itself."""
        answer = (
            Response(f"{error}\n", status, media_type="text/plain; charset=utf-8")
            if self.suffix
            else self.page(
                "error.html",
                title=self.t("reading_title"),
                status=status,
                message=self.t("reading_lead"),
                findings=[],
                is_unbuilt=False,
                stage=error.stage,
            )
        )
        answer.headers["refresh"] = answer.headers["retry-after"] = "2"
        return answer


def _glyph(form: str, relayed: bool = False, denied: bool = False) -> Markup:
    drawn = small_glyph(form, relayed=relayed, denied=denied)
    return Markup(drawn)  # noqa: S704 - drawn by ourselves from closed words


def _sample(form: str, relayed: bool = False, denied: bool = False) -> Markup:
    drawn = sample(form, relayed=relayed, denied=denied)
    return Markup(drawn)  # noqa: S704 - drawn by ourselves from closed words
