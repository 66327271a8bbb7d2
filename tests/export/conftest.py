"""What the tests of exports share: the browser."""

from __future__ import annotations

from tests.browser_support import chromium

__all__ = ["chromium"]
