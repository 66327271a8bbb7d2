"""Edits of one attribution: fields as a record writes them, put in and checked before they stand.

In: an attribution and changed fields. Out: the changed attribution, its quote verbatim in the text
and every name it uses in the registries. An edit that would make a fault is refused as a whole;
faults that only the graph shows are told by a `Judge` that the caller brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.errors import UsageError
from kg.intake.named import NOTHING, Additions
from kg.model import (
    AgentKind,
    Attribution,
    Collection,
    Document,
    Finding,
    Form,
    Level,
    Record,
    Span,
    SpeakerKind,
)
from kg.project import Project
from kg.records.anchor import CONTEXT, apart, beside, nearest_text, places_of
from kg.records.check import Known, cross_findings, record_findings
from kg.records.decode import decode_record
from kg.records.encode import Plain, encode_record
from kg.records.fields import Faults
from kg.records.load import load_collection, read_registries
from kg.records.texts import text_of
from kg.records.verify import verify_record

__all__ = ["EDITABLE", "EditError", "Judge", "edited", "plain_of", "refuse_new_faults"]

Judge = Callable[[Record, Collection], Iterable[Finding]]
"""What tells the faults of one record as a build would, given the registries it stands on."""

_NO_DOCUMENT = Document("", 0, "", "", "")
_KINDS = {
    AgentKind.PERSON: SpeakerKind.NAMED_PERSON,
    AgentKind.ORGANISATION: SpeakerKind.ORGANISATION,
    AgentKind.STATE: SpeakerKind.STATE,
    AgentKind.GROUP: SpeakerKind.COLLECTIVE,
}
EDITABLE = (
    "speaker",
    "unresolved",
    "basis",
    "kind",
    "mention",
    "role",
    "form",
    "illocution",
    "polarity",
    "modality",
    "reporter_modality",
    "stance",
    "quote",
    "at",
    "claims",
    "chain",
    "utterance",
    "note",
)
"""The fields a reviewer may change; a field set to "" or [] is taken out."""


class EditError(UsageError):
    """An edit does not stand: `code` names the reason, `fill` what was found, for other tongues."""

    def __init__(self, message: str, code: str, **fill: str) -> None:
        """Keep the reason beside the message."""
        super().__init__(message)
        self.code = code
        self.fill = fill


def edited(
    project: Project | None,
    record: Record,
    attribution: Attribution,
    changes: object,
    *,
    by: str,
    additions: Additions = NOTHING,
) -> Attribution:
    """Give the attribution with its changes; without a project, put back an earlier state as it is.

    Raises:
        UsageError: a field or value is wrong.
        EditError: the quote is not in the text, a name is not known, values do not go together.
    """
    if not isinstance(changes, Mapping):
        raise UsageError("changes are fields with values, as a record writes them")
    if project is None:
        return _decoded(record, dict(changes))
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise UsageError(f"`{unknown[0]}` cannot be edited; the fields are {', '.join(EDITABLE)}")
    plain = plain_of(attribution)
    for key, value in changes.items():
        if value in ("", [], None):
            plain.pop(key, None)
        else:
            plain[key] = value
    _settle_speaker(project, attribution, plain, changes, by, additions)
    if "quote" in changes or "at" in changes:
        _settle_words(project, record, attribution, plain, changes)
    _settle_mention(project, record, plain, changes)
    after = _decoded(record, plain)
    if (after.form is Form.AUTHORIAL) != (after.kind is SpeakerKind.OUTLET_VOICE):
        raise EditError(
            "this edit does not stand: the form authorial and the kind outlet-voice go together",
            "authorial",
        )
    return after


def plain_of(attribution: Attribution) -> Plain:
    """Give an attribution as its record writes it."""
    from_record = encode_record(Record("x", _NO_DOCUMENT, (attribution,)))["attributions"]
    assert isinstance(from_record, list)
    plain: Plain = from_record[0]
    return plain


def _decoded(record: Record, plain: Plain) -> Attribution:
    faults = Faults()
    document = encode_record(replace(record, attributions=(), reviews=()))["document"]
    made = decode_record({"document": document, "attributions": [plain]}, record.slug, faults)
    if faults.found:
        _, _, message = faults.found[0]
        raise EditError(f"this edit does not stand: {message}", "fault", fault=message)
    return made.attributions[0]


def _settle_speaker(
    project: Project,
    before: Attribution,
    plain: Plain,
    changes: Mapping[str, object],
    by: str,
    additions: Additions,
) -> None:
    """A speaker and words for an unknown one exclude each other; the basis is the reviewer.

    Another speaker is not who the mention names, and is of the kind the registry says. To name one
    who was unresolved leaves the mention, and that the text gives a role alone, as they are.
    """
    if changes.get("speaker"):
        plain.pop("unresolved", None)
        given = changes["speaker"]
        names = sorted([given] if isinstance(given, str) else map(str, _listed(given)))
        if tuple(names) == before.speakers:
            return
        if "mention" not in changes and before.speakers:
            plain.pop("mention", None)
            plain.pop("mention_at", None)
        by_role = before.unresolved and before.kind is SpeakerKind.ROLE_ONLY
        if "kind" not in changes and not by_role:
            plain.pop("kind", None)
            listed = additions.within(read_registries(project).collection).agents
            agents = {agent.id: agent.kind for agent in listed}
            kinds = {_KINDS[agents[name]] for name in names if name in agents}
            if kinds:
                kind = kinds.pop() if len(names) == 1 else SpeakerKind.COLLECTIVE
                plain["kind"] = str(kind)
    elif changes.get("unresolved"):
        plain.pop("speaker", None)
    else:
        return
    if "basis" not in changes:
        plain["basis"] = f"decided by {by}"


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()


def _settle_mention(
    project: Project, record: Record, plain: Plain, changes: Mapping[str, object]
) -> None:
    """Place changed words for the speaker anew; without the text they have no place."""
    if "mention" not in changes:
        return
    plain.pop("mention_at", None)
    words = plain.get("mention")
    held = text_of(project, record.document.sha256)
    if held is None or not isinstance(words, str):
        return
    spans = _spans(plain.get("at"))
    place = beside(words, spans, held.text) if spans else None
    if place is None:
        place = _nearest_place(words, held.text, 0)
    plain["mention_at"] = list(place)


def _settle_words(
    project: Project,
    record: Record,
    attribution: Attribution,
    plain: Plain,
    changes: Mapping[str, object],
) -> None:
    """Make quote and place agree with the text; the quote is taken nearest to where it was."""
    held = text_of(project, record.document.sha256)
    if held is None:
        raise EditError(
            f"{record.slug}: its text is not on this machine, so its words cannot be changed; "
            "run  kg attach FOLDER",
            "no_text",
        )
    text = held.text
    if "at" in changes:
        spans = _spans(changes["at"])
        if not spans or any(not 0 <= start < end <= len(text) for start, end in spans):
            raise EditError(
                f"`at: {changes['at']}` is no place in a text of {len(text)} characters",
                "no_place",
            )
    else:
        quote = changes["quote"]
        quotes = [quote] if isinstance(quote, str) else quote
        if not isinstance(quotes, Sequence) or not all(isinstance(item, str) for item in quotes):
            raise UsageError("`quote` is the words, or a list of its parts")
        origin = attribution.spans[0].start if attribution.spans else 0
        spans = [_nearest_place(str(item), text, origin) for item in quotes]
    words = [text[start:end] for start, end in spans]
    plain["quote"] = words[0] if len(words) == 1 else words
    plain["at"] = [list(span) for span in spans] if len(spans) > 1 else list(spans[0])
    plain.pop("prefix", None)
    plain.pop("suffix", None)
    if len(spans) == 1 and text.count(words[0]) > 1:
        start, end = spans[0]
        plain |= {
            "prefix": text[max(0, start - CONTEXT) : start],
            "suffix": text[end : end + CONTEXT],
        }


def _spans(value: object) -> list[Span]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    pairs = [value] if len(value) == 2 and all(isinstance(item, int) for item in value) else value
    made: list[Span] = []
    for pair in pairs:
        if not isinstance(pair, Sequence) or len(pair) != 2:
            return []
        if not all(isinstance(item, int) for item in pair):
            return []
        made.append(Span(int(pair[0]), int(pair[1])))
    return made


def _nearest_place(quote: str, text: str, origin: int) -> Span:
    places = places_of(quote, text, limit=10_000)
    if places:
        return min(places, key=lambda span: abs(span.start - origin))
    near = nearest_text(quote, text)
    hint = ""
    if near is not None:
        _, shown = apart(quote, text[near.span.start : near.span.end])
        hint = f"; nearest is “{shown}” ({near.difference})"
    raise EditError(
        f"the words are not in the text, letter by letter{hint}", "not_in_text", hint=hint
    )


def refuse_new_faults(
    project: Project,
    before: Record,
    after: Record,
    attribution: Attribution,
    *,
    additions: Additions = NOTHING,
    judge: Judge | None = None,
) -> None:
    """Refuse a changed attribution that makes a fault the record did not have.

    Raises:
        EditError: with the first such fault.
    """
    registries = read_registries(project).collection
    extended = additions.within(registries)
    here = f"{after.slug}#{attribution.id}"
    held = text_of(project, after.document.sha256)
    text = held.text if held else None

    def faults(record: Record, known: Collection) -> set[str]:
        found = list(record_findings(record, Known.of(known), {}))
        if text is not None:
            found.extend(verify_record(record, text, {}))
        if any("#" in link for link in attribution.chain):
            found.extend(_between(project, record))
        return {
            item.message for item in found if item.subject == here and item.level is Level.ERROR
        }

    new = faults(after, extended) - faults(before, registries)
    if not new and judge is not None:
        new = _errors(judge(after, extended), here)
        # What was wrong before is not this edit's doing.
        new = new and new - _errors(judge(before, registries), here)
    if new:
        fault = min(new)
        raise EditError(f"this edit does not stand: {fault}", "fault", fault=fault)


def _errors(findings: Iterable[Finding], here: str) -> set[str]:
    """Give the errors in words, those of another subject with its name."""
    return {
        item.message if item.subject == here else f"{item.subject}: {item.message}"
        for item in findings
        if item.level is Level.ERROR
    }


def _between(project: Project, record: Record) -> Iterator[Finding]:
    """Find faults between this state of a record and all the others."""
    collection = load_collection(project).collection
    others = tuple(item for item in collection.records if item.slug != record.slug)
    return cross_findings(replace(collection, records=(*others, record)), {})
