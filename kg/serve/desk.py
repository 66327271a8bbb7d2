"""The review desk: the queue with one key a decision, undo, and who decided what and when.

In: a view and what a reviewer sent. Out: the page, or JSON where the page's script asks; the
corrections are those of `kg.serve.edit`. Decides nothing itself: everything is written by
`kg.intake.review`, as in `kg review`.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from starlette.responses import JSONResponse, RedirectResponse, Response

from kg.errors import UsageError
from kg.intake.review import WAITING, Decided, Waiting
from kg.model import Decision, Form
from kg.serve.cards import (
    STATES,
    Card,
    back_of,
    card_of,
    outcome_of,
    page_of,
    remember,
    reviewer_of,
    told_of,
    wanted_of,
)
from kg.serve.edit import edit_page
from kg.serve.rebuild import files_behind
from kg.serve.records import SeenOtherwiseError, Wanted
from kg.serve.view import NotHereError, View

__all__ = ["PER_PAGE", "decide_one", "decide_shown", "desk", "undo_last", "who"]

PER_PAGE = 12
LOGGED = 12
"""Decisions of the log that the page lists."""


def desk(view: View) -> Response:
    """Show the queue, or one item of it to edit."""
    if view.settings.read_only:
        raise NotHereError(view.t("error_read_only"))
    if view.asked("edit"):
        return edit_page(view, view.asked("edit"))
    return _queue(view, told=told_of(view))


def who(view: View) -> Response:
    """Keep who reviews."""
    name = view.filled("me").strip()[:80]
    if not name:
        return _queue(view, fault=view.t("review_who_needed"), status=400)
    answer = RedirectResponse(f"/review?{back_of(view)}", 303)
    remember(answer, name)
    return answer


def _queue(
    view: View,
    *,
    told: str = "",
    fault: str = "",
    status: int = 200,
    first: Waiting | None = None,
) -> Response:
    """Show the queue; `first` is an item to show before all others, whatever the queue holds."""
    back = back_of(view)
    wanted, number = wanted_of(back), page_of(back)
    found = view.desk.items(wanted)
    shown = found[number * PER_PAGE : (number + 1) * PER_PAGE]
    if first is not None:
        shown = [first, *(item for item in shown if item.id != first.id)]
    titles = {
        record.slug: record.document.title or record.slug
        for record in view.desk.collection().records
    }
    bare = wanted_of("")
    return view.page(
        "desk.html",
        title=view.t("review_title"),
        status=status,
        wanted=wanted,
        shown=[card_of(view, item, back) for item in shown],
        total=len(found),
        number=number,
        has_more=(number + 1) * PER_PAGE < len(found),
        back=back,
        turn=lambda page: _turned(back, page),
        titles=sorted(titles.items(), key=lambda item: item[1].casefold()),
        forms=[str(form) for form in Form],
        states=STATES,
        is_narrowed=wanted != bare,
        reviewer=reviewer_of(view),
        history=view.desk.log(LOGGED),
        told=told,
        fault=fault,
        rebuild_faults=view.desk.rebuilder.faults,
        is_building=view.desk.rebuilder.is_busy,
        is_behind=not view.desk.rebuilder.is_busy and files_behind(view.project),
        waiting=WAITING,
    )


def _turned(back: str, page: int) -> str:
    """Give the address of another page of the same queue."""
    pairs = [pair for pair in parse_qsl(back) if pair[0] != "page"]
    return f"/review?{urlencode([*pairs, *([('page', str(page))] if page else [])])}"


def decide_one(view: View) -> Response:
    """Accept, reject or skip one item."""
    decision = _decision(view)

    def act() -> Decided:
        return view.desk.decide(
            view.filled("item"),
            decision,
            by=reviewer_of(view),
            seen=view.filled("seen"),
            note=view.filled("note").strip(),
        )

    return _done(view, act)


def undo_last(view: View) -> Response:
    """Take back the reviewer's last decision."""
    return _done(view, lambda: view.desk.undo(reviewer_of(view)))


def decide_shown(view: View) -> Response:
    """Decide on every item that was on the page, and on no other; stop at the first changed one."""
    decision = _decision(view)
    if decision not in {Decision.ACCEPTED, Decision.REJECTED}:
        raise UsageError("all that are shown can be accepted or rejected")
    if not reviewer_of(view):
        return _queue(view, fault=view.t("review_who_needed"), status=400)
    pairs: list[str] = view.request.scope["kg.items"]
    count = 0
    for pair in pairs[:PER_PAGE]:
        name, _, seen = pair.partition("|")
        if view.desk.item(name) is None:
            raise NotHereError(view.t("error_no_attribution", name=name))
        try:
            view.desk.decide(name, decision, by=reviewer_of(view), seen=seen)
        except SeenOtherwiseError as error:
            stopped = view.t("review_bulk_stopped", n=count, of=len(pairs[:PER_PAGE]))
            fault = f"{stopped} {_changed(view, error.item)}"
            return _queue(view, fault=fault, status=409, first=error.item)
        count += 1
    told = {"told": f"bulk-{decision}", "n": str(count)}
    return _back_to_queue(view, told)


def _decision(view: View) -> Decision:
    given = view.filled("decision")
    if given not in {"accepted", "rejected", "skipped"}:
        raise UsageError("`decision` must be accepted, rejected or skipped")
    return Decision(given)


def _done(view: View, act: Callable[[], Decided]) -> Response:
    if not reviewer_of(view):
        if _wants_json(view):
            raise UsageError(view.t("review_who_needed"))
        return _queue(view, fault=view.t("review_who_needed"), status=400)
    name = view.filled("item")
    if name and view.desk.item(name) is None:
        raise NotHereError(view.t("error_no_attribution", name=name))
    try:
        done = act()
    except SeenOtherwiseError as error:
        return _conflict(view, error.item)
    if not _wants_json(view):
        return _back_to_queue(view, outcome_of(done))
    item = view.desk.item(f"{done.slug}#{done.attribution.id}")
    assert item is not None
    answer = JSONResponse({"told": told_of(view, outcome_of(done)), **_now(view, item)})
    remember(answer, reviewer_of(view))
    return answer


def _back_to_queue(view: View, outcome: dict[str, str]) -> Response:
    query = "&".join(filter(None, (back_of(view), urlencode(outcome))))
    answer = RedirectResponse(f"/review?{query}", 303)
    remember(answer, reviewer_of(view))
    return answer


def _wants_json(view: View) -> bool:
    return "application/json" in view.request.headers.get("accept", "")


def _now(view: View, item: Waiting) -> dict[str, object]:
    """Give what the page's script draws again: the card, what is left, the log."""
    back = back_of(view)
    left = view.desk.count(wanted_of(back))
    card = card_of(view, item, back)
    return {
        "item": item.id,
        "seen": card.seen,
        "state": item.state,
        "left": left,
        "left_said": _left(view, wanted_of(back), left),
        "card": _drawn(view, "desk_card.html", card),
        "history": _drawn(view, "desk_log.html", None),
    }


def _left(view: View, wanted: Wanted, count: int) -> str:
    return view.t("review_left" if wanted.state == WAITING else "attributions_n", n=count)


def _drawn(view: View, template: str, card: Card | None) -> str:
    """Draw one part of the page alone."""
    history = view.desk.log(LOGGED)
    page = view.page(template, title="", one=card, back=back_of(view), history=history)
    return bytes(page.body).decode("utf-8")


def _changed(view: View, item: Waiting) -> str:
    """Say who changed an item since it was seen, and how."""
    stands = item.decided
    if stands is None:
        return view.t("review_card_changed", name=item.id)
    decision = view.t(f"decision_{stands.decision}")
    return view.t("review_card_changed_by", name=item.id, by=stands.by, decision=decision)


def _conflict(view: View, item: Waiting) -> Response:
    """Tell the second of two reviewers who was first, with the card as it stands now."""
    told = _changed(view, item)
    if not _wants_json(view):
        return _queue(view, fault=told, status=409, first=item)
    stands = item.decided
    return JSONResponse(
        {
            "conflict": told,
            "by": stands.by if stands else "",
            "decision": str(stands.decision) if stands else "",
            **_now(view, item),
        },
        409,
    )
