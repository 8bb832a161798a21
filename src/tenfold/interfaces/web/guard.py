"""Who may ask, and how much: host, origin, token, size of a request; and what every reply tells a browser.

The page is for one person at one machine. Another page in the same browser can send requests to any address, and a name
can be made to point here, so a request must name this host, must not come from another page, and must carry the token.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from tenfold.interfaces.web.problems import FORBIDDEN, MEDIA_TYPE, TOO_LARGE, Kind, problem_data, problem_text

LARGEST_BODY = 256 * 1024
"""Bytes of a request."""
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a request must show."""

    token: str
    hosts: frozenset[str]
    """Hosts as a browser names them, with the port: ``127.0.0.1:8000``."""
    cookie: str = field(default="tenfold")


def door(port: int, host: str = "127.0.0.1", token: str = "") -> Door:
    """Make the door of a server at a port, with a new token where none is given."""
    names = {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host}
    hosts = frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())
    return Door(token=token or secrets.token_urlsafe(24), hosts=hosts, cookie=f"tenfold-{port}")


class Guard:
    """Stands before the application: lets in what may come in, and adds what every reply says."""

    def __init__(self, app: App, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        sender = _with_headers(send)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        wrong = self._foreign(headers)
        if wrong:
            await refuse(sender, FORBIDDEN, wrong)
        elif self._first_address(scope):
            await self._welcome(scope, sender)
        elif not self._has_token(headers):
            await refuse(sender, FORBIDDEN, "Open the address that tenfold web printed, or send its token")
        else:
            await self._bounded(scope, headers, receive, sender)

    def _foreign(self, headers: Mapping[str, str]) -> str:
        """Say why a request is from elsewhere; empty where it is not."""
        if headers.get("host", "").lower() not in self._door.hosts:
            return "The request names another host"
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in {f"http://{host}" for host in self._door.hosts}:
            return "The request comes from another page"
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        return (
            "The request comes from another page" if site in ("cross-site", "same-site") and mode != "navigate" else ""
        )

    def _has_token(self, headers: Mapping[str, str]) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        shown = bearer.strip() if scheme.lower() == "bearer" else _cookie(headers.get("cookie", ""), self._door.cookie)
        return self._is_token(shown)

    def _is_token(self, shown: str) -> bool:
        return secrets.compare_digest(shown.encode("utf-8", "replace"), self._door.token.encode())

    def _first_address(self, scope: Message) -> bool:
        if scope["method"] != "GET" or b"token=" not in scope["query_string"]:
            return False
        return self._is_token(parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0])

    async def _welcome(self, scope: Message, send: Send) -> None:
        """Keep the token in a cookie and take it out of the address, which history keeps."""
        asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        left = urlencode([(name, value) for name, values in asked.items() if name != "token" for value in values])
        place = "/" + quote(scope["path"].lstrip("/")) + (f"?{left}" if left else "")
        cookie = f"{self._door.cookie}={self._door.token}; Path=/; HttpOnly; SameSite=Lax"
        headers = [(b"location", place.encode()), (b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _bounded(self, scope: Message, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        """Read the whole body first, as far as it may go; what comes after is that the client has gone."""
        said = headers.get("content-length", "0")
        body, more = b"", scope["method"] not in ("GET", "HEAD")
        if said.isdecimal() and len(said) < 12 and int(said) > LARGEST_BODY:
            await refuse(send, TOO_LARGE, f"Send at most {LARGEST_BODY:,} bytes")
            return
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST_BODY:
                await refuse(send, TOO_LARGE, f"Send at most {LARGEST_BODY:,} bytes")
                return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


def _cookie(text: str, name: str) -> str:
    try:
        found = SimpleCookie(text).get(name)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [(name.encode(), text.encode()) for name, text in HEADERS.items() if name.encode() not in there]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sender


async def refuse(send: Send, kind: Kind, detail: str) -> None:
    """Reply with a problem."""
    body = problem_text(problem_data(kind, detail))
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": kind.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
