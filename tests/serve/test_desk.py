"""The desk writes what `kg review` writes, tells the second of two editors, and loses nothing."""

from __future__ import annotations

import json
import os
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
    assert "fanal-accord#a2: rejected in the meantime by First." in edit.text
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
    assert "1 of 10 decided, then stopped." in answer.text
    assert "fanal-accord#a2: rejected in the meantime by Other." in answer.text
    assert 'data-item="fanal-accord#a2"' in answer.text
    assert ("rejected", "a2", "Other") in reviews(fresh)
    assert ("accepted", "a2", "Bulk") not in reviews(fresh)


def test_who_reviews_is_kept_by_a_form_with_its_key_alone(fresh: Project) -> None:
    """An address of another site cannot say who reviews; a form of ours can."""
    with client_of(fresh) as client:
        client.get("/review", params={"me": "Mallory"})
        forged = client.post("/review/me", data={"me": "Mallory"}, follow_redirects=False)
        before = dict(client.cookies)
        named = client.post(
            "/review/me",
            data={"key": FORM_KEY, "me": "Zoë", "back": "slug=fanal-accord&told=x"},
            follow_redirects=False,
        )

    assert forged.status_code == 400
    assert before == {}
    assert named.headers["location"] == "/review?slug=fanal-accord"
    assert "kg-reviewer=Zo%C3%AB" in named.headers["set-cookie"]


def test_an_address_cannot_put_words_into_our_mouth(fresh: Project) -> None:
    """What was done is said from a code of ours about something that is there; else nothing."""
    with client_of(fresh) as client:
        free = client.get("/review", params={"told": "Send your password", "on": ITEM}).text
        nobody = client.get("/review", params={"told": "accepted", "on": "send money"}).text
        slug = client.get("/review", params={"told": "saved", "on": "send money"}).text
        bulk = client.get("/review", params={"told": "bulk-accepted", "n": "send money"}).text
        honest = client.get("/review", params={"told": "accepted", "on": ITEM}).text

    assert "Send your password" not in free
    assert "send money" not in nobody + slug + bulk
    assert 'role="status">fanal-accord#a2: accepted.</p>' in honest


def test_what_was_told_does_not_pile_up(fresh: Project) -> None:
    """The address after a decision holds the queue and one outcome, however many came before."""
    with client_of(fresh) as client:
        back = "slug=fanal-accord&told=accepted&on=x&token=y"
        fields = {"key": FORM_KEY, "item": ITEM, "seen": seen(client), "by": "Z", "back": back}
        answer = client.post(
            "/review/decide", data={**fields, "decision": "accepted"}, follow_redirects=False
        )

    assert answer.headers["location"] == (
        "/review?slug=fanal-accord&told=accepted&on=fanal-accord%23a2"
    )


def test_a_decision_without_a_name_leads_back_to_the_queue(fresh: Project) -> None:
    """Without script, who has not said their name is asked there, in the queue they were in."""
    with client_of(fresh) as client:
        fields = {"key": FORM_KEY, "item": ITEM, "seen": seen(client), "back": "slug=fanal-accord"}
        answer = client.post("/review/decide", data={**fields, "decision": "accepted"})

    assert answer.status_code == 400
    assert 'role="alert">Say first who decides' in answer.text
    assert answer.text.count('class="proposal"') == 10
    assert 'action="/review/me"' in answer.text


def test_the_log_lists_skips_and_what_was_taken_back(fresh: Project) -> None:
    """Who decided what and when, newest first; each entry leads to its item, whatever its page."""
    with client_of(fresh) as client:
        send(client, seen=seen(client), decision="skipped")
        send(client, "/review/undo", item="")
        told = send(
            client,
            item="fanal-accord#a9",
            seen=seen(client, "fanal-accord#a9"),
            decision="accepted",
        )
        page = client.get("/review").text
        found = re.findall(
            r'<a href="(/review\?state=all[^"]+)"><code>([^<]+)</code></a> (\S+)', page
        )
        alone = client.get(unescape(found[0][0])).text

    assert [(name, said) for _, name, said in found] == [
        ("fanal-accord#a9", "accepted"),
        (ITEM, "decision"),
        (ITEM, "skipped"),
    ]
    assert "fanal-accord#a9" in told.json()["history"]
    assert re.findall(r'data-item="([^"]+)"', alone) == ["fanal-accord#a9"]


def test_what_is_left_is_counted_in_the_queue_shown(fresh: Project) -> None:
    """The count after a key is that of the filtered queue, not of all."""
    with client_of(fresh) as client:
        answer = send(client, seen=seen(client), decision="accepted", back="slug=fanal-accord")

    assert answer.json()["left"] == 9
    assert answer.json()["left_said"] == "9 to review"


def test_cards_say_claims_and_speakers_in_words(fresh: Project) -> None:
    """A card names things as the rest of the explorer does, in the reader's language."""
    with client_of(fresh) as client:
        english = client.get("/review?slug=fanal-accord").text
        french = client.get("/review?slug=fanal-accord", headers={"cookie": "kg-language=fr"}).text
    cards = english.partition('id="cards"')[2]

    assert "Port-Brévane–Hallemsund ferry line opens on 2024-09-01" in cards
    assert "ligne de bac Port-Brévane – Hallemsund ouvre le 2024-09-01" in french
    assert "ferry-line opensOn" not in english
    assert "Ysaline Corvandre" in cards
    assert '<option value="fanal-accord" selected>Le bac Port-Brévane' in english


def test_the_graph_files_say_what_the_store_says(fresh: Project) -> None:
    """After a decision `graph.ttl` is written too, by the checks and steps of `kg build`."""
    with client_of(fresh) as client:
        send(client, seen=seen(client), decision="accepted", by="A Person")
        assert client.app.state.desks.desk().rebuilder.wait(90)
        page = client.get("/review").text

    assert client.app.state.desks.desk().rebuilder.faults == ()
    assert "A Person" in fresh.graph_ttl.read_text(encoding="utf-8")
    assert "kg build" not in page


def test_a_graph_that_cannot_be_built_is_told_with_its_faults(fresh: Project) -> None:
    """What stops `kg build` stops the desk's build; the desk says what it is, the graph stands."""
    path = fresh.sources / "fanal-accord" / "record.yaml"
    broken = path.read_text(encoding="utf-8").replace("ferry-line opensOn", "ferry-line opensX", 1)
    path.write_text(broken, encoding="utf-8")
    with client_of(fresh) as client:
        send(client, seen=seen(client), decision="accepted")
        assert client.app.state.desks.desk().rebuilder.wait(90)
        page = client.get("/review").text
        graph = client.get("/list/claims").text

    assert "The graph could not be brought up to date:" in page
    assert "no predicate `opensX`" in unescape(page)
    assert "opensX" not in graph


def test_older_files_are_told(fresh: Project) -> None:
    """Where `graph.ttl` is from before the graph that is shown, the desk says so."""
    fresh.graph_ttl.parent.mkdir(parents=True, exist_ok=True)
    fresh.graph_ttl.write_text("", encoding="utf-8")
    os.utime(fresh.graph_ttl, (1, 1))
    with client_of(fresh) as client:
        page = client.get("/review").text

    assert "are from before" in page


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
