"""One request to an endpoint that speaks the OpenAI chat protocol, bounded in time and size.

In: an endpoint, a prompt, a text. Out: the answer's words and what it cost. Standard library only;
it understands nothing of what the answer says.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.errors import ModelServiceError, UsageError

__all__ = ["Endpoint", "Reply", "chat"]

_MOST_BYTES = 4_000_000
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is: the base address up to `/v1`, its name, its key, seconds to wait."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 60.0


class Reply(NamedTuple):
    """What a model answered, its tokens, and whether it stopped for length."""

    content: str
    tokens_in: int
    tokens_out: int
    is_cut: bool


def chat(endpoint: Endpoint, prompt: str, text: str) -> Reply:
    """Ask once.

    Raises:
        UsageError: the address is none.
        ModelServiceError: it refused, failed, took too long or did not answer in the protocol.
    """
    request = _request(endpoint, prompt, text)
    deadline = time.monotonic() + endpoint.seconds
    try:
        with urllib.request.urlopen(request, timeout=endpoint.seconds) as response:  # noqa: S310 - http(s) checked in _request
            body = _read(response, deadline, endpoint)
    except urllib.error.HTTPError as error:
        detail = " ".join(error.read(300).decode("utf-8", "replace").split())
        error.close()
        raise ModelServiceError(f"{endpoint.url} answered {error.code}: {detail}") from error
    except TimeoutError as error:
        raise ModelServiceError(_slow(endpoint)) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise ModelServiceError(_slow(endpoint)) from error
        raise ModelServiceError(f"{endpoint.url} cannot be reached: {reason}") from error
    return _reply(body, endpoint)


def _request(endpoint: Endpoint, prompt: str, text: str) -> urllib.request.Request:
    if not endpoint.url.startswith(("http://", "https://")):
        raise UsageError(f"{endpoint.url}: a model’s address starts with http:// or https://")
    address = endpoint.url.rstrip("/")
    if not address.endswith("/chat/completions"):
        address += "/chat/completions"
    payload = {
        "model": endpoint.model,
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [{"role": "system", "content": prompt}, {"role": "user", "content": text}],
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    return urllib.request.Request(  # noqa: S310 - http(s) checked above
        address, data=json.dumps(payload).encode("utf-8"), headers=headers, method="POST"
    )


def _read(response: http.client.HTTPResponse, deadline: float, endpoint: Endpoint) -> bytes:
    """Read an answer that may come in drops: the time is for all of it."""
    parts: list[bytes] = []
    size = 0
    while True:
        if time.monotonic() > deadline:
            raise ModelServiceError(_slow(endpoint))
        piece = response.read1(_PIECE)
        if not piece:
            break
        parts.append(piece)
        size += len(piece)
        if size > _MOST_BYTES:
            raise ModelServiceError(f"{endpoint.url} sent more than an answer can be; stopped")
    missing = response.length
    if missing:
        raise ModelServiceError(f"{endpoint.url} broke off: {missing:,} bytes of it are missing")
    return b"".join(parts)


def _reply(body: bytes, endpoint: Endpoint) -> Reply:
    try:
        data = json.loads(body)
        choice = data["choices"][0]
        content = choice["message"]["content"]
        usage = data.get("usage") or {}
        tokens = [int(usage.get(key) or 0) for key in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        start = " ".join(body[:120].decode("utf-8", "replace").split())
        raise ModelServiceError(
            f"{endpoint.url} did not answer in the chat protocol: {start}"
        ) from error
    if not isinstance(content, str):
        raise ModelServiceError(f"{endpoint.url} answered without words")
    return Reply(content, tokens[0], tokens[1], choice.get("finish_reason") == "length")


def _slow(endpoint: Endpoint) -> str:
    return f"{endpoint.url} took longer than {endpoint.seconds:g} seconds"
