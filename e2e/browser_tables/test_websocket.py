"""What Chromium's WebSocket makes of each fault."""

import time
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from websockets.sync.server import ServerConnection

from e2e.browser_tables.table import Observe, ServeWebSocket, Through, wait_until_fired
from e2e.nightly import nightly
from e2e.spare import SPARE
from proxy_addons.faults import HoldRequest, StallWebSocket
from proxy_addons.records import ControlSeen, FaultFired
from proxy_addons.tests.origin import TIMEOUT_S, websocket_server

pytestmark = SPARE

OPEN, ONE = "open OPEN", "message OPEN one"
ERROR, GONE = "error CLOSED", "close CLOSED 1006 unclean"


class Row(NamedTuple):
    """A line of the table: the rule that makes the fault, and what the page sees of it.

    The server says `one`, and `two` as soon as the page has `one`.
    """

    name: str
    rule: str
    seen: tuple[str, ...]
    said: str = ""
    """What Chromium says of it, for its developers only."""
    second: str | bytes = "two"


def handshake(name: str, rule: str, said: str = "") -> Row:
    """Whatever comes in the place of a handshake, the page cannot tell it."""
    return Row(name, rule, (ERROR, GONE), said)


def header(name: str, edit: str, said: str) -> Row:
    return handshake(f"101 {name}", f"request.header:{edit},when.transport=websocket", said)


def closed(code: int) -> Row:
    return Row(f"close {code}", f"websocket.close:code={code},reason=why", (OPEN, f"close CLOSED {code} clean why"))


STATUSES = (200, 204, 301, 302, 400, 403, 404, 426, 429, 500, 502, 503, 504)
CODES = (999, *range(1000, 1005), *range(1007, 1015), 1016, 2999, 3000, 3999, 4000, 4999, 5000)

OPENED = [
    Row("FIN without a close frame", "websocket.abort:after_messages=1", (OPEN, ONE, GONE)),
    Row("RST", "websocket.reset", (OPEN, GONE)),
    Row("a complete frame, then RST", "websocket.reset:after_messages=1", (OPEN, ONE, GONE)),
    Row("half a frame, then FIN", "connection.cut_after:on=stream,after_messages=1,after_bytes=3", (OPEN, ONE, GONE)),
    Row(
        "half a frame, then RST",
        "connection.cut_after:on=stream,after_messages=1,after_bytes=3,then=reset",
        (OPEN, ONE, GONE),
    ),
    Row("close without a code", "websocket.close:after_messages=1", (OPEN, ONE, "close CLOSED 1005 clean")),
    *map(closed, CODES),
    Row("silence", "websocket.stall:after_messages=1", (OPEN, ONE)),
    Row("silence of the connection", "connection.stall:on=stream,after_messages=1", (OPEN, ONE)),
    Row(
        "text that is no UTF-8",
        "websocket.corrupt:frame=text,nth_message=2",
        (OPEN, ONE, ERROR, GONE),
        "Could not decode a text frame as UTF-8.",
        b"\xff",
    ),
    Row(
        "fragments with pings between them",
        "websocket.fragment:piece_bytes=1,pings=true",
        (OPEN, ONE, "message OPEN two"),
    ),
]
NOT_OPENED = [
    *(
        handshake(f"{status}", f"request.respond:status={status}", f"Unexpected response code: {status}")
        for status in STATUSES
    ),
    handshake("401", "request.respond:status=401", "HTTP Authentication failed"),
    handshake("407", "request.respond:status=407", "ERR_UNEXPECTED_PROXY_AUTH"),
    handshake("a redirect", "request.redirect:location=/elsewhere", "Unexpected response code: 302"),
    handshake("RST before the head", "connection.reset:on=request", "ERR_CONNECTION_RESET"),
    handshake(
        "FIN before the head", "connection.end:on=request", "Connection closed before receiving a handshake response"
    ),
    handshake("accepted and closed", "connection.refuse:how=close"),
    handshake("refused", "connection.refuse", "ERR_CONNECTION_REFUSED"),
    handshake("FIN inside of the head", "connection.cut_after:on=request,after_bytes=40", "ERR_CONNECTION_CLOSED"),
    header("with a wrong accept key", 'set={Sec-WebSocket-Accept="x"}', "Incorrect 'Sec-WebSocket-Accept'"),
    header("without accept key", 'remove=["Sec-WebSocket-Accept"]', "'Sec-WebSocket-Accept' header is missing"),
    header("without Upgrade", 'remove=["Upgrade"]', "'Upgrade' header is missing"),
    header("without Connection", 'remove=["Connection"]', "'Connection' header is missing"),
    header("with an unknown extension", 'set={Sec-WebSocket-Extensions="foo"}', "unsupported extension 'foo'"),
    header(
        "with an unasked protocol", 'set={Sec-WebSocket-Protocol="foo"}', "must not include 'Sec-WebSocket-Protocol'"
    ),
    Row("handshake never answered", "request.hold:when.transport=websocket", ()),
]

ROWS = [*OPENED, *NOT_OPENED]
"""In this order: Chromium puts the handshakes of a page off, up to 5 s, when many more have failed than succeeded."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_websocket(row: Row, serve_websocket: ServeWebSocket, through: Through, observe: Observe) -> None:
    # given a server with two messages, and a page that opens a socket through the fault
    proxy = through(serve_websocket("one", row.second), row.rule)
    observer = observe(proxy)
    socket = observer.websocket()
    if row.seen[:2] == (OPEN, ONE):
        socket.wait_for(2)
        socket.send("more")
    # then the page sees what the table says, and nothing more
    socket.expect(*row.seen)
    wait_until_fired(proxy)
    observer.elsewhere()
    socket.expect(*row.seen)
    if row.said:
        observer.expect_failure(row.said)


def test_20_mb_of_text_arrive(serve_websocket: ServeWebSocket, through: Through, observe: Observe) -> None:
    proxy = through(serve_websocket("x" * 20_000_000))
    observe(proxy).websocket().expect(OPEN, "message OPEN <20000000 characters>")


def test_bytes_arrive_as_such(serve_websocket: ServeWebSocket, through: Through, observe: Observe) -> None:
    proxy = through(serve_websocket(b"\0\xff"))
    observe(proxy).websocket().expect(OPEN, "message OPEN <2 bytes>")


def test_a_ping_is_answered_and_not_seen(stack: ExitStack, through: Through, observe: Observe) -> None:
    def ping(socket: ServerConnection) -> None:
        socket.ping("are you there").wait(TIMEOUT_S)
        socket.send("one")
        for _ in socket:
            pass

    proxy = through(stack.enter_context(websocket_server(ping)))
    observe(proxy).websocket().expect(OPEN, ONE)
    pings = [(each.direction, each.opcode, each.data) for each in proxy.history.of(ControlSeen)]
    assert pings == [("to_client", "ping", "are you there"), ("to_server", "pong", "are you there")]


def test_close_while_connecting(serve_websocket: ServeWebSocket, through: Through, observe: Observe) -> None:
    # given a handshake that is not answered
    proxy = through(serve_websocket("one"))
    held = proxy.inject(HoldRequest())
    socket = observe(proxy).websocket()
    proxy.history.wait_for(lambda record: isinstance(record, FaultFired), TIMEOUT_S)
    # when the page gives up
    socket.close()
    # then
    socket.expect(ERROR, GONE)
    proxy.heal(held)


def test_close_by_the_page_reaches_the_server(
    serve_websocket: ServeWebSocket, through: Through, observe: Observe
) -> None:
    proxy = through(serve_websocket("one"))
    socket = observe(proxy).websocket()
    socket.wait_for(2)
    socket.close(4001, "enough")
    socket.expect(OPEN, ONE, "close CLOSED 4001 clean enough")


@nightly(60)
def test_close_that_the_peer_ignores_takes_60_s(
    serve_websocket: ServeWebSocket, through: Through, observe: Observe
) -> None:
    proxy = through(serve_websocket("one"))
    socket = observe(proxy).websocket()
    socket.wait_for(2)
    proxy.inject(StallWebSocket())
    socket.close()
    began = time.monotonic()
    socket.page.wait_for_function("() => window.__observed[0].log.length > 2", timeout=120_000)
    socket.expect(OPEN, ONE, GONE)
    assert time.monotonic() - began >= 59
