"""What the desk's pages share: an item as a card, the queue it stands in, who reviews, what to say.

In: a view and items of the queue. Out: values for templates, and the words for an outcome, chosen
by a code from our own words: nothing an address says is shown as if the server had said it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.responses import Response

from kg.intake.review import ALL, WAITING, Decided, Waiting
from kg.model import Attribution, Decision, Polarity
from kg.serve.records import Wanted, seen_of
from kg.serve.view import View

__all__ = [
    "STATES",
    "Card",
    "back_of",
    "card_of",
    "outcome_of",
    "page_of",
    "remember",
    "reviewer_of",
    "told_of",
    "wanted_of",
]

STATES = (WAITING, "accepted", "rejected", "edited", "skipped", ALL)
_REACH = 180
_COOKIE = "kg-reviewer"
_QUEUE = ("slug", "state", "form", "most", "only", "page")
"""The parameters that choose a queue; nothing else of an address is carried on."""


@dataclass(frozen=True, slots=True)
class Card:
    """One item as the desk shows it: its words in context, names for ids, what is sent back."""

    item: Waiting
    parts: tuple[tuple[str, str, str], ...]
    seen: str
    speakers: tuple[str, ...]
    links: tuple[str, ...]
    claims: tuple[str, ...]
    edit: str

    @property
    def attribution(self) -> Attribution:
        """The attribution."""
        return self.item.attribution

    @property
    def element(self) -> str:
        """The id of its element on the page."""
        return f"p-{self.item.slug}-{self.item.attribution.id}"

    @property
    def is_denied(self) -> bool:
        """Whether the speaker denies what is claimed."""
        return self.item.attribution.polarity is Polarity.DENIED


def card_of(view: View, item: Waiting, back: str) -> Card:
    """Show an item; `back` is the query of the queue it stands in."""
    attribution, text = item.attribution, item.text
    names = view.desk.names(view.language)
    parts = tuple(("", quoted, "") for quoted in attribution.quotes)
    if text and attribution.spans:
        parts = tuple(
            (
                text[max(0, start - _REACH) : start].lstrip(),
                text[start:end],
                text[end : end + _REACH].rstrip(),
            )
            for start, end in attribution.spans
        )
    return Card(
        item,
        parts,
        seen_of(item),
        tuple(names.label(name) for name in attribution.speakers),
        tuple(names.label(name) for name in attribution.chain),
        tuple(names.sentence(claim) for claim in attribution.claims),
        f"/review?{urlencode([*parse_qsl(back), ('edit', item.id)])}",
    )


def back_of(view: View) -> str:
    """Give the query of the queue that the reviewer is in, from the form or else the address."""
    given = parse_qsl(view.filled("back")) or view.request.query_params.multi_items()
    return urlencode([(key, value) for key, value in given if key in _QUEUE and value])


def wanted_of(back: str) -> Wanted:
    """Read which queue a query chooses."""
    asked = dict(parse_qsl(back))
    try:
        most = float(asked.get("most", 1.0))
    except ValueError:
        most = 1.0
    state = asked.get("state", WAITING)
    return Wanted(
        slug=asked.get("slug", ""),
        form=asked.get("form", ""),
        state=state if state in STATES else WAITING,
        most=most,
        only=asked.get("only", ""),
    )


def page_of(back: str) -> int:
    """Read which page of the queue a query chooses."""
    given = dict(parse_qsl(back)).get("page", "")
    return min(int(given), 100_000) if given.isascii() and given.isdigit() else 0


def reviewer_of(view: View) -> str:
    """Name who reviews: as the form says, as was said before, or as the server was told."""
    return (
        view.filled("by").strip()[:80]
        or unquote(view.request.cookies.get(_COOKIE, "")).strip()[:80]
        or view.settings.reviewer
    )


def remember(answer: Response, name: str) -> None:
    """Keep the reviewer's name on their machine; a name of any script, so spelled for a header."""
    answer.set_cookie(
        _COOKIE, quote(name), max_age=31_536_000, samesite="strict", httponly=True, path="/"
    )


def outcome_of(done: Decided) -> dict[str, str]:
    """Give the parameters by which the next page says what was done."""
    name = f"{done.slug}#{done.attribution.id}"
    if done.review.decision is Decision.UNDONE:
        return {"told": "undone", "on": name}
    return {"told": str(done.review.decision), "on": name}


def told_of(view: View, outcome: dict[str, str] | None = None) -> str:
    """Say in the reader's language what was done; "" for what no outcome of ours could be."""
    if outcome is None:
        outcome = {key: view.asked(key) for key in ("told", "on", "n")}
    code, name, number = outcome.get("told", ""), outcome.get("on", ""), outcome.get("n", "")
    if code in {"saved", "known"}:
        slugs = {record.slug for record in view.desk.collection().records}
        key = "add_saved" if code == "saved" else "add_known_as"
        return view.t(key, name=name) if name in slugs else ""
    if code in {"bulk-accepted", "bulk-rejected"}:
        if not (number.isascii() and number.isdigit()):
            return ""
        decision = view.w("review_status", code.removeprefix("bulk-"))
        return view.t("review_bulk_done", n=min(int(number), 999), decision=decision)
    if view.desk.item(name) is None:
        return ""
    if code == "undone":
        return view.t("review_undone", name=name)
    if code in {"accepted", "rejected", "skipped", "edited"}:
        return view.t("review_decided", name=name, decision=view.t(f"decision_{code}"))
    return ""
