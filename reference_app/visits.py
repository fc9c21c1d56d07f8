"""Who came and how it ended: one line of the log for each connection, and for each request that is answered at once."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference_app.metrics import Metrics

TRANSPORTS = {
    "/timer": "polling",
    "/timer/stream": "eventsource",
    "/timer/ws": "websocket",
    "/timer/commands": "command",
}
PURPOSES = {"live", "probe", "resync", "check"}
"""What a client may say that a connection is for; it counts those that it makes."""

_CLOSED = {1000: "left", 1001: "left", 1005: "lost", 1006: "lost"}
"""Why a client's WebSocket ended, by the code that came; any other is one for a broken protocol."""
_TROUBLE = {"slow", "broken", "failed"}
_MAX_VALUE = 100

_log = logging.getLogger(__name__)


@dataclass
class Visit:
    """One connection, or one request with its answer."""

    transport: str
    what: dict[str, object]
    """Who asked for what."""
    end: str = ""
    """Why it is over; who ends it on purpose says so first."""
    outcome: dict[str, object] = field(default_factory=dict)
    """Status or close code."""
    sent_bytes: int = 0

    def ended(self, end: str) -> None:
        """It is over, unless that was said before."""
        self.end = self.end or end


def visit_of(scope: Scope) -> Visit:
    """The visit that a request belongs to; without the middleware one that nobody asks about."""
    visit = scope.setdefault("state", {}).setdefault("visit", Visit("", {}))
    assert isinstance(visit, Visit)
    return visit


class LogVisits:
    """The middleware that keeps watch over what is sent and received, and writes the line."""

    def __init__(self, app: ASGIApp, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        visit = self._begin(scope)
        began = self._clock()

        async def watched_receive() -> Message:
            message = await receive()
            _note_received(visit, message)
            return message

        async def watched_send(message: Message) -> None:
            await send(message)
            _note_sent(visit, message)

        try:
            await self._app(scope, watched_receive, watched_send)
        except Exception:
            visit.end = "failed"
            raise
        finally:
            visit.ended("left")
            _write(visit, self._clock() - began)

    def _begin(self, scope: Scope) -> Visit:
        asked = {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        what: dict[str, object] = {"method": scope["method"]} if scope["type"] == "http" else {}
        what["path"] = _short(scope["path"])
        what |= {name: _short(asked[name]) for name in ("timer", "client", "attempt", "for", "since") if name in asked}
        if scope.get("client"):
            what["peer"] = "{}:{}".format(*scope["client"])
        visit = Visit(TRANSPORTS.get(scope["path"], "page"), what)
        scope.setdefault("state", {})["visit"] = visit
        again = visit.transport in ("websocket", "eventsource") and asked.get("attempt", "1") not in ("0", "1")
        purpose = asked.get("for", "")
        self._metrics.requests.labels(visit.transport, purpose if purpose in PURPOSES else "", str(again).lower()).inc()
        return visit


def _note_received(visit: Visit, message: Message) -> None:
    if message["type"] == "http.disconnect":
        visit.ended("left")
    elif message["type"] == "websocket.disconnect":
        code = message.get("code", 1005)
        visit.ended(_CLOSED.get(code, "broken"))
        visit.outcome.setdefault("code", code)


def _note_sent(visit: Visit, message: Message) -> None:
    match message["type"]:
        case "http.response.start":
            visit.outcome["status"] = message["status"]
        case "http.response.body":
            visit.sent_bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                visit.ended("answered")
        case "websocket.send":
            visit.sent_bytes += len(message.get("text") or message.get("bytes") or "")
        case "websocket.close":
            visit.ended("closed")
            visit.outcome["code"] = message.get("code", 1000)


def _write(visit: Visit, seconds: float) -> None:
    level = logging.WARNING if visit.end in _TROUBLE else logging.INFO
    fields = {"transport": visit.transport, **visit.what, **visit.outcome, "end": visit.end}
    fields |= {"sent_bytes": visit.sent_bytes, "seconds": round(seconds, 3)}
    _log.log(level, "%s %s", visit.transport, visit.end, extra={"fields": fields})


def _short(value: str) -> str:
    return value if len(value) <= _MAX_VALUE else value[:_MAX_VALUE] + "…"
