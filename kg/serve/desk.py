"""The review desk: the queue with one key a decision, edits, undo, and who decided what.

In: a view and what a reviewer sent. Out: the page, or JSON where the page's script asks.
Decides nothing itself: everything is written by `kg.intake.review`, as in `kg review`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from kg.errors import KgError, UsageError
from kg.intake.edits import plain_of
from kg.intake.review import ALL, WAITING, Decided, Waiting
from kg.model import Attribution, Decision, Form
from kg.serve.passages import Paragraph, paragraphs
from kg.serve.records import SeenOtherwiseError, Wanted, seen_of
from kg.serve.view import NotHereError, View

__all__ = ["PER_PAGE", "decide_one", "decide_shown", "desk", "edit_one", "undo_last"]

PER_PAGE = 12
_REACH = 180
_JOIN = " […] "
_COOKIE = "kg-reviewer"
_STATES = (WAITING, "accepted", "rejected", "edited", "skipped", ALL)


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as the desk shows it: with its words in context, and what is sent back of it."""

    item: Waiting
    parts: tuple[tuple[str, str, str], ...]
    seen: str

    @property
    def attribution(self) -> Attribution:
        """The attribution."""
        return self.item.attribution

    @property
    def element(self) -> str:
        """The id of its element on the page."""
        return f"p-{self.item.slug}-{self.item.attribution.id}"


def desk(view: View) -> Response:
    """Show the queue, or one item of it to edit."""
    if view.settings.read_only:
        raise NotHereError(view.t("error_read_only"))
    if view.asked("me"):
        answer = RedirectResponse("/review", 303)
        _remember(answer, view.asked("me")[:80])
        return answer
    wanted = _wanted(view)
    found = view.desk.items(wanted)
    number = view.number("page")
    shown = [_shown(item) for item in found[number * PER_PAGE : (number + 1) * PER_PAGE]]
    editing = view.asked("edit")
    if editing:
        return _edit_page(view, editing)
    return _page(view, wanted, shown, total=len(found), number=number)


def _page(view: View, wanted: Wanted, shown: list[Shown], *, total: int, number: int) -> Response:
    everything = view.desk.items(Wanted(state=ALL))
    slugs = sorted({item.slug for item in everything})
    decided = sorted(
        (item for item in everything if item.decided is not None),
        key=lambda item: item.decided.on if item.decided else "",
        reverse=True,
    )
    return view.page(
        "desk.html",
        title=view.t("review_title"),
        wanted=wanted,
        shown=shown,
        total=total,
        number=number,
        has_more=(number + 1) * PER_PAGE < total,
        slugs=slugs,
        forms=[str(form) for form in Form],
        states=_STATES,
        reviewer=_reviewer(view),
        history=decided[:12],
        told=view.asked("told"),
        rebuild_fault=view.desk.rebuilder.fault,
        labels=_labels(view),
    )


def _wanted(view: View) -> Wanted:
    state = view.asked("state")
    try:
        most = float(view.asked("most") or 1.0)
    except ValueError:
        most = 1.0
    return Wanted(
        slug=view.asked("slug"),
        form=view.asked("form"),
        state=state if state in _STATES else WAITING,
        most=most,
    )


def _shown(item: Waiting) -> Shown:
    attribution, text = item.attribution, item.text
    if not text or not attribution.spans:
        return Shown(item, tuple(("", quote, "") for quote in attribution.quotes), seen_of(item))
    parts = tuple(
        (
            text[max(0, start - _REACH) : start].lstrip(),
            text[start:end],
            text[end : end + _REACH].rstrip(),
        )
        for start, end in attribution.spans
    )
    return Shown(item, parts, seen_of(item))


def _labels(view: View) -> Callable[[str], str]:
    """Give what names an id of the registries; an id nothing is known of names itself."""
    collection = view.desk.collection()
    names = {
        thing.id: dict(thing.name)
        for things in (collection.agents, collection.outlets, collection.sources, collection.topics)
        for thing in things
    }

    def label(name: str) -> str:
        known = names.get(name, {})
        return known.get(view.language) or next(iter(known.values()), name)

    return label


def _reviewer(view: View) -> str:
    return (
        view.filled("by").strip()[:80]
        or unquote(view.request.cookies.get(_COOKIE, "")).strip()[:80]
        or view.settings.reviewer
    )


def decide_one(view: View) -> Response:
    """Accept, reject or skip one item."""
    decision = _decision(view)

    def act() -> Decided:
        return view.desk.decide(
            _name(view),
            decision,
            by=_reviewer(view),
            seen=view.filled("seen"),
            note=view.filled("note").strip(),
        )

    return _done(view, act)


def edit_one(view: View) -> Response:
    """Change one item, which then counts as edited."""
    item = view.desk.item(_name(view))
    if item is None:
        raise NotHereError(view.t("error_no_attribution", name=_name(view)))
    changes = _changes(view, item)

    def act() -> Decided:
        if not changes:
            raise UsageError(view.t("review_no_change"))
        return view.desk.decide(
            item.id,
            Decision.EDITED,
            by=_reviewer(view),
            seen=view.filled("seen"),
            changes=changes,
            note=view.filled("note").strip(),
        )

    try:
        return _done(view, act)
    except KgError as error:
        # What the reviewer wrote stays in the form: an edit that does not stand is not lost.
        return _edit_page(view, item.id, fault=str(error), status=400)


def undo_last(view: View) -> Response:
    """Take back the reviewer's last decision."""
    return _done(view, lambda: view.desk.undo(_reviewer(view)))


def decide_shown(view: View) -> Response:
    """Decide on every item that was on the page, and on no other; stop at the first changed one."""
    decision = _decision(view)
    if decision not in {Decision.ACCEPTED, Decision.REJECTED}:
        raise UsageError("all that are shown can be accepted or rejected")
    pairs = view.request.scope["kg.items"]
    count = 0
    for pair in pairs[:PER_PAGE]:
        name, _, seen = pair.partition("|")
        if view.desk.item(name) is None:
            raise NotHereError(view.t("error_no_attribution", name=name))
        try:
            view.desk.decide(name, decision, by=_reviewer(view), seen=seen)
        except SeenOtherwiseError as error:
            return _conflict(view, error.item)
        count += 1
    told = view.t("review_bulk_done", n=count, decision=view.w("review_status", str(decision)))
    return _answered(view, told)


def _decision(view: View) -> Decision:
    given = view.filled("decision")
    if given not in {"accepted", "rejected", "skipped"}:
        raise UsageError("`decision` must be accepted, rejected or skipped")
    return Decision(given)


def _name(view: View) -> str:
    return view.filled("item")


def _done(view: View, act: Callable[[], Decided]) -> Response:
    if not _reviewer(view):
        raise UsageError(view.t("review_who_needed"))
    if view.filled("item") and view.desk.item(_name(view)) is None:
        raise NotHereError(view.t("error_no_attribution", name=_name(view)))
    try:
        done = act()
    except SeenOtherwiseError as error:
        return _conflict(view, error.item)
    name = f"{done.slug}#{done.attribution.id}"
    if done.review.decision is Decision.UNDONE:
        told = view.t("review_undone", name=name)
    else:
        said = view.t(f"decision_{done.review.decision}")
        told = view.t("review_decided", name=name, decision=said)
    return _answered(view, told, name=name)


def _wants_json(view: View) -> bool:
    return "application/json" in view.request.headers.get("accept", "")


def _answered(view: View, told: str, *, name: str = "") -> Response:
    answer: Response
    if _wants_json(view):
        item = view.desk.item(name) if name else None
        answer = JSONResponse(
            {
                "told": told,
                "item": name,
                "seen": seen_of(item) if item else "",
                "state": item.state if item else "",
                "left": view.desk.left(),
                "left_said": view.t("review_left", n=view.desk.left()),
            }
        )
    else:
        back = view.filled("back")
        query = back if back and "\n" not in back else ""
        joined = "&".join(filter(None, (query, urlencode({"told": told}))))
        answer = RedirectResponse(f"/review?{joined}", 303)
    _remember(answer, _reviewer(view))
    return answer


def _remember(answer: Response, name: str) -> None:
    """Keep the reviewer's name on their machine; a name of any script, so spelled for a header."""
    answer.set_cookie(
        _COOKIE, quote(name), max_age=31_536_000, samesite="strict", httponly=True, path="/"
    )


def _conflict(view: View, item: Waiting) -> Response:
    """Tell the second of two reviewers, with how it stands now and what they had written."""
    if _wants_json(view):
        stands = item.decided
        return JSONResponse(
            {
                "conflict": view.t("review_changed"),
                "item": item.id,
                "seen": seen_of(item),
                "by": stands.by if stands else "",
                "decision": str(stands.decision) if stands else "",
            },
            409,
        )
    return _edit_page(view, item.id, conflict=True, status=409)


_FIELDS = ("speaker", "unresolved", "role", "form", "quote", "claims", "chain")


def _edit_page(
    view: View, name: str, *, fault: str = "", conflict: bool = False, status: int = 200
) -> Response:
    item = view.desk.item(name)
    if item is None:
        raise NotHereError(view.t("error_no_attribution", name=name))
    now = _fields(item.attribution)
    written = {field: view.filled(field) for field in _FIELDS if field in view.form}
    collection = view.desk.collection()
    agents = sorted(
        (agent.id, dict(agent.name).get(view.language) or agent.name[0][1])
        for agent in collection.agents
    )
    return view.page(
        "desk_edit.html",
        title=view.t("review_edit"),
        status=status,
        shown=_shown(item),
        fields={**now, **written},
        now=now,
        fault=fault,
        conflict=conflict,
        text=item.text,
        text_paragraphs=_text(item),
        agents=agents,
        forms=[str(form) for form in Form],
        reviewer=_reviewer(view),
        back=view.filled("back") or _back(view),
    )


def _back(view: View) -> str:
    """Give the query of the queue the reviewer came from."""
    pairs = view.request.query_params.multi_items()
    return urlencode([pair for pair in pairs if pair[0] not in {"edit", "told"}])


def _text(item: Waiting) -> list[Paragraph]:
    return paragraphs(item.text, {0: item.attribution.spans}) if item.text else []


def _fields(attribution: Attribution) -> dict[str, str]:
    return {
        "speaker": ", ".join(attribution.speakers),
        "unresolved": attribution.unresolved,
        "role": attribution.role,
        "form": str(attribution.form),
        "quote": _JOIN.join(attribution.quotes),
        "claims": "\n".join(claim.line for claim in attribution.claims),
        "chain": "\n".join(attribution.chain),
    }


def _changes(view: View, item: Waiting) -> dict[str, object]:
    """Give the fields that differ from the record, as a record writes them."""
    now, plain = _fields(item.attribution), plain_of(item.attribution)
    changes: dict[str, object] = {}
    for field in _FIELDS:
        if field not in view.form:
            continue
        given = view.filled(field).replace("\r\n", "\n").strip()
        if given == now[field].strip():
            continue
        changes[field] = _plain(field, given)
    place = view.filled("at")
    if place and item.text:
        start, _, end = place.partition("-")
        if start.isdigit() and end.isdigit() and plain.get("at") != [int(start), int(end)]:
            changes.pop("quote", None)
            changes["at"] = [int(start), int(end)]
    return changes


def _plain(field: str, given: str) -> object:
    if field in {"claims", "chain"}:
        return [line.strip() for line in given.split("\n") if line.strip()]
    if field == "quote":
        parts = [part.strip("\n") for part in given.split(_JOIN)]
        return parts[0] if len(parts) == 1 else parts
    if field == "speaker":
        ids = [part.strip() for part in given.split(",") if part.strip()]
        return ids[0] if len(ids) == 1 else ids
    return given
