"""The correction of one attribution: words selected in its text, names for ids, claims built.

In: an item and what a reviewer wrote. Out: the page of the correction, and the edit, which
`kg.intake.review` checks and writes. A field nobody touched keeps what the record holds, byte for
byte; whatever a reviewer wrote comes back with a fault or a conflict, and is never lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from kg.intake.edits import EditError, plain_of
from kg.intake.gazetteer import folded
from kg.intake.named import KINDS, NOTHING, SOURCE, Additions, name_thing
from kg.intake.review import Waiting
from kg.model import AgentKind, Attribution, Claim, Decision, Form, SpeakerKind, parse_claim
from kg.serve.cards import back_of, card_of, outcome_of, remember, reviewer_of
from kg.serve.claim_form import FREE_ROWS, ClaimRow, lines_of, read_rows, row_of
from kg.serve.form_text import JOIN, as_sent, restored, stretches, words_at
from kg.serve.names import LINKS, PREDICATES, SPEAKERS, THINGS, Names, Reading
from kg.serve.records import SeenOtherwiseError
from kg.serve.view import NotHereError, View

__all__ = ["edit_one", "edit_page"]

_WORDS = ("unresolved", "role", "form", "quote")
_MOST_LINKS = 12
_MOST_NEW = 20


@dataclass(frozen=True, slots=True)
class Fields:
    """What a correction holds, as its form shows it and sends it back."""

    words: Mapping[str, str]
    speaker: str
    chain: tuple[str, ...]
    claims: tuple[ClaimRow, ...]


class _RefusedError(EditError):
    """The form itself does not stand; said in the reader's language."""


def edit_page(view: View, name: str) -> Response:
    """Show one attribution to correct."""
    return _page(view, _item(view, name))


def edit_one(view: View) -> Response:
    """Correct one item, which then counts as edited."""
    item = _item(view, view.filled("item"))
    try:
        if not reviewer_of(view):
            raise _RefusedError(view.t("review_who_needed"), "who")
        reading, additions = _reading(view, item)
        changes = _changes(view, item, reading)
        if not reading.is_whole:
            return _page(view, item, reading=reading, status=400)
        if not changes:
            raise _RefusedError(view.t("review_no_change"), "nothing")
        done = view.desk.decide(
            item.id,
            Decision.EDITED,
            by=reviewer_of(view),
            seen=view.filled("seen"),
            changes=changes,
            note=view.filled("note").strip(),
            additions=additions,
        )
    except SeenOtherwiseError as error:
        return _page(view, error.item, conflict=True, status=409)
    except EditError as error:
        return _page(view, item, fault=_said(view, error), status=400)
    query = "&".join(filter(None, (back_of(view), urlencode(outcome_of(done)))))
    answer = RedirectResponse(f"/review?{query}", 303)
    remember(answer, reviewer_of(view))
    return answer


def _item(view: View, name: str) -> Waiting:
    item = view.desk.item(name)
    if item is None:
        raise NotHereError(view.t("error_no_attribution", name=name[:200]))
    return item


def _said(view: View, error: EditError) -> str:
    if isinstance(error, _RefusedError):
        return str(error)
    return view.t(f"edit_{error.code}", **{"fault": "", "hint": "", **error.fill})


# -- the form as drawn -----------------------------------------------------------------------------


def _fields(attribution: Attribution, names: Names) -> Fields:
    return Fields(
        {
            "unresolved": as_sent(attribution.unresolved),
            "role": as_sent(attribution.role),
            "form": str(attribution.form),
            "quote": JOIN.join(as_sent(part) for part in attribution.quotes),
        },
        "; ".join(names.written(name, SPEAKERS) for name in attribution.speakers),
        tuple(names.written(link, LINKS) for link in attribution.chain),
        tuple(row_of(claim, names) for claim in attribution.claims),
    )


def _drawn(view: View, attribution: Attribution, names: Names) -> tuple[Fields, tuple[Claim, ...]]:
    """Give what the form was drawn with: as it says itself, else as the record stands."""
    now = _fields(attribution, names)
    try:
        was = json.loads(view.filled("was"))
        claims = tuple(parse_claim(line) for line in was["claims"])
        words = {key: str(was["words"][key]) for key in _WORDS}
        chain = tuple(str(link) for link in was["chain"])
        rows = tuple(row_of(claim, names) for claim in claims)
        return Fields(words, str(was["speaker"]), chain, rows), claims
    except (ValueError, TypeError, KeyError):
        return now, attribution.claims


def _was(fields: Fields, attribution: Attribution) -> str:
    lines = [claim.line for claim in attribution.claims]
    kept = {"words": dict(fields.words), "speaker": fields.speaker, "chain": fields.chain}
    return json.dumps({**kept, "claims": lines})


def _written(view: View, now: Fields, drawn: Fields) -> Fields:
    """Put what a reviewer wrote over what stands; what they left alone stays as it stands."""
    if not view.form:
        return now
    words = {
        key: view.filled(key) if _is_touched(view, key, drawn.words[key]) else now.words[key]
        for key in _WORDS
    }
    touched = _is_touched(view, "speaker", drawn.speaker)
    chain = _links(view)
    rows = read_rows(_texts(view))
    return Fields(
        words,
        view.filled("speaker") if touched else now.speaker,
        now.chain if chain is None or _same(chain, drawn.chain) else tuple(chain),
        tuple(rows) if rows and _rows_differ(rows, drawn.claims) else now.claims,
    )


def _is_touched(view: View, key: str, drawn: str) -> bool:
    return key in view.form and as_sent(view.filled(key)) != as_sent(drawn)


def _links(view: View) -> list[str] | None:
    """Give the links of the chain that the form sends; None where it sends none of its fields."""
    keys = [f"chain-{number}" for number in range(_MOST_LINKS)]
    sent = [view.filled(key).strip() for key in keys if key in view.form]
    return [link for link in sent if link] if sent else None


def _same(given: list[str], drawn: tuple[str, ...]) -> bool:
    return [as_sent(link) for link in given] == [as_sent(link) for link in drawn]


def _rows_differ(rows: list[ClaimRow], drawn: tuple[ClaimRow, ...]) -> bool:
    given = [row.parts for row in rows if not row.is_empty]
    return given != [row.parts for row in drawn]


def _texts(view: View) -> dict[str, str]:
    return {key: value for key, value in view.form.items() if isinstance(value, str)}


# -- from the form to an edit ----------------------------------------------------------------------


def _reading(view: View, item: Waiting) -> tuple[Reading, Additions]:
    """Begin to read names, with those that the form itself adds to the collection."""
    collection = view.desk.collection()
    new: dict[str, str] = {}
    additions = NOTHING
    for number in range(_MOST_NEW):
        name, kind = view.filled(f"new-{number}-name"), view.filled(f"new-{number}-kind")
        if not name.strip() or kind not in KINDS or folded(name) in new:
            continue
        added, made = name_thing(
            additions.within(collection), name, kind, language=view.language, slug=item.slug
        )
        new[folded(name)] = made
        additions = Additions(
            (*additions.agents, *added.agents),
            (*additions.topics, *added.topics),
            (*additions.sources, *added.sources),
        )
    return Reading(view.desk.names(view.language), new), additions


def _changes(view: View, item: Waiting, reading: Reading) -> dict[str, object]:
    """Give the fields that a reviewer touched, as a record writes them."""
    attribution = item.attribution
    drawn, claims = _drawn(view, attribution, reading.names)
    changes: dict[str, object] = {}
    for key in ("unresolved", "role", "form"):
        if _is_touched(view, key, drawn.words[key]):
            changes[key] = restored(view.filled(key).strip(), str(getattr(attribution, key)))
    if _is_touched(view, "speaker", drawn.speaker):
        ids = reading.ids_of(view.filled("speaker"), SPEAKERS)
        changes["speaker"] = ids[0] if len(ids) == 1 else ids
    links = _links(view)
    if links is not None and not _same(links, drawn.chain):
        changes["chain"] = [link if "#" in link else reading.id_of(link, LINKS) for link in links]
    rows = read_rows(_texts(view))
    if rows and _rows_differ(rows, drawn.claims):
        changes["claims"] = lines_of(rows, claims, reading)
    changes |= _words(view, item, drawn)
    return _with_kind(changes, attribution)


def _words(view: View, item: Waiting, drawn: Fields) -> dict[str, object]:
    """Read the passage: its places where they were selected, else its words."""
    given = view.filled("quote")
    places = _places(view.filled("at"))
    if places and item.text:
        if any(not 0 <= start < end <= len(item.text) for start, end in places):
            raise _RefusedError(view.t("edit_no_place"), "no_place")
        if as_sent(given) != as_sent(words_at(item.text, places)):
            raise _RefusedError(view.t("edit_other_words"), "other_words")
        at = [list(place) for place in places] if len(places) > 1 else list(places[0])
        return {} if plain_of(item.attribution).get("at") == at else {"at": at}
    if not _is_touched(view, "quote", drawn.words["quote"]):
        return {}
    if not item.text:
        raise _RefusedError(view.t("edit_no_text"), "no_text")
    parts = [restored(part.strip(), item.text) for part in given.split(JOIN)]
    return {"quote": parts[0] if len(parts) == 1 else parts}


def _places(given: str) -> list[tuple[int, int]]:
    """Read `12-40,52-60`; nothing where it is not of that form."""
    found = []
    for part in filter(None, given.split(",")):
        start, _, end = part.partition("-")
        if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
            return []
        found.append((int(start), int(end)))
    return found


def _with_kind(changes: dict[str, object], before: Attribution) -> dict[str, object]:
    """Let the kind of speaker follow the form: an outlet's own voice has no other speaker."""
    form = changes.get("form")
    if form == Form.AUTHORIAL:
        nobody = {"speaker": [], "unresolved": "", "mention": "", "role": "", "utterance": ""}
        return {**changes, "kind": str(SpeakerKind.OUTLET_VOICE), **nobody}
    is_own_voice = before.kind is SpeakerKind.OUTLET_VOICE
    if form and is_own_voice and not changes.get("speaker"):
        return {**changes, "kind": str(SpeakerKind.UNNAMED)}
    return changes


# -- the page --------------------------------------------------------------------------------------


def _page(
    view: View,
    item: Waiting,
    *,
    reading: Reading | None = None,
    fault: str = "",
    conflict: bool = False,
    status: int = 200,
) -> Response:
    names = view.desk.names(view.language)
    attribution = item.attribution
    now = _fields(attribution, names)
    drawn, _ = _drawn(view, attribution, names)
    fields = _written(view, now, drawn)
    rows = [*fields.claims]
    free = sum(row.is_empty for row in rows)
    rows += [ClaimRow()] * max(0, FREE_ROWS - free)
    sentences = {row.parts: row.sentence for row in now.claims}
    back = back_of(view)
    return view.page(
        "desk_edit.html",
        title=view.t("review_edit"),
        status=status,
        one=card_of(view, item, back),
        fields=fields,
        chain=[*fields.chain, "", ""][:_MOST_LINKS],
        rows=[replace(row, sentence=sentences.get(row.parts, "")) for row in rows],
        now=now,
        was=_was(now, attribution),
        fault=fault,
        conflict=conflict,
        text=item.text,
        stretches=stretches(item.text, attribution.spans) if item.text else [],
        at=view.filled("at"),
        note=view.filled("note"),
        speakers=names.offered(SPEAKERS, attribution.speakers),
        things=names.offered(THINGS, (claim.subject for claim in attribution.claims)),
        links=names.offered(LINKS, attribution.chain),
        predicates=names.offered(PREDICATES),
        forms=[str(form) for form in Form],
        several=dict(reading.several) if reading else {},
        unknown=_unknown(reading) if reading else [],
        added=_added(view, reading),
        reviewer=reviewer_of(view),
        back=back,
    )


def _unknown(reading: Reading) -> list[tuple[str, list[str], list[str]]]:
    """List the names that nobody knows, with names like them and the kinds they may be added as."""
    made = []
    for words, among in reading.unknown.items():
        kinds = [str(kind) for kind in KINDS if kind != SOURCE]
        if among == SPEAKERS:
            kinds = [str(kind) for kind in AgentKind]
        elif among == LINKS:
            kinds = [SOURCE]
        elif among == PREDICATES:
            kinds = []
        made.append((words, reading.names.near(words, among), kinds))
    return made


def _added(view: View, reading: Reading | None) -> list[tuple[str, str]]:
    """List the names that the form adds, each with its kind; not those that are asked about."""
    asked = {folded(words) for words in reading.unknown} if reading else set()
    sent = [
        (view.filled(f"new-{number}-name"), view.filled(f"new-{number}-kind"))
        for number in range(_MOST_NEW)
    ]
    return [(name, kind) for name, kind in sent if kind in KINDS and folded(name) not in asked]
