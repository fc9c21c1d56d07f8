"""What Chromium's EventSource makes of each fault."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page

from e2e.browser_tables import servers
from e2e.browser_tables.table import Observe, ServeStream, Through, last_event_ids, wait_until_fired
from e2e.observer import Observer
from e2e.spare import SPARE
from proxy_addons.faults import RefuseConnection

pytestmark = SPARE

OPEN, ONE, TWO = "open OPEN", "message OPEN one #1", "message OPEN two #2"
RETRIES, FATAL = "error CONNECTING", "error CLOSED"
AGAIN = (RETRIES, OPEN, ONE)
"""It connects again by itself, and nothing is wrong then."""


class Row(NamedTuple):
    """A line of the table: the rules that make the fault, and what the page and the server see of it.

    The server says `one`, and `two` as soon as the page has `one`.
    """

    name: str
    rules: tuple[str, ...]
    seen: tuple[str, ...]
    asked: tuple[str, ...] = ("",)
    """The Last-Event-ID of each request; empty: it had none."""
    net_error: str = ""
    length: int | None = None
    """The Content-Length of the stream; without it, it comes in chunks."""
    pieces: tuple[bytes, ...] = (servers.ONE,)
    """What the server says at once."""


def first(name: str, rule: str, *seen: str) -> Row:
    """What happens to the first request."""
    return Row(name, (f"{rule},when.transport=eventsource",), seen)


def broken(name: str, rule: str, net_error: str = "", length: int | None = None) -> Row:
    """A stream that breaks off when `two` should come; half an event is never seen, and asked for again."""
    return Row(name, (f"{rule},rule.times=1",), (OPEN, ONE, *AGAIN), ("", "1"), net_error, length)


def dropped(then: str, rule: str, *seen: str, asked: int = 2, net_error: str = "") -> Row:
    """A stream that is dropped, and something else that happens to the requests for another one."""
    rules = ("eventsource.abort:after_events=1,rule.times=1,rule.id=dropped", f"{rule},when.after=dropped")
    return Row(f"dropped, then {then}", rules, (OPEN, ONE, RETRIES, *seen), ("", *["1"] * (asked - 1)), net_error)


def content_type(value: str, *seen: str) -> Row:
    return first(value, f'request.header:set={{Content-Type="{value}"}}', *seen)


STATUSES = (204, 205, 304, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504)
INCOMPLETE, RESET = "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET"
THRICE = (RETRIES, RETRIES, *AGAIN)

LONG = b": %s\n\n" % (b"x" * 1500)
"""Chromium guesses the type from the first 1,445 bytes, or all there are."""

ROWS = [
    *(first(f"{status} at first", f"request.respond:status={status}", FATAL) for status in STATUSES),
    *(dropped(f"{status}", f"request.respond:status={status}", FATAL) for status in (204, 502, 503)),
    dropped("RST before the head", "connection.reset:on=request,rule.times=3", *THRICE, asked=5, net_error=RESET),
    dropped(
        "FIN before the head",
        "connection.end:on=request,rule.times=3",
        *THRICE,
        asked=5,
        net_error="ERR_EMPTY_RESPONSE",
    ),
    dropped("accepted and closed", "connection.refuse:how=close,rule.times=3", *THRICE, net_error="ERR_"),
    dropped("accepted and reset", "connection.reset:on=accept,rule.times=3", *THRICE, net_error=RESET),
    broken("FIN between events", "eventsource.abort:after_events=1", INCOMPLETE),
    broken("FIN mid-event", "eventsource.abort:after_events=1,partial_bytes=8", INCOMPLETE),
    broken("FIN after a data line", "eventsource.cut:where=blank_line,after_events=1", INCOMPLETE),
    broken("FIN inside of a chunk", "connection.cut_after:on=stream,after_messages=1,after_bytes=9", INCOMPLETE),
    broken("RST mid-event", "eventsource.cut:after_events=1,then=reset", RESET),
    broken("RST after a data line", "eventsource.cut:where=blank_line,after_events=1,then=reset", RESET),
    broken("RST inside of a chunk", "connection.cut_after:on=stream,after_messages=1,after_bytes=9,then=reset", RESET),
    broken("clean end mid-event", "eventsource.cut:after_events=1,then=end"),
    broken("clean end between events", "eventsource.end:after_events=1"),
    broken("short Content-Length", "eventsource.abort:after_events=1", "ERR_CONTENT_LENGTH_MISMATCH", 1000),
    first("FIN inside of the head", "connection.cut_after:on=request,after_bytes=27", FATAL),
    content_type("text/plain", FATAL)._replace(pieces=(LONG,)),
    content_type("application/json", FATAL),
    content_type("text/event-stream; charset=iso-8859-1", FATAL),
    content_type("text/event-stream; charset=utf-8", OPEN, ONE, TWO),
    content_type("TEXT/Event-Stream;foo=bar", OPEN, ONE, TWO),
    first("no Content-Type", 'request.header:remove=["Content-Type"]', FATAL)._replace(pieces=(LONG,)),
    *(
        Row(
            f"{status}",
            (f"request.redirect:location=/streams,status={status},rule.times=1",),
            (OPEN, ONE, TWO),
            ("", ""),
        )
        for status in (301, 302, 303, 307, 308)
    ),
    first("head, then silence", "eventsource.stall:after_events=0", OPEN),
    first("head, then silence of the connection", "connection.stall:on=stream", OPEN),
    first("head, then no body", "request.hold:before=body", OPEN),
    first("head never sent", "request.hold:before=head"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_eventsource(row: Row, serve_stream: ServeStream, through: Through, observe: Observe) -> None:
    # given a stream, and a page that reads it through the fault
    server = serve_stream(*row.pieces, length=row.length)
    proxy = through(server.url, *row.rules)
    observer = observe(proxy)
    source = observer.eventsource()
    if row.seen[:2] == (OPEN, ONE):
        source.wait_for(2)
        server.say(servers.TWO)
    # then the page sees what the table says, and nothing more
    source.expect(*row.seen)
    wait_until_fired(proxy)
    observer.elsewhere()
    source.expect(*row.seen)
    assert last_event_ids(proxy) == list(row.asked)
    if row.net_error:
        observer.expect_failure(f"net::{row.net_error}")


def test_dropped_then_refused_until_the_server_is_back(
    serve_stream: ServeStream, through: Through, observe: Observe
) -> None:
    server = serve_stream()
    proxy = through(server.url, "eventsource.abort:after_events=1,rule.times=1")
    observer = observe(proxy)
    source = observer.eventsource()
    source.wait_for(2)
    # when the server goes down with the stream and is away for three attempts
    refused = proxy.inject(RefuseConnection())
    server.say(servers.TWO)
    source.wait_for(6)
    proxy.heal(refused)
    # then the browser, which never stopped trying, is back, and names the last event that it had
    attempts = len(source.log)
    source.wait_for(attempts + 2)
    failed = source.log.count(RETRIES)
    assert failed >= 4
    assert source.log == [OPEN, ONE, *[RETRIES] * failed, OPEN, ONE]
    assert last_event_ids(proxy) == ["", "1"]
    observer.expect_failure("net::ERR_CONNECTION_REFUSED")


def test_retry_0_makes_a_storm(serve_stream: ServeStream, through: Through, observe: Observe) -> None:
    proxy = through(
        serve_stream(b"data: x\n\n", b"data: y\n\n").url,
        "eventsource.rewrite:retry=0,nth_event=1",
        "eventsource.end:after_events=1",
    )
    source = observe(proxy).eventsource()
    source.wait_for(60)
    # then most of twenty connections come at once: in Firefox, at least 500 ms would lie between two of them
    gaps = sorted(source.gaps_ms(RETRIES, OPEN))
    assert len(gaps) >= 19
    assert gaps[len(gaps) // 2] < 250


# -- the browser's own 3 s, for all rows at once -----------------------------------------------------------------------


THREE_S_MS = 2990
"""A little less, for clocks that are read in whole ms."""


class Wait(NamedTuple):
    """A line of the table about when it connects again: after how many ms at least."""

    name: str
    rules: tuple[str, ...]
    seen: tuple[str, ...] = (OPEN, "message OPEN x")
    """Before the error."""
    least_ms: int = THREE_S_MS
    pieces: tuple[bytes, ...] = (b"data: x\n\n", b"data: y\n\n")

    @property
    def then(self) -> tuple[str, str]:
        """What follows, in words."""
        return RETRIES, f"{OPEN}, at least {self.least_ms} ms later"


ENDS = "eventsource.end:after_events=1,rule.times=1"

WAITS = [
    Wait("by default", (ENDS,)),
    *(
        Wait(f"retry: {value}", (f'eventsource.rewrite:retry="{value}",nth_event=1', ENDS))
        for value in ("5x", "-1", "1.5", "1e9", "x")
    ),
    Wait("retry: 400", ("eventsource.rewrite:retry=400,nth_event=1", ENDS), least_ms=390),
    Wait(
        "retry: (empty), which takes the one before back",
        ('eventsource.rewrite:retry="",nth_event=2', "eventsource.end:after_events=2,rule.times=1"),
        (OPEN, ONE, TWO),
        pieces=(servers.ONE, servers.TWO, b"data: three\n\n"),
    ),
    Wait("RST before the first head", ("connection.reset:on=request,rule.times=1",), ()),
    Wait("FIN before the first head", ("connection.end:on=request,rule.times=1",), ()),
    Wait("accepted and closed at first", ("connection.refuse:how=close,rule.times=1",), ()),
    Wait("plain bytes called gzip", ('request.header:set={Content-Encoding="gzip"},rule.times=1',), (OPEN,)),
]


def test_waits_3_s_unless_told_otherwise(serve_stream: ServeStream, through: Through, empty_page: Page) -> None:
    # given a proxy for each row, and one page that reads them all
    proxies = [through(serve_stream(*wait.pieces).url, *wait.rules) for wait in WAITS]
    observer = Observer(empty_page, serve_stream().url, loaded=True)
    sources = [observer.eventsource(f"{proxy.url}/stream") for proxy in proxies]
    # and one that is refused until now, from its first attempt on
    down = through(serve_stream().url)
    refused = down.inject(RefuseConnection())
    failing = observer.eventsource(f"{down.url}/stream")
    failing.expect(RETRIES)
    down.heal(refused)
    # then each comes back in its time
    for wait, source in zip(WAITS, sources, strict=True):
        source.wait_for(len(wait.seen) + 2)
        assert source.log[: len(wait.seen) + 2] == [*wait.seen, RETRIES, OPEN], wait.name
    failing.wait_for(2)
    gaps = {wait.name: source.gaps_ms(RETRIES, OPEN)[0] for wait, source in zip(WAITS, sources, strict=True)}
    gaps = {**gaps, "refused": failing.gaps_ms(RETRIES, OPEN)[0]}
    least = {**{wait.name: wait.least_ms for wait in WAITS}, "refused": THREE_S_MS}
    assert {name: gap for name, gap in gaps.items() if gap < least[name]} == {}
    assert gaps["retry: 400"] < gaps["by default"]
