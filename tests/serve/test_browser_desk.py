"""The desk in a real browser: keys, two editors, selections, bulk, the phone, and no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.intake.add import open_desk
from kg.intake.document import capture
from kg.intake.formats.article import Article
from kg.intake.review import Filters, decide, queue
from kg.model import Decision
from tests.serve.test_browser_tours import is_within, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from kg.project import Project
    from tests.serve.conftest import Served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BIDI = chr(0x202E)


def opened(page: Page, served: Served, address: str = "/review?slug=fanal-accord") -> None:
    """The desk, with a reviewer's name given."""
    page.goto(f"{served.address}{address}")
    page.get_by_label("Your name or initials").first.fill("Anne")
    page.get_by_role("button", name="That is me").click()
    page.locator(".proposal.current").wait_for()


def gone(page: Page, number: int) -> None:
    """Wait until so many cards have gone."""
    page.wait_for_function(
        "n => document.querySelectorAll('.proposal.gone').length === n", arg=number
    )


def settled(page: Page) -> None:
    """Wait until something was told."""
    page.wait_for_function("() => document.getElementById('status').textContent !== ''")


def decided(project: Project) -> list[tuple[str, str]]:
    """Every decision of one record, in order."""
    return [
        (item.attribution.id, item.state)
        for item in queue(project, Filters(document="fanal-accord", state="all"))
        if item.state not in {"waiting", "skipped"}
    ]


@pytest.fixture
def desk(chromium: Browser, start: Callable[..., Served]) -> Iterator[tuple[Served, Page]]:
    """A server and a page of its desk, with a name given."""
    served = start()
    with visit(chromium, served) as watched:
        opened(watched.page, served)
        yield served, watched.page
        # The browser itself notes each refused request; nothing else may stand there.
        watched.said[:] = [said for said in watched.said if "409" not in said]


def test_a_key_held_down_decides_once(desk: tuple[Served, Page]) -> None:
    """The repeats of one key press are no further decisions."""
    served, page = desk
    for _ in range(8):
        page.keyboard.down("a")
    page.keyboard.up("a")
    settled(page)
    gone(page, 1)
    page.keyboard.down("j")
    page.keyboard.down("j")
    page.keyboard.up("j")

    assert page.locator(".proposal.current").get_attribute("data-item") == "fanal-accord#a4"
    assert decided(served.project) == [("a1", "accepted")]


def test_counts_and_log_follow_every_key(desk: tuple[Served, Page]) -> None:
    """What is left is counted in the queue shown; the log lists each decision; undo goes back."""
    served, page = desk
    for number, key in enumerate("ars", start=1):
        page.keyboard.press(key)
        gone(page, number)
    page.get_by_text("fanal-accord#a3: skipped").wait_for()
    left = page.locator("#left").inner_text()
    log = page.locator("#log li").all_inner_texts()
    for number in (2, 1):
        page.keyboard.press("u")
        gone(page, number)
    page.get_by_text("Undone: fanal-accord#a2").wait_for()

    # A skipped one is still to review.
    assert left == "8 to review"
    assert [line.split(" ")[0] for line in log[:3]] == [f"fanal-accord#a{n}" for n in (3, 2, 1)]
    assert "skipped by Anne" in log[0]
    assert decided(served.project) == [("a1", "accepted")]


def test_bulk_takes_what_is_still_to_be_seen(desk: tuple[Served, Page]) -> None:
    """After three keys the button counts and sends the seven that are left, as they are."""
    served, page = desk
    for number, key in enumerate("arr", start=1):
        page.keyboard.press(key)
        gone(page, number)
    button = page.get_by_role("button", name="Accept the 7 shown")
    button.click()
    page.get_by_text("7 decided: accepted").wait_for()

    assert [state for _, state in decided(served.project)] == ["accepted", *["rejected"] * 2] + [
        "accepted"
    ] * 7


def test_the_second_editor_sees_the_new_card_before_a_key_counts(
    desk: tuple[Served, Page],
) -> None:
    """An edit made meanwhile: the card is drawn anew, a hasty second press is held back."""
    served, page = desk
    decide(
        served.project,
        "fanal-accord",
        "a1",
        Decision.EDITED,
        by="Bruno",
        on="2026-01-02",
        changes={"note": "looked at", "stance": "emphatic", "quote": "Maison du port"},
    )
    page.keyboard.press("a")
    page.locator("#status[role=alert]").wait_for()
    told = page.locator("#status").inner_text()
    card = page.locator('.proposal[data-item="fanal-accord#a1"]')
    shown = card.locator("mark").inner_text()
    page.keyboard.press("a")
    held = page.locator("#status").inner_text()
    before = decided(served.project)
    page.wait_for_timeout(1000)
    page.keyboard.press("a")
    gone(page, 1)
    page.get_by_text("fanal-accord#a1: accepted").wait_for()

    assert told.startswith("fanal-accord#a1: edited in the meantime by Bruno.")
    assert shown == "Maison du port"
    assert held == "Changed just now: read the card, then decide."
    assert before == [("a1", "edited")]
    assert decided(served.project) == [("a1", "accepted")]


def hostile(project: Project) -> str:
    """Add a text with overrides, Windows line ends and signs beyond the first plane."""
    text = (
        f"Le quai rouvre 🚢\r\n\r\nLa ministre {BIDI}écilop a dit : "
        f"« Nous {BIDI}ne céderons\r\npas {{{{7*7}}}} », lundi.\r\n"
    )
    raw = text.encode()
    with open_desk(project, version="1") as desk:
        return desk.add(capture(Article("q.txt", "q", text, raw, "plain text", "text"))).slug


SELECT = """([first, last]) => {
  const text = document.getElementById("source-text");
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const find = (words, end) => {
    while (walk.nextNode()) {
      const place = walk.currentNode.data.indexOf(words);
      if (place >= 0) return [walk.currentNode, end ? place + words.length : place];
    }
  };
  const range = document.createRange();
  range.setStart(...find(first, false));
  range.setEnd(...find(last, true));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def test_a_selection_is_what_it_shows(chromium: Browser, start: Callable[..., Served]) -> None:
    """In a text with overrides, CRLF and an emoji, the selected words are those of the record."""
    served = start()
    slug = hostile(served.project)
    (item,) = queue(served.project, Filters(document=slug))
    with visit(chromium, served) as watched:
        page = watched.page
        page.goto(f"{served.address}/review?edit={slug}%23{item.attribution.id}")
        shown = page.locator("#source-text").inner_text()
        page.evaluate(SELECT, ["Nous ", "7*7"])
        page.get_by_role("button", name="Take the selection").click()
        quote = page.locator("#e-quote").input_value()
        page.get_by_label("Your name or initials").fill("Ed")
        page.get_by_role("button", name="Save the edit").click()
        page.get_by_text(": edited").first.wait_for()
    after = next(found for found in queue(served.project, Filters(state="edited")))
    words = f"Nous {BIDI}ne céderons\r\npas {{{{7*7"

    assert "U+000D" not in shown
    assert quote == "Nous [U+202E]ne céderons\npas {{7*7"
    assert after.attribution.quotes == (words,)
    assert after.text[slice(*after.attribution.spans[0])] == words


def test_words_are_selected_by_keyboard(chromium: Browser, start: Callable[..., Served]) -> None:
    """The passage is marked and in view; arrows with Shift select from it, Enter takes."""
    served = start()
    with visit(chromium, served) as watched:
        page = watched.page
        page.goto(f"{served.address}/review?edit=fanal-accord%23a9")
        in_view = page.evaluate(
            """() => {
              const box = document.getElementById("source-text").getBoundingClientRect();
              const mark = document.getElementById("passage").getBoundingClientRect();
              return mark.top >= box.top && mark.top <= box.bottom;
            }"""
        )
        before = page.locator("#source-text").inner_text()
        page.get_by_role("link", name="Go to the passage").focus()
        page.keyboard.press("Tab")
        for _ in range(3):
            page.keyboard.press("Control+Shift+ArrowRight")
        page.keyboard.press("x")
        page.keyboard.press("Enter")
        quote = page.locator("#e-quote").input_value()
        after = page.locator("#source-text").inner_text()
        page.get_by_label("Your name or initials").fill("Ed")
        page.get_by_role("button", name="Save the edit").click()
        page.get_by_text(": edited").first.wait_for()
    (edited,) = queue(served.project, Filters(state="edited"))
    was = next(
        found for found in queue(served.project, Filters(state="all")) if found.id == edited.id
    )

    assert in_view
    assert after == before
    assert len(quote.split()) == 3
    assert edited.attribution.quotes == (quote,)
    assert was.text[slice(*edited.attribution.spans[0])] == quote


def test_a_phone_has_undo_at_hand(chromium: Browser, start: Callable[..., Served]) -> None:
    """At 390 pixels undo and the way to the bulk stand at the lower edge, wherever one is."""
    served = start()
    with visit(chromium, served, width=390) as watched:
        page = watched.page
        opened(page, served)
        heights = []
        for _ in range(3):
            box = page.locator("#undo button").bounding_box()
            assert box is not None
            heights.append(box["y"] + box["height"])
            page.keyboard.press("j")
        within = is_within(page)
        page.get_by_role("link", name="All that are shown").click()
        page.wait_for_function(
            "() => document.getElementById('bulk').getBoundingClientRect().bottom < innerHeight"
        )
        bulk = page.get_by_role("button", name="Accept the 10 shown").bounding_box()

    assert all(0 < height <= 900 for height in heights)
    assert within
    assert bulk is not None
    assert 0 <= bulk["y"] <= 900


def test_without_script_nothing_dead_is_shown(
    chromium: Browser, start: Callable[..., Served]
) -> None:
    """No keys, no drop hint; a decision without a name asks for it in the same queue."""
    served = start()
    with visit(chromium, served, script=False) as watched:
        page = watched.page
        page.goto(f"{served.address}/review?slug=fanal-accord")
        keys = page.locator("kbd:visible").count()
        page.get_by_role("button", name="Accept", exact=True).first.click()
        asked = page.get_by_role("alert").inner_text()
        cards = page.locator(".proposal").count()
        page.get_by_label("Your name or initials").first.fill("Plain")
        page.get_by_role("button", name="That is me").click()
        filtered = page.url
        page.goto(f"{served.address}/add")
        drop = page.locator("#drop").is_visible()
        watched.said[:] = [said for said in watched.said if "400" not in said]

    assert (keys, drop) == (0, False)
    assert asked.startswith("Say first who decides")
    assert cards == 10
    assert filtered.endswith("/review?slug=fanal-accord")
