"""A real Chromium for tests: found, started once, watched for errors and outside requests."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """Find the browser: `KG_CHROMIUM` if set, else the first of the usual names."""
    named = os.environ.get("KG_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass
class Watched:
    """A page together with everything it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """The requests that left the file and its own data."""
        return [url for url in self.asked if not url.startswith(("file:", "data:"))]

    def named_nodes(self, role: str) -> list[str]:
        """The names in the accessibility tree of all nodes of a role."""
        session = self.page.context.new_cdp_session(self.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        return [
            node.get("name", {}).get("value", "")
            for node in nodes
            if not node.get("ignored") and node.get("role", {}).get("value") == role
        ]


def watch(context: BrowserContext, file: Path) -> Watched:
    """Open a file in a new page and keep what it says and asks for."""
    watched = Watched(context.new_page())
    page = watched.page
    page.on("console", lambda message: watched.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: watched.said.append(f"error: {error}"))
    page.on("request", lambda request: watched.asked.append(request.url))
    page.goto(file.as_uri())
    return watched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A running Chromium; the test is skipped where there is none, and fails so in CI.

    It lives for one module: while it runs, its event loop shuts out every other in this thread.
    """
    path = chromium_path()
    if path is None and os.environ.get("KG_REQUIRE_BROWSER"):
        pytest.fail("no Chromium found, and KG_REQUIRE_BROWSER asks for one")
    if path is None:
        pytest.skip("no Chromium found; set KG_CHROMIUM to its path to run the browser tests")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def axe_violations(page: Page) -> list[str]:
    """The faults axe finds, one line each, with the first element concerned."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {json.dumps(fault['nodes'][0]['html'])[:200]}"
        for fault in found
    ]
