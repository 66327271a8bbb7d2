"""Our own static files: styles and scripts, each under an address that changes with its content.

In: a name. Out: content, media type and digest. Nothing but the package's folders is looked at.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePosixPath

from starlette.responses import Response

from kg.errors import UsageError
from kg.export.palette import page_palette
from kg.export.words import asset

__all__ = ["NotHereError", "static_address", "static_answer"]

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class NotHereError(UsageError):
    """Nothing of that name is in the graph, or nothing is at that address."""


@lru_cache(maxsize=32)
def _file(name: str) -> tuple[bytes, str, str]:
    """Give a file: content, media type and a digest that names its version.

    Raises:
        NotHereError: there is none of that name.
    """
    if name == "palette.css":
        content = page_palette().encode()
    elif name in {"page.css", "ledger.css"}:
        content = asset(name).encode()
    else:
        folder = files("kg.serve").joinpath("static")
        known = {item.name for item in folder.iterdir() if item.is_file()}
        if name not in known:
            raise NotHereError(f"there is no file {name}")
        content = folder.joinpath(name).read_bytes()
    media = _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    return content, media, hashlib.sha256(content).hexdigest()[:12]


def static_address(name: str) -> str:
    """Give the address of a file, with its version, so that it may be kept for good."""
    return f"/static/{name}?v={_file(name)[2]}"


def static_answer(name: str, query: bytes) -> Response:
    """Answer with a static file; for good, where the address names this version of it.

    Raises:
        NotHereError: there is none of that name.
    """
    content, media, digest = _file(name)
    answer = Response(content, media_type=media)
    if query == f"v={digest}".encode():
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
    return answer
