"""A server killed at any moment loses nothing it had acknowledged and leaves what can be read."""

from __future__ import annotations

import base64
import http.client
import json
import random
import re
import shutil
import threading
import time
import urllib.request
from contextlib import suppress
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode, urlsplit

import pytest

from kg.records import load_collection
from kg.serve.cache import cache_folder, current_mark, index_path
from kg.serve.index import Index, Narrowing
from kg.serve.indexer import Indexer
from tests.serve.conftest import until_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.project import Project
    from tests.serve.conftest import Served

pytestmark = pytest.mark.slow
ROUNDS = 4
LOST = (OSError, http.client.HTTPException)


def article(number: int) -> str:
    """A short text of its own each time."""
    return (
        f"Le quai numéro {number} rouvre lundi\n\n"
        "Yann Kerdoncuff, maire de Kerlan, a annoncé que "
        f"« le quai {number} rouvrira lundi matin ».\n"
    )


class Saver:
    """Saves decisions and articles one after another until nobody answers; keeps the receipts."""

    def __init__(self, served: Served, turn: int) -> None:
        self.decisions: set[str] = set()
        self.articles: set[str] = set()
        self._turn = turn
        until_read(served)
        self._place = urlsplit(served.address).netloc
        page = self._send("GET", "/review?state=all", {})[2]
        (self._key, *_) = re.findall(r'name="key" value="([^"]+)"', page)
        found = re.findall(
            r'name="item" value="([^"]+)"><input[^>]*name="seen" value="([^"]+)"', page
        )
        self._seen = {unescape(item): unescape(seen) for item, seen in found}

    def _send(self, method: str, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self._place, timeout=30)
        try:
            headers = {"accept": "application/json" if fields else "text/html"}
            headers["content-type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, urlencode(fields), headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("location", ""), answer.read().decode()
        finally:
            connection.close()

    def save(self) -> None:
        """Save until the connection breaks."""
        items = sorted(self._seen)
        for number in range(10_000):
            if number % 4 == 3:
                raw = base64.b64encode(article(10_000 * self._turn + number).encode()).decode()
                fields = {"key": self._key, "raw": raw, "file_name": "article"}
                status, place, _ = self._send("POST", "/add/save", fields)
                assert status == 303
                self.articles.add(unquote(re.findall(r"slug=([^&]+)", place)[0]))
                continue
            item, by = items[number % len(items)], f"turn {self._turn}, {number}"
            decision = ("accepted", "rejected", "skipped")[number % 3]
            fields = {"key": self._key, "item": item, "seen": self._seen[item]}
            fields |= {"by": by, "decision": decision}
            status, _, body = self._send("POST", "/review/decide", fields)
            assert status == 200, body
            self._seen[item] = json.loads(body)["seen"]
            self.decisions.add(by)

    def begin(self) -> threading.Thread:
        """Save in a thread until the server is gone."""

        def run() -> None:
            with suppress(*LOST):
                self.save()

        thread = threading.Thread(target=run)
        thread.start()
        return thread


def test_a_server_killed_while_it_saves_loses_no_save(start: Callable[..., Served]) -> None:
    """Killed at random moments: the records load, every acknowledged save is in them."""
    chance = random.Random(20)
    decisions: set[str] = set()
    articles: set[str] = set()
    for turn in range(ROUNDS):
        served = start()
        saver = Saver(served, turn)
        thread = saver.begin()
        deadline = time.monotonic() + 120
        wanted = 3 + 2 * turn
        while len(saver.decisions) + len(saver.articles) < wanted and thread.is_alive():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        # Somewhere within the next saves: reading, writing, renaming, or building the graph.
        time.sleep(chance.uniform(0.0, 0.3))
        served.process.kill()
        thread.join(60)
        decisions |= saver.decisions
        articles |= saver.articles
        loaded = load_collection(served.project)
        kept = {review.by for record in loaded.collection.records for review in record.reviews}
        slugs = {record.slug for record in loaded.collection.records}

        assert loaded.errors == ()
        assert saver.decisions <= kept
        assert decisions <= kept
        assert articles <= slugs
    again = start()
    for address in ("/", "/review?state=all", "/list/documents"):
        with urllib.request.urlopen(again.address + address) as answer:  # noqa: S310 - our own server
            assert answer.status == 200

    assert len(decisions) > ROUNDS
    assert articles


def test_an_index_killed_while_it_is_made_is_whole_or_not_there(fresh: Project) -> None:
    """What is found under the index's name can be read whole, and the next one is made."""
    chance = random.Random(21)
    mark = current_mark(fresh)
    assert mark is not None
    for _ in range(ROUNDS):
        shutil.rmtree(cache_folder(fresh), ignore_errors=True)
        indexer = Indexer(fresh)
        indexer.begin(mark)
        time.sleep(chance.uniform(0.1, 1.2))
        indexer.close()
        path = indexer.ready(mark)
        if path is not None:
            assert Index(path).count(Narrowing()) == 80
    indexer = Indexer(fresh)
    indexer.begin(mark)

    assert indexer.wait(mark, 60) == index_path(fresh, mark)
    assert Index(index_path(fresh, mark)).count(Narrowing()) == 80


def test_a_server_killed_while_its_index_is_made_starts_again(start: Callable[..., Served]) -> None:
    """Killed with whatever it had started; the next start makes the index and shows the page."""
    chance = random.Random(22)
    for _ in range(3):
        served = start()
        shutil.rmtree(cache_folder(served.project), ignore_errors=True)
        served.process.kill()
        served.process.wait()
        unfinished = start()
        time.sleep(chance.uniform(0.0, 0.5))
        unfinished.process.kill()
        unfinished.process.wait()
    again = start()
    with urllib.request.urlopen(again.address) as answer:  # noqa: S310 - our own server
        page = answer.read()

    assert b'<table class="claims"' in page
