"""Brings W3C Web Annotations into records: each quote placed byte for byte, or told as an orphan.

In: JSON of annotations, from our own export, Hypothes.is or any tool that speaks the model
(https://www.w3.org/TR/annotation-model/). Out: attributions in the records of their documents,
under a run that says they were imported. A quote is never moved to words that are merely like it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from kg.errors import IntakeError
from kg.intake.decisions import append_history
from kg.intake.draft import NOT_NAMED
from kg.intake.gazetteer import AgentIndex, build_agent_index
from kg.intake.lock import writing
from kg.intake.record_file import open_record
from kg.intake.slugs import slugify
from kg.model import (
    Attribution,
    Collection,
    Document,
    Finding,
    Form,
    Level,
    Record,
    Run,
    RunKind,
    Span,
    SpeakerKind,
)
from kg.project import Project
from kg.records import load_collection
from kg.records.anchor import CONTEXT, nearest_text, places_of
from kg.records.texts import text_of

__all__ = ["Imported", "import_annotations"]

_MOST_BYTES = 50_000_000
_MARKS = frozenset("«»“”„\"‘’'‹›")
_SPEAKER_TAGS = ("speaker:", "speaker=")


class Imported(NamedTuple):
    """What came of one file: attributions added or already there, a finding for each orphan."""

    added: tuple[str, ...]
    known: int
    findings: tuple[Finding, ...]


class _Part(NamedTuple):
    exact: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True, slots=True)
class _Note:
    """One annotation as read."""

    name: str
    sources: tuple[str, ...]
    parts: tuple[_Part, ...]
    tags: tuple[str, ...]
    comment: str
    speakers: tuple[str, ...]
    creator: str
    is_software: bool


def import_annotations(project: Project, path: Path, *, slug: str = "") -> Imported:
    """Add the annotations of one file to the records of their documents; twice changes nothing.

    An annotation belongs to the record whose text's hash or address it names, or to `slug`.

    Raises:
        IntakeError: the file is no JSON of annotations.
        RecordError: a record is faulty.
    """
    notes = list(_read(path))
    collection = load_collection(project).collection
    index = build_agent_index(collection.agents)
    by_source = _by_source(project, collection)
    added: list[str] = []
    findings: list[Finding] = []
    known = 0
    for note in notes:
        name = slug or next((by_source[s] for s in note.sources if s in by_source), "")
        if not name:
            findings.append(_orphan(path, note, "no record has this text or address; add it first"))
            continue
        outcome = _place(project, name, note, index, path)
        if isinstance(outcome, Finding):
            findings.append(outcome)
        elif outcome:
            added.append(f"{name}#{outcome}")
        else:
            known += 1
    return Imported(tuple(added), known, tuple(findings))


def _place(
    project: Project, slug: str, note: _Note, index: AgentIndex, path: Path
) -> Finding | str:
    """Add one annotation to a record: its new id, "" where it is there, or why it is an orphan."""
    with writing(project):
        file = open_record(project, slug)
        held = text_of(project, file.record.document.sha256)
        if held is None:
            return _orphan(path, note, f"the text of {slug} is not attached: kg attach FOLDER")
        spans: list[Span] = []
        for part in note.parts:
            found = _span(part, held.text)
            if isinstance(found, str):
                return _orphan(path, note, found)
            spans.append(found)
        spans.sort()
        if not spans or any(one.end > two.start for one, two in pairwise(spans)):
            return _orphan(path, note, "it quotes no words, or its parts overlap")
        record = file.record
        run = _run(note, path, record)
        made = _attribution(note, spans, held.text, index, project, _free_id(record))
        made = replace(made, run=run.id)
        if any(_says_more(item, made) for item in record.attributions):
            return ""
        runs = record.runs if run in record.runs else (*record.runs, run)
        line = {"attribution": made.id, "run": run.id, "imported": note.name}
        append_history(file.history, {"slug": slug, **line} if file.line else line)
        file.write(replace(record, attributions=(*record.attributions, made), runs=runs))
        return made.id


def _says_more(there: Attribution, made: Attribution) -> bool:
    """Whether the record has these words of this speaker already; chains do not travel."""
    is_same_speaker = not made.speakers or there.speakers == made.speakers
    is_said_alike = made.unresolved in ("", NOT_NAMED) or there.unresolved == made.unresolved
    return there.spans == made.spans and is_same_speaker and is_said_alike


def _attribution(
    note: _Note, spans: list[Span], text: str, index: AgentIndex, project: Project, name: str
) -> Attribution:
    quotes = tuple(text[start:end] for start, end in spans)
    first, last = spans[0], spans[-1]
    forms = [Form(tag) for tag in note.tags if tag in set(Form)]
    is_marked = bool(_MARKS & {*text[max(0, first.start - 2) : first.start]})
    form = forms[0] if forms else (Form.DIRECT if is_marked else Form.INDIRECT)
    speakers, words = _speakers(note, index, project)
    is_repeated = len(spans) == 1 and text.count(quotes[0]) > 1
    authorial = form is Form.AUTHORIAL
    return Attribution(
        id=name,
        form=form,
        quotes=quotes,
        spans=tuple(spans),
        speakers=() if authorial else speakers,
        unresolved="" if authorial or speakers else words or NOT_NAMED,
        basis="" if authorial else "as the imported annotation says",
        kind=SpeakerKind.OUTLET_VOICE
        if authorial
        else (SpeakerKind.NAMED_PERSON if speakers or words else SpeakerKind.UNNAMED),
        prefix=text[max(0, first.start - CONTEXT) : first.start] if is_repeated else "",
        suffix=text[last.end : last.end + CONTEXT] if is_repeated else "",
        note=" ".join(note.comment.split())[:500],
    )


def _speakers(note: _Note, index: AgentIndex, project: Project) -> tuple[tuple[str, ...], str]:
    """Take the speakers from agents' addresses, else from a `speaker:` tag."""
    start = f"{project.base}agent/"
    ids = [iri.removeprefix(start) for iri in note.speakers if iri.startswith(start)]
    known = tuple(sorted(name for name in ids if name in index.labels))
    if known:
        return known, ""
    for tag in note.tags:
        for mark in _SPEAKER_TAGS:
            if tag.lower().startswith(mark):
                words = tag[len(mark) :].strip()
                match = index.find(words)
                return ((match.agent,), "") if match else ((), words)
    return (), ""


def _span(part: _Part, text: str) -> Span | str:
    """Find one quote letter by letter, or say why it cannot be placed."""
    end = part.start + len(part.exact)
    if part.start >= 0 and text[part.start : end] == part.exact:
        return Span(part.start, end)
    places = places_of(part.exact, text)
    if len(places) > 1 and (part.prefix or part.suffix):
        places = [
            place
            for place in places
            if text[: place.start].endswith(part.prefix)
            and text[place.end :].startswith(part.suffix)
        ]
    if len(places) == 1:
        return places[0]
    if places:
        return f"its words stand {len(places)} times, and nothing tells which is meant"
    near = nearest_text(part.exact, text)
    hint = f"; nearest is at offset {near.span.start} ({near.difference})" if near else ""
    return f"its words are not in the text, letter by letter{hint}"


def _by_source(project: Project, collection: Collection) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in collection.records:
        doc: Document = record.document
        found[f"sha256:{doc.sha256}"] = record.slug
        found[f"{project.base}text/{doc.id}"] = record.slug
        if doc.url:
            found[doc.url] = record.slug
    return found


def _run(note: _Note, path: Path, record: Record) -> Run:
    creator = note.creator or "imported annotations"
    kind = RunKind.SOFTWARE if note.is_software else RunKind.PERSON
    name = f"import-{slugify(creator) or 'annotations'}"
    known = next((run for run in record.runs if run.id == name), None)
    return known or Run(name, creator, kind, note=f"imported from {path.name}")


def _free_id(record: Record) -> str:
    taken = {item.id for item in record.attributions}
    number = len(taken) + 1
    while f"a{number}" in taken:
        number += 1
    return f"a{number}"


def _read(path: Path) -> Iterator[_Note]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise IntakeError(f"{path}: larger than {_MOST_BYTES // 1_000_000} MB; cut it first")
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise IntakeError(f"{path}: this is not JSON: {error}") from error
    items = _items(data)
    if not items:
        raise IntakeError(f"{path}: no annotations in this file (W3C Web Annotation JSON)")
    for number, item in enumerate(items, start=1):
        yield _note(item, f"annotation {number}")


def _items(data: object) -> list[Mapping[str, object]]:
    if isinstance(data, Mapping):
        for key in ("items", "rows", "first"):
            if key in data:
                return _items(data[key])
        return [data] if "target" in data else []
    if isinstance(data, list):
        return [item for item in data if isinstance(item, Mapping) and "target" in item]
    return []


def _note(item: Mapping[str, object], name: str) -> _Note:
    sources: list[str] = []
    parts: list[_Part] = []
    for target in _list(item.get("target")):
        if not isinstance(target, Mapping):
            sources.append(str(target))
            continue
        sources.extend(_text(target.get(key)) for key in ("dcterms:identifier", "source"))
        part = _part(target.get("selector"))
        if part is not None:
            parts.append(part)
    tags = [_text(tag) for tag in _list(item.get("tags"))]
    comments = [_text(item.get("text"))]
    speakers: list[str] = []
    for body in _list(item.get("body")):
        if not isinstance(body, Mapping):
            continue
        purpose = body.get("purpose")
        if purpose == "tagging":
            tags.append(_text(body.get("value")))
        elif purpose == "identifying":
            speakers.append(_text(body.get("source")))
        elif body.get("type") == "TextualBody":
            comments.append(_text(body.get("value")))
    creator = item.get("creator", item.get("user"))
    about = creator if isinstance(creator, Mapping) else {}
    words = _text(about.get("name")) or _text(about.get("id")) or _text(creator)
    return _Note(
        name=_text(item.get("id")) or name,
        sources=tuple(source for source in [*sources, _text(item.get("uri"))] if source),
        parts=tuple(parts),
        tags=tuple(tag for tag in tags if tag),
        comment="; ".join(comment for comment in comments if comment),
        speakers=tuple(speakers),
        creator=words.removeprefix("acct:").partition("@")[0],
        is_software=about.get("type") in ("Software", "SoftwareAgent"),
    )


def _part(selector: object) -> _Part | None:
    exact = prefix = suffix = ""
    start = -1
    for item in _list(selector):
        if not isinstance(item, Mapping):
            continue
        if item.get("type") == "TextQuoteSelector":
            exact = _text(item.get("exact"))
            prefix, suffix = _text(item.get("prefix")), _text(item.get("suffix"))
        elif item.get("type") == "TextPositionSelector":
            value = item.get("start")
            start = value if isinstance(value, int) else -1
    return _Part(exact, prefix, suffix, start) if exact.strip() else None


def _orphan(path: Path, note: _Note, reason: str) -> Finding:
    words = " ".join(part.exact for part in note.parts)[:60] or "no quote"
    message = f"{note.name} (“{words}”) is an orphan: {reason}"
    return Finding(str(path), 0, Level.ERROR, "orphan-annotation", message)


def _list(value: object) -> Sequence[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
