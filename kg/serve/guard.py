"""Who may ask: the one door before every page, and the headers on everything that goes out.

In: each request, before any page sees it. Out: the same request, or a refusal in one line.
Guards against pages of other sites that talk to this one through the reader's browser (DNS
rebinding, forged forms, framed pages, sniffed types) and against bodies without end.
It does not know what a page does.
"""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import UsageError
from kg.serve.settings import Door

__all__ = ["COOKIE", "LONGEST_BODY", "POLICY", "Guard", "check_door", "is_loopback"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content policy of every page: nothing from elsewhere, and no script or style in the page."""

COOKIE = "kg-token"
LONGEST_BODY = 6_000_000
"""Bytes of a request's body; an article is far shorter."""
LONGEST_ADDRESS = 64_000
_SHORTEST_TOKEN = 16
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own and no other's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_door(door: Door, *, public: bool) -> None:
    """Refuse to listen where others can reach it, unless that is said twice: a flag and a token.

    Raises:
        UsageError: with what is missing.
    """
    if door.token and len(door.token) < _SHORTEST_TOKEN:
        raise UsageError(f"--token must have {_SHORTEST_TOKEN} characters or more")
    if is_loopback(door.host):
        return
    if not public:
        raise UsageError(
            f"--host {door.host} can be reached from other machines; if you want that, "
            "add  --public --token SECRET"
        )
    if not door.token:
        raise UsageError(f"--host {door.host} needs a --token, which readers must know to get in")


class Guard:
    """ASGI middleware that refuses what no honest reader sends."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        """Keep the application behind the door."""
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if "server" in headers:
                    del headers["server"]
            await send(message)

        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, send_guarded)
            return
        await self._app(scope, _counted(receive), send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(scope.get("query_string", b"")) + len(scope.get("path", "")) > LONGEST_ADDRESS:
            return _no(414, "the address is too long; send the query in the body of a POST")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return _no(413, f"the request is longer than {LONGEST_BODY:,} bytes")
        if not self._is_own_host(headers.get("host", "")):
            return _no(
                421, "this server does not go by that name; open it by the address it printed"
            )
        if not self._is_own_page(scope["method"], headers):
            return _no(403, "refused: the request comes from a page of another site")
        return self._token_refusal(scope, headers)

    def _is_own_host(self, host: str) -> bool:
        """Hold the Host header against our own names (RFC 9110 §7.2): a rebound name differs."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if port is not None and self._door.port and port != self._door.port:
            return False
        if is_loopback(self._door.host):
            return name == "localhost" or is_loopback(name)
        # Behind a public door the token keeps others out; a name it is known by may be any.
        return bool(name)

    def _is_own_page(self, method: str, headers: Headers) -> bool:
        """Read what browsers say of where a request comes from; other programs say nothing."""
        site = headers.get("sec-fetch-site", "none")
        mode = headers.get("sec-fetch-mode", "navigate")
        if method in _SAFE:
            # A link from anywhere may lead here; a script, image or frame of elsewhere may not.
            is_document = headers.get("sec-fetch-dest", "document") == "document"
            return site in {"none", "same-origin"} or (mode == "navigate" and is_document)
        if site not in {"none", "same-origin"}:
            return False
        origin = headers.get("origin")
        return origin is None or _authority(origin) == headers.get("host", "").lower()

    def _token_refusal(self, scope: Scope, headers: Headers) -> Response | None:
        token = self._door.token
        if not token:
            return None
        given = headers.get("authorization", "").removeprefix("Bearer ")
        cookies = cookie_parser(headers.get("cookie", ""))
        if _same(given, token) or _same(cookies.get(COOKIE, ""), token):
            return None
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        asked = dict(query).get("token", "")
        if scope["method"] == "GET" and _same(asked, token):
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            path = "/" + scope["path"].lstrip("/\\")
            answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
            return answer
        refused = _no(401, "a token is needed: open  /?token=…  with the token given to kg serve")
        refused.headers["www-authenticate"] = "Bearer"
        return refused


def _authority(origin: str) -> str:
    scheme, mark, rest = origin.partition("://")
    return rest.lower() if mark and scheme in {"http", "https"} else ""


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _no(status: int, message: str) -> PlainTextResponse:
    return PlainTextResponse(f"{message}\n", status)


def _counted(receive: Receive) -> Receive:
    """Stop reading a body that says nothing of its length and does not end."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > LONGEST_BODY:
                return {"type": "http.disconnect"}
        return message

    return counted
