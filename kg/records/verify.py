"""Bytes: does each record say of its text what the text says? Character by character.

In: a loaded collection and the texts held on this machine, by SHA-256. Out: findings at the
record's file and line, with line and column in the article.
Nothing is folded or forgiven here, and nothing is repaired (`kg.records.anchor` proposes places).
A text that is not held is no fault: a note says how many quotes could not be seen.
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kg.model import Attribution, Finding, Form, Level, Record, Span
from kg.records.anchor import apart, nearest_text, needs_place, places_of
from kg.records.load import Loaded, Location

__all__ = ["is_marked", "reproduced_share", "verify_collection", "verify_record"]

_ONE_BY_ONE = 50
"""Above so many documents, notes on each are drawn together into one."""

_OPENING = "«“„‹"
_CLOSING = "»”›"
_STRAIGHT = '"'
_SINGLE = (("‘", "’"), ("‚", "‘"), ("'", "'"))
"""Single marks count only in pairs, since one alone may be an apostrophe."""

_BETWEEN = " \u00a0\u202f\u2009.,;:!?…"
"""What may stand between a span and its quotation mark."""

_FAR = 4


def verify_collection(loaded: Loaded, texts: Mapping[str, str]) -> list[Finding]:
    """Check every quote, cue and mention against the texts that are held; sorted.

    What loading has already said of a place that is not as long as its quote is not said again.
    `texts` maps SHA-256 to the text as decoded, bytes that are not UTF-8 kept by surrogates.
    """
    findings: list[Finding] = []
    notes: list[Finding] = []
    unfit = _said_unfit(loaded)
    for record in loaded.collection.records:
        text = texts.get(record.document.sha256)
        if text is None:
            notes.extend(_not_held(record, loaded.locations))
        else:
            findings.extend(
                finding
                for finding in verify_record(record, text, loaded.locations)
                if finding.subject not in unfit
            )
        findings.extend(_boilerplate(record, loaded.locations))
        notes.extend(_share(record, loaded.locations))
    return sorted(findings + _gathered(notes))


def verify_record(
    record: Record, text: str, locations: Mapping[str, Location]
) -> Iterator[Finding]:
    """Check one record against its text; findings come in the order of the record."""
    article = _Article.of(text)
    yield from _document(record, text, locations)
    for attribution in record.attributions:
        here = f"{record.slug}#{attribution.id}"
        for fault in _attribution(attribution, article):
            yield _finding(here, fault, locations)


def reproduced_share(record: Record) -> tuple[int, int]:
    """Count the characters that a record's quotes reproduce, each once, and all of the document.

    >>> from kg.model import Attribution, Document, Form, Record
    >>> document = Document("0" * 64, 100, "fr", "", "unidentified")
    >>> spans = (Span(0, 10), Span(5, 20))
    >>> reproduced_share(Record("x", document, (Attribution("a1", Form.DIRECT, (), spans),)))
    (20, 100)
    """
    spans = sorted(span for attribution in record.attributions for span in attribution.spans)
    reached = total = 0
    for start, end in spans:
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total, record.document.characters


def is_marked(text: str, span: Span) -> bool:
    """Tell whether a span stands in quotation marks: beside them, or inside an open pair.

    >>> is_marked("Elle dit : « Le port rouvre. Enfin ! »", Span(29, 34))
    True
    >>> is_marked("Le port rouvre, dit-elle.", Span(0, 14))
    False
    >>> is_marked("‘The port is open’, she said.", Span(1, 17))
    True
    """
    before = text[: span.start].rstrip(_BETWEEN)
    after = text[span.end :].lstrip(_BETWEEN)
    near = span.start - len(before) <= _FAR
    if near and before.endswith((*_OPENING, _STRAIGHT)):
        return True
    near = len(text) - span.end - len(after) <= _FAR
    if near and after.startswith((*_CLOSING, _STRAIGHT)):
        return True
    if any(before.endswith(left) and after.startswith(right) for left, right in _SINGLE):
        return True
    paragraph = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    depth = sum(c in _OPENING for c in paragraph) - sum(c in _CLOSING for c in paragraph)
    return depth > 0 or paragraph.count(_STRAIGHT) % 2 == 1


def _said_unfit(loaded: Loaded) -> frozenset[str]:
    slugs = {finding.subject for finding in loaded.findings if finding.code == "unfit-offsets"}
    return frozenset(
        f"{record.slug}#{attribution.id}"
        for record in loaded.collection.records
        if record.slug in slugs
        for attribution in record.attributions
        if attribution.spans and needs_place(attribution)
    )


class _Fault(NamedTuple):
    code: str
    message: str
    level: Level = Level.ERROR


class _Article(NamedTuple):
    """A text with the offsets at which its lines start."""

    text: str
    lines: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Article:
        starts = [0]
        starts.extend(place + 1 for place, character in enumerate(text) if character == "\n")
        return cls(text, tuple(starts))

    def place(self, offset: int) -> str:
        line = bisect.bisect_right(self.lines, offset)
        return f"line {line}, column {offset - self.lines[line - 1] + 1} of the text"


def _document(record: Record, text: str, locations: Mapping[str, Location]) -> Iterator[Finding]:
    document = record.document
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
    if digest != document.sha256:
        message = (
            f"the text's SHA-256 is {digest[:12]}…, the record says {document.sha256[:12]}…; "
            "another capture: make a record of its own for it"
        )
        yield _finding(record.slug, _Fault("text-hash-differs", message), locations)
    if len(text) != document.characters:
        message = (
            f"the text has {len(text)} characters, the record says {document.characters}; "
            f"write `characters: {len(text)}`"
        )
        yield _finding(record.slug, _Fault("text-length-differs", message), locations)
    broken = next((place for place, c in enumerate(text) if "\ud800" <= c <= "\udfff"), -1)
    if broken >= 0:
        message = f"the text is not UTF-8 at character {broken}; capture it again as UTF-8"
        yield _finding(record.slug, _Fault("text-not-utf8", message), locations)


def _attribution(attribution: Attribution, article: _Article) -> Iterator[_Fault]:
    parts = tuple(zip(attribution.quotes, attribution.spans, strict=False))
    faults = [fault for words, span in parts for fault in _words("quote", words, span, article)]
    for kind, words, span in (
        ("cue", attribution.cue, attribution.cue_span),
        ("mention", attribution.mention, attribution.mention_span),
    ):
        if words and span is not None:
            faults.extend(_words(kind, words, span, article))
    yield from faults
    if parts and not faults:
        yield from _context(attribution, article)
        yield from _marks(attribution, article)


def _words(kind: str, words: str, span: Span, article: _Article) -> Iterator[_Fault]:
    text = article.text
    if span.end > len(text):
        yield _Fault(
            "offsets-outside-text",
            f"the {kind} “{_cut(words)}” is said to stand at {span.start}–{span.end}, but the text "
            f"ends at {len(text)}; {_elsewhere(words, article)}",
        )
    elif text[span.start : span.end] != words:
        quoted, found = apart(words, text[span.start : span.end])
        yield _Fault(
            f"{kind}-differs",
            f"the {kind} “{quoted}” does not stand at {span.start}–{span.end} "
            f"({article.place(span.start)}), where the text has "
            f"“{found}”; {_elsewhere(words, article)}",
        )


def _elsewhere(words: str, article: _Article) -> str:
    places = places_of(words, article.text, limit=1)
    if places:
        start, end = places[0]
        return f"it stands at {start}–{end} ({article.place(start)}): correct its offsets"
    near = nearest_text(words, article.text)
    if near is None:
        return "nothing in the text is like it"
    start, end = near.span
    _, found = apart(words, article.text[start:end])
    return f"nearest is “{found}” at {start}–{end} ({article.place(start)}), {near.difference}"


def _context(attribution: Attribution, article: _Article) -> Iterator[_Fault]:
    """Check prefix and suffix, and that they settle a quote that stands more than once."""
    text = article.text
    first, last = attribution.spans[0], attribution.spans[-1]
    prefix, suffix = attribution.prefix, attribution.suffix
    if not text[: first.start].endswith(prefix):
        there = text[max(0, first.start - len(prefix)) : first.start]
        message = (
            f"the prefix “{_cut(prefix)}” does not stand before the quote; there is “{_cut(there)}”"
        )
        yield _Fault("prefix-differs", message)
    if not text.startswith(suffix, last.end):
        there = text[last.end : last.end + len(suffix)]
        message = (
            f"the suffix “{_cut(suffix)}” does not stand after the quote; there is “{_cut(there)}”"
        )
        yield _Fault("suffix-differs", message)
    if len(attribution.spans) > 1:
        return
    places = [
        place
        for place in places_of(attribution.quotes[0], text)
        if text[: place.start].endswith(prefix) and text.startswith(suffix, place.end)
    ]
    if len(places) > 1:
        offsets = ", ".join(str(place.start) for place in places)
        yield _Fault(
            "quote-not-unique",
            f"the quote “{_cut(attribution.quotes[0])}” stands {len(places)} times (offsets "
            f"{offsets}); add `prefix:` or `suffix:` so that the words alone tell which is meant",
            Level.WARNING,
        )


def _marks(attribution: Attribution, article: _Article) -> Iterator[_Fault]:
    """Direct speech stands in quotation marks and unmarked direct speech does not."""
    if attribution.form not in (Form.DIRECT, Form.UNMARKED_DIRECT):
        return
    for span in attribution.spans:
        marked = is_marked(article.text, span)
        where = article.place(span.start)
        if attribution.form is Form.DIRECT and not marked:
            yield _Fault(
                "direct-without-marks",
                f"no quotation mark stands beside this quote ({where}); the form may be "
                "unmarked-direct or indirect",
                Level.WARNING,
            )
        elif attribution.form is Form.UNMARKED_DIRECT and marked:
            yield _Fault(
                "unmarked-with-marks",
                f"this quote stands in quotation marks ({where}); the form may be direct",
                Level.WARNING,
            )


def _boilerplate(record: Record, locations: Mapping[str, Location]) -> Iterator[Finding]:
    """Quotes are of the article, not of its menus and comment forms; needs no text."""
    stretches = [(item.span, item.reason) for item in record.document.boilerplate]
    for attribution in record.attributions if stretches else ():
        for span in attribution.spans:
            for (start, end), reason in stretches:
                if span.start < end and start < span.end:
                    message = (
                        f"the quote at {span.start}–{span.end} lies in boilerplate "
                        f"({start}–{end}, {reason}); take it out or correct the stretch"
                    )
                    fault = _Fault("quote-in-boilerplate", message, Level.WARNING)
                    yield _finding(f"{record.slug}#{attribution.id}", fault, locations)


def _not_held(record: Record, locations: Mapping[str, Location]) -> Iterator[Finding]:
    quotes = sum(len(attribution.quotes) for attribution in record.attributions)
    message = (
        f"its text is not held here: {_plural(quotes, 'quote')} could not be seen; "
        "attach the folder that has it with  kg attach FOLDER"
    )
    yield _finding(record.slug, _Fault("text-not-held", message, Level.NOTE), locations)


def _share(record: Record, locations: Mapping[str, Location]) -> Iterator[Finding]:
    quoted, whole = reproduced_share(record)
    if quoted and whole:
        message = (
            f"its quotes reproduce {_percent(quoted, whole)} of the document "
            f"({quoted} of {whole} characters)"
        )
        yield _finding(record.slug, _Fault("share-reproduced", message, Level.NOTE), locations)


def _gathered(notes: list[Finding]) -> list[Finding]:
    """Draw the notes of one kind together where there are too many to read."""
    gathered: list[Finding] = []
    for code in sorted({note.code for note in notes}):
        same = [note for note in notes if note.code == code]
        if len(same) <= _ONE_BY_ONE:
            gathered.extend(same)
            continue
        first = min(same)
        message = f"{first.message} — and likewise in {len(same) - 1} more documents"
        gathered.append(Finding(first.path, 0, Level.NOTE, code, message, first.subject))
    return gathered


def _finding(here: str, fault: _Fault, locations: Mapping[str, Location]) -> Finding:
    location = locations.get(here, Location(here, 0))
    return Finding(location.path, location.line, fault.level, fault.code, fault.message, here)


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _cut(text: str) -> str:
    line = " ".join(text.split(" ")).replace("\n", "⏎")
    return line if len(line) <= 70 else f"{line[:67]}…"
