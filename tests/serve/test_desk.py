"""The desk writes what `kg review` writes, tells the second of two editors, and loses nothing."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from starlette.testclient import TestClient

from kg.intake.review import Filters, decide, queue
from kg.model import Decision
from kg.project import Project, find_project
from kg.records import load_collection
from kg.records.encode import encode_record
from tests.serve.conftest import FORM_KEY, client_of

JSON = {"accept": "application/json"}
ITEM = "fanal-accord#a2"


def seen(client: TestClient, item: str = ITEM) -> str:
    """What the edit page of an item says was seen of it."""
    page = client.get("/review", params={"edit": item}).text
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def send(client: TestClient, address: str = "/review/decide", **fields: str):
    """Send one decision as the page's script does."""
    given = {"key": FORM_KEY, "item": ITEM, "by": "A. Reader", **fields}
    return client.post(address, data=given, headers=JSON)


def reviews(project: Project, slug: str = "fanal-accord") -> list[tuple[str, str, str]]:
    """Every decision in a record: what, on which, by whom."""
    collection = load_collection(project).collection
    record = next(item for item in collection.records if item.slug == slug)
    return [(str(item.decision), item.attribution, item.by) for item in record.reviews]


def test_the_queue_shows_words_voice_and_keys(client: TestClient) -> None:
    """Each proposal has its words in context, its buttons, and the keys beside them."""
    page = client.get("/review?slug=fanal-accord").text

    assert page.count('class="proposal"') == 10
    assert 'value="accepted"' in page
    assert "<kbd>u</kbd>" in page
    assert "10 to review" in page


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_decision_is_written_into_the_record(fresh: Project, decision: str) -> None:
    """One decision adds one review to the record, and the graph follows."""
    with client_of(fresh) as client:
        answer = send(client, seen=seen(client), decision=decision)
        assert client.app.state.desks.desk().rebuilder.wait(60)
        page = client.get("/attribution/fanal-accord%23a2").text

    assert answer.status_code == 200
    assert answer.json()["state"] == decision
    assert reviews(fresh) == [(decision, "a2", "A. Reader")]
    assert "A. Reader" in page


def test_a_plain_form_works_without_script(fresh: Project) -> None:
    """A button posts, the answer leads back to the queue and says what was done."""
    with client_of(fresh) as client:
        fields = {
            "key": FORM_KEY,
            "item": ITEM,
            "seen": seen(client),
            "by": "Zoë",
            "decision": "accepted",
            "back": "slug=fanal-accord",
        }
        answer = client.post("/review/decide", data=fields)

    assert answer.url.path == "/review"
    assert answer.url.params["slug"] == "fanal-accord"
    assert "fanal-accord#a2: accepted." in answer.text
    assert 'value="Zoë"' in answer.text
    assert reviews(fresh) == [("accepted", "a2", "Zoë")]


def test_who_decides_must_be_said(fresh: Project) -> None:
    """A decision of nobody is refused."""
    with client_of(fresh) as client:
        answer = send(client, seen=seen(client), decision="accepted", by=" ")

    assert answer.status_code == 400
    assert reviews(fresh) == []


def test_the_second_of_two_is_told_and_loses_nothing(fresh: Project) -> None:
    """Who decides on what has changed meanwhile is told how it stands, and keeps their words."""
    with client_of(fresh) as client:
        old = seen(client)
        first = send(client, seen=old, decision="rejected", by="First")
        script = send(client, seen=old, decision="accepted", by="Second")
        fields = {
            "key": FORM_KEY,
            "item": ITEM,
            "seen": old,
            "by": "Second",
            "role": "her own role",
        }
        edit = client.post("/review/edit", data=fields)
        again = re.search(r'name="seen" value="([^"]+)"', edit.text)
        assert again is not None
        fields["seen"] = unescape(again[1])
        stands = client.post("/review/edit", data=fields, follow_redirects=False)

    assert first.status_code == 200
    assert script.status_code == 409
    assert script.json()["by"] == "First"
    assert edit.status_code == 409
    assert "Somebody else has changed this attribution" in edit.text
    assert 'value="her own role"' in edit.text
    assert stands.status_code == 303
    assert reviews(fresh) == [("rejected", "a2", "First"), ("edited", "a2", "Second")]


def test_a_decision_in_a_terminal_is_seen_here(fresh: Project) -> None:
    """`kg review` and the desk write one log: each sees what the other decided."""
    with client_of(fresh) as client:
        old = seen(client)
        decide(fresh, "fanal-accord", "a2", Decision.ACCEPTED, by="Terminal", on="2026-01-02")
        conflict = send(client, seen=old, decision="rejected")
        send(
            client, item="fanal-accord#a3", seen=seen(client, "fanal-accord#a3"), decision="skipped"
        )
        waiting = [item.id for item in queue(fresh, Filters(document="fanal-accord"))]

    assert conflict.status_code == 409
    assert "fanal-accord#a2" not in waiting
    assert waiting[-1] == "fanal-accord#a3"


def test_two_people_on_one_record_do_not_hinder_each_other(fresh: Project) -> None:
    """Decisions on different attributions of one record, at once, are all kept."""
    names = [f"fanal-accord#a{number}" for number in range(1, 11)]
    with client_of(fresh) as client:
        marks = {name: seen(client, name) for name in names}

        def one(name: str) -> int:
            return send(client, item=name, seen=marks[name], decision="accepted").status_code

        with ThreadPoolExecutor(5) as pool:
            statuses = list(pool.map(one, names))

    assert statuses == [200] * 10
    assert len(reviews(fresh)) == 10


def test_undo_takes_back_one_s_own(fresh: Project) -> None:
    """Undo restores the item; nothing left to undo is told."""
    with client_of(fresh) as client:
        send(client, seen=seen(client), decision="accepted")
        back = send(client, "/review/undo", item="")
        nothing = send(client, "/review/undo", item="")
        other = send(client, "/review/undo", item="", by="Somebody")

    assert back.json()["state"] == "waiting"
    assert nothing.status_code == 400
    assert other.status_code == 400
    assert [decision for decision, _, _ in reviews(fresh)] == ["accepted", "undone"]


def test_an_edit_changes_what_it_names(fresh: Project) -> None:
    """Speaker, form, claims and chain are changed as a record writes them."""
    with client_of(fresh) as client:
        answer = client.post(
            "/review/edit",
            data={
                "key": FORM_KEY,
                "item": ITEM,
                "seen": seen(client),
                "by": "Ed",
                "speaker": "jorund-aksvelle",
                "form": "indirect",
                "claims": 'ferry-line opensOn "2024-09-01"\r\nferry-line crossingMinutes "50"',
                "chain": "le-cabotier-de-lurve",
                "role": "",
                "note": "the next sentence says so",
            },
            follow_redirects=False,
        )
    after = next(item.attribution for item in queue(fresh, Filters(state="all")) if item.id == ITEM)

    assert answer.status_code == 303
    assert after.speakers == ("jorund-aksvelle",)
    assert str(after.form) == "indirect"
    assert len(after.claims) == 2
    assert after.chain == ("le-cabotier-de-lurve",)
    assert after.role == ""


def test_a_span_is_taken_from_the_text(fresh: Project) -> None:
    """A selection gives the place; the words are those of the text, whatever the form says."""
    text = next(item.text for item in queue(fresh) if item.id == ITEM)
    start = text.index("le premier service public")
    with client_of(fresh) as client:
        send(
            client,
            "/review/edit",
            seen=seen(client),
            quote="anything",
            at=f"{start}-{start + len('le premier service public')}",
        )
    after = next(item.attribution for item in queue(fresh, Filters(state="all")) if item.id == ITEM)

    assert after.quotes == ("le premier service public",)
    assert after.spans == ((start, start + 25),)


@pytest.mark.parametrize(
    "fields",
    [
        {"quote": "words that stand nowhere in it"},
        {"speaker": "nobody-known"},
        {"claims": "not a claim"},
        {"form": "shouted"},
        {"at": "5-99999999"},
        {"role": "présidente de la Régie portuaire"},
    ],
)
def test_an_edit_that_does_not_stand_is_kept_in_the_form(fresh: Project, fields) -> None:
    """A fault is told, what was written stays in the form, the record stays as it was."""
    before = (fresh.sources / "fanal-accord" / "record.yaml").read_bytes()
    with client_of(fresh) as client:
        given = {"key": FORM_KEY, "item": ITEM, "seen": seen(client), "by": "Ed", **fields}
        answer = client.post("/review/edit", data=given, follow_redirects=False)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    for name, value in fields.items():
        if name not in {"form", "at"}:
            assert value in unescape(answer.text)
    assert (fresh.sources / "fanal-accord" / "record.yaml").read_bytes() == before


def test_bulk_decides_on_what_was_shown_and_no_other(fresh: Project) -> None:
    """Accept all takes the items of the page as they were seen; the rest stays open."""
    with client_of(fresh) as client:
        page = client.get("/review").text
        shown = [unescape(item) for item in re.findall(r'name="items" value="([^"]+)"', page)]
        fields = {"key": FORM_KEY, "by": "Bulk", "decision": "accepted", "items": shown}
        client.post("/review/all", data=fields)
        left = {item.id for item in queue(fresh)}

    assert len(shown) == 12
    assert left.isdisjoint(item.partition("|")[0] for item in shown)
    assert len(left) == 80 - 12


def test_bulk_stops_where_something_changed(fresh: Project) -> None:
    """An item decided by another meanwhile stops the rest and is shown."""
    with client_of(fresh) as client:
        page = client.get("/review?slug=fanal-accord").text
        shown = [unescape(item) for item in re.findall(r'name="items" value="([^"]+)"', page)]
        send(client, seen=seen(client), decision="rejected", by="Other")
        fields = {"key": FORM_KEY, "by": "Bulk", "decision": "accepted", "items": shown}
        answer = client.post("/review/all", data=fields)

    assert answer.status_code == 409
    assert ("rejected", "a2", "Other") in reviews(fresh)
    assert ("accepted", "a2", "Bulk") not in reviews(fresh)


def test_a_record_of_bulk_lines_is_reviewed_the_same(fresh: Project) -> None:
    """A record that is one line of a JSON Lines file is decided on like any other."""
    collection = load_collection(fresh).collection
    record = next(item for item in collection.records if item.slug == "fanal-accord")
    (fresh.sources / "fanal-accord" / "record.yaml").unlink()
    line = json.dumps(encode_record(record, with_slug=True), ensure_ascii=False)
    (fresh.sources / "more.records.jsonl").write_text(line + "\n", encoding="utf-8")
    with client_of(fresh) as client:
        answer = send(client, seen=seen(client), decision="accepted")

    assert answer.status_code == 200
    assert reviews(fresh) == [("accepted", "a2", "A. Reader")]


_WRITER = """
import sys
from pathlib import Path
from kg.intake.review import decide
from kg.model import Decision
from kg.project import find_project
project = find_project(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    number += 1
    decision = (Decision.ACCEPTED, Decision.REJECTED)[number % 2]
    decide(project, "fanal-accord", "a2", decision, by=f"w{number}", on="2026-01-02")
    print(number, flush=True)
"""


def test_a_kill_during_a_save_loses_nothing(fresh: Project) -> None:
    """Killed anywhere in its writing, every decision that was acknowledged is in the record."""
    for pause in (0.02, 0.13, 0.31):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(fresh.root)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        done = int(writer.stdout.readline())
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        done = max([done, *(int(line) for line in writer.stdout.read().split())])
        writer.stdout.close()
        writer.wait()
        loaded = load_collection(find_project(fresh.root))

        assert loaded.errors == ()
        record = next(r for r in loaded.collection.records if r.slug == "fanal-accord")
        assert len(record.attributions) == 10
        assert f"w{done}" in {review.by for review in record.reviews}
