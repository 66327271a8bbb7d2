"""Starts the server: takes the port first, says where it is, then serves until it is stopped.

In: a project, settings, a door. Out: a line with the address on stderr, and pages. `print_page`
answers one address on stdout without listening anywhere.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
import sys
from contextlib import suppress
from urllib.parse import unquote, urlsplit

import uvicorn
from starlette.types import Message, Scope

from kg.errors import UsageError
from kg.project import Project
from kg.serve.doorway import Doorway
from kg.serve.guard import check_door
from kg.serve.indexer import Indexer
from kg.serve.settings import Door, Settings
from kg.serve.words import check_language

__all__ = ["print_page", "run"]


def run(
    project: Project,
    settings: Settings,
    door: Door,
    indexer: Indexer,
    *,
    public: bool = False,
    opens: bool = False,
) -> None:
    """Serve until interrupted.

    Raises:
        UsageError: the address may not or cannot be listened on, or the language is unknown.
    """
    check_language(settings.language)
    check_door(door, public=public)
    listener = _listen(door)
    port = listener.getsockname()[1]
    host = f"[{door.host}]" if ":" in door.host else door.host
    address = f"http://{host}:{port}/"
    sys.stderr.write(f"{project.title}: {address}  (Ctrl+C stops)\n")
    if door.token:
        sys.stderr.write(f"the first time open {address}?token=…  with the token you gave\n")
    sys.stderr.flush()
    if opens:
        browser = importlib.import_module("webbrowser")
        browser.open(f"{address}?token={door.token}" if door.token else address)
    config = uvicorn.Config(
        Doorway(project, settings, Door(door.host, port, door.token), indexer),
        interface="asgi3",
        loop="asyncio",
        http="h11",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_keep_alive=5,
        limit_concurrency=400,
        timeout_graceful_shutdown=3,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _listen(door: Door) -> socket.socket:
    family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((door.host, door.port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", "") or str(error)
        raise UsageError(
            f"cannot listen on {door.host}:{door.port} ({reason}); "
            "choose another with --port, or -p 0 for any free one"
        ) from error
    return listener


def print_page(project: Project, settings: Settings, address: str) -> int:
    """Answer one address on stdout, as a reader would get it; 1 where it is no page."""
    check_language(settings.language)
    parts = urlsplit(address if address.startswith("/") else f"/{address}")
    module = importlib.import_module("kg.serve.app")
    app = module.make_app(project, settings, Door("127.0.0.1", 0))
    accept = b"text/html" if "." not in parts.path.rpartition("/")[2] else b"*/*"
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", accept)],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    status = 500

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = int(message["status"])
        else:
            sys.stdout.buffer.write(message.get("body", b""))

    asyncio.run(app(scope, receive, send))
    sys.stdout.flush()
    return 0 if status < 400 else 1
