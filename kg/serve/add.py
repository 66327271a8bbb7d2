"""Add an article: paste or drop it, see what is proposed in the text, save it as a record.

In: a text or a file, and what a person says of it. Out: the text with proposals marked; and, when
saved, a record written by `kg.intake.add`, as `kg add` would. Looking writes nothing.
"""

from __future__ import annotations

import base64
import binascii
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from kg import __version__
from kg.errors import IntakeError, UsageError
from kg.intake.add import open_desk
from kg.intake.document import Captured, Given, capture, read_articles
from kg.intake.formats.article import Article, Source
from kg.intake.language import language_codes
from kg.intake.proposal import Proposal
from kg.intake.propose import agent_index_for, propose
from kg.model import Finding
from kg.serve.passages import paragraphs
from kg.serve.view import NotHereError, View

__all__ = ["add", "look", "save"]

_FACTS = ("outlet", "published", "url", "byline", "language", "title")
_HUMP = str.maketrans({letter: f"-{letter.lower()}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as shown: its words, its voice, its form as records spell it."""

    proposal: Proposal
    form: str
    words: str
    speaker: str
    cue: str


def add(view: View) -> Response:
    """Show the empty form."""
    if view.settings.read_only:
        raise NotHereError(view.t("error_read_only"))
    view.desks.warm()
    return _form(view)


def _form(view: View, *, fault: str = "", status: int = 200) -> Response:
    return view.page(
        "add.html",
        title=view.t("add_title"),
        status=status,
        fault=fault,
        text=view.filled("text"),
        facts={name: view.filled(name) for name in _FACTS},
        tongues=language_codes(),
    )


def look(view: View) -> Response:
    """Read what was given and mark what the rules propose in it."""
    started = time.perf_counter()
    try:
        content, name = _content(view)
        captured = _captured(view, content, name)
    except (IntakeError, UsageError) as error:
        return _form(view, fault=str(error), status=400)
    collection = view.desk.collection()
    proposals = propose(captured, agent_index_for(captured, collection))
    known = next(
        (
            record.slug
            for record in collection.records
            if captured.sha256 == record.document.sha256
            or captured.raw_sha256 == (record.document.raw_sha256 or "-")
        ),
        "",
    )
    spans = {
        number: [(span.start, span.end) for span in proposal.content]
        for number, proposal in enumerate(proposals)
    }
    aside = [(item.span.start, item.span.end) for item in captured.boilerplate]
    return view.page(
        "add_look.html",
        title=view.t("add_title"),
        captured=captured,
        proposals=[_proposed(captured, item) for item in proposals],
        paragraphs=paragraphs(captured.text, spans, aside),
        raw=base64.b64encode(content).decode("ascii"),
        file_name=name,
        facts={name: view.filled(name) for name in _FACTS},
        known=known,
        text=view.filled("text"),
        tongues=language_codes(),
        ms=round((time.perf_counter() - started) * 1000),
    )


def save(view: View) -> Response:
    """Write the record, the text beside it, and what the registries lacked."""
    try:
        content = base64.b64decode(view.filled("raw"), validate=True)
    except binascii.Error as error:
        raise UsageError(view.t("error_form_key")) from error
    try:
        captured = _captured(view, content, view.filled("file_name")[:200])
    except (IntakeError, UsageError) as error:
        return _form(view, fault=str(error), status=400)
    # A title says more than the name of a file that lay on somebody's desk.
    captured = replace(captured, name="article") if captured.title else captured
    with open_desk(view.project, version=__version__) as desk:
        added = desk.add(captured)
    view.desk.forget()
    view.library.forget_missing()
    view.desk.rebuilder.ask()
    told = "saved" if added.is_new else "known"
    query = urlencode({"slug": added.slug, "told": told, "on": added.slug})
    return RedirectResponse(f"/review?{query}", 303)


def _content(view: View) -> tuple[bytes, str]:
    """Give the bytes and the name of what was sent: the file if there is one, else the text."""
    sent = view.form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        sent.file.seek(0)
        content = sent.file.read()
        if content:
            return content, sent.filename.replace("\\", "/").rpartition("/")[2][:200]
    text = view.filled("text").replace("\r\n", "\n")
    if not text.strip():
        raise UsageError(view.t("add_empty"))
    return text.encode("utf-8", "surrogatepass"), "article"


def _captured(view: View, content: bytes, name: str) -> Captured:
    """Read bytes as an article; the first one, where a file holds several.

    Raises:
        IntakeError: they are none.
        UsageError: a date or language given is none.
    """
    given = Given(**{fact: view.filled(fact).strip()[:500] for fact in _FACTS})
    if given.url and not given.url.lower().startswith(("https://", "http://")):
        raise UsageError(view.t("add_url_wrong", url=given.url[:80]))
    for found in read_articles(Source(name, name, content=content)):
        if isinstance(found, Article):
            return capture(found, given)
        if isinstance(found, Finding) and found.level == "error":
            raise IntakeError(found.message)
    raise IntakeError(f"{name}: there is no article in it")


def _proposed(captured: Captured, proposal: Proposal) -> Proposed:
    speaker = proposal.speaker
    words = speaker.mention.of(captured.text) if speaker.mention else ""
    return Proposed(
        proposal,
        proposal.form.translate(_HUMP).lstrip("-"),
        " […] ".join(span.of(captured.text) for span in proposal.content),
        speaker.canonical or " ".join(words.split()),
        proposal.cue.of(captured.text) if proposal.cue else "",
    )
