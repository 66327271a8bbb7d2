"""Edits of one attribution: fields as a record writes them, put in and checked before they stand.

In: an attribution and changed fields. Out: the changed attribution, its quote verbatim in the text
and every name it uses in the registries. An edit that would make a fault is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.errors import UsageError
from kg.model import Attribution, Document, Record, Span, SpeakerKind
from kg.project import Project
from kg.records.anchor import CONTEXT, nearest_text, places_of
from kg.records.check import Known, record_findings
from kg.records.decode import decode_record
from kg.records.encode import Plain, encode_record
from kg.records.fields import Faults
from kg.records.load import read_registries
from kg.records.texts import text_of

__all__ = ["EDITABLE", "edited", "plain_of"]

_NO_DOCUMENT = Document("", 0, "", "", "")
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


def edited(
    project: Project | None,
    record: Record,
    attribution: Attribution,
    changes: object,
    *,
    by: str,
) -> Attribution:
    """Give the attribution with its changes; without a project, put back an earlier state as it is.

    Raises:
        UsageError: a field or value is wrong, the quote is not in the text, a name is not known.
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
    _settle_speaker(plain, changes, by)
    if "quote" in changes or "at" in changes:
        _settle_words(project, record, attribution, plain, changes)
    after = _decoded(record, plain)
    _check_names(project, record, attribution, after)
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
        raise UsageError(f"this edit does not stand: {message}")
    return made.attributions[0]


def _settle_speaker(plain: Plain, changes: Mapping[str, object], by: str) -> None:
    """A speaker and words for an unknown one exclude each other; the basis is the reviewer."""
    if changes.get("speaker"):
        plain.pop("unresolved", None)
        if plain.get("kind") == str(SpeakerKind.UNNAMED) and "kind" not in changes:
            plain.pop("kind")
    elif changes.get("unresolved"):
        plain.pop("speaker", None)
    else:
        return
    if "basis" not in changes:
        plain["basis"] = f"decided by {by}"


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
        raise UsageError(
            f"{record.slug}: its text is not on this machine, so its words cannot be changed; "
            "run  kg attach FOLDER"
        )
    text = held.text
    if "at" in changes:
        spans = _spans(changes["at"])
        if not spans or any(not 0 <= start < end <= len(text) for start, end in spans):
            raise UsageError(
                f"`at: {changes['at']}` is no place in a text of {len(text)} characters"
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
        shown = " ".join(text[near.span.start : near.span.end].split())[:90]
        hint = f"; nearest is “{shown}” ({near.difference})"
    raise UsageError(f"the words are not in the text, letter by letter{hint}")


def _check_names(project: Project, record: Record, before: Attribution, after: Attribution) -> None:
    """Refuse an edit that makes a fault the record did not have."""
    known = Known.of(read_registries(project).collection)

    def faults(attribution: Attribution) -> set[str]:
        others = [item for item in record.attributions if item.id != attribution.id]
        changed = replace(record, attributions=(*others, attribution), reviews=())
        here = f"{record.slug}#{attribution.id}"
        return {
            finding.message
            for finding in record_findings(changed, known, {})
            if finding.subject == here
        }

    new = sorted(faults(after) - faults(before))
    if new:
        raise UsageError(f"this edit does not stand: {new[0]}")
