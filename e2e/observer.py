"""An empty page that opens an EventSource or a WebSocket and writes down every event that it gets.

An event is written as its type, the `readyState` at that moment, and what it says: `open OPEN`, `message OPEN one #7`
(`#7` is the last event id), `error CONNECTING`, `close CLOSED 1006 unclean`.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Page, Request, TimeoutError, WebSocket

TIMEOUT_MS = 20_000
"""How long what must come is waited for, on a busy machine."""

_OPEN = """
([kind, url, types, write]) => {
  const states = ['CONNECTING', 'OPEN', ...(kind === 'EventSource' ? ['CLOSED'] : ['CLOSING', 'CLOSED'])];
  const source = new window[kind](url);
  source.binaryType = 'arraybuffer';
  const seen = { source, log: [], times: [], state: () => states[source.readyState] };
  const short = (data) => data.length > 200 ? `<${data.length} characters>` : data;
  const said = (event) => {
    if (event.data instanceof ArrayBuffer) return ` <${event.data.byteLength} bytes>`;
    if (event instanceof MessageEvent) return ` ${short(event.data)}${event.lastEventId && ` #${event.lastEventId}`}`;
    if (event instanceof CloseEvent)
      return ` ${event.code} ${event.wasClean ? 'clean' : 'unclean'}${event.reason && ` ${event.reason}`}`;
    return '';
  };
  for (const type of ['open', 'message', 'error', 'close', ...types]) {
    source.addEventListener(type, (event) => {
      seen.times.push(performance.now());
      seen.log.push(`${type} ${seen.state()}${said(event)}`);
    });
  }
  (window.__observed ??= []).push(seen);
  return window.__observed.length - 1;
}
"""


@dataclass(frozen=True)
class Observed:
    """One EventSource or WebSocket of the page."""

    page: Page
    number: int

    @property
    def log(self) -> list[str]:
        """What has happened so far."""
        return list(self._ask("seen.log"))

    @property
    def times_ms(self) -> list[float]:
        """When that was, on the page's clock."""
        return list(self._ask("seen.times"))

    def expect(self, *events: str) -> None:
        """These have happened, in this order, and nothing else; waits for as many."""
        self.wait_for(len(events))
        assert self.log == list(events)

    def wait_for(self, count: int) -> None:
        """Until so many events have happened; if they do not, says what did."""
        try:
            self.page.wait_for_function(
                "([number, count]) => window.__observed[number].log.length >= count",
                arg=[self.number, count],
                polling=20,
                timeout=TIMEOUT_MS,
            )
        except TimeoutError:
            assert len(self.log) >= count, f"{count} events were expected, and within {TIMEOUT_MS} ms came {self.log}"

    def gaps_ms(self, before: str, after: str) -> list[float]:
        """The times between each event of the first kind and the one that follows it, if that is of the second."""
        steps = zip(self.log, self.log[1:], self.times_ms, self.times_ms[1:], strict=False)
        return [then - now for one, other, now, then in steps if (one, other) == (before, after)]

    def close(self, *code_and_reason: int | str) -> None:
        """As a page closes it; a WebSocket with a code and a reason, if they are given."""
        self.page.evaluate(
            "([number, how]) => window.__observed[number].source.close(...how)", [self.number, [*code_and_reason]]
        )

    def send(self, data: str) -> None:
        self.page.evaluate("([number, data]) => window.__observed[number].source.send(data)", [self.number, data])

    def _ask(self, what: str) -> Any:
        return self.page.evaluate(
            f"(number) => {{ const seen = window.__observed[number]; return {what} }}", self.number
        )


class Observer:
    """The page, at `origin`. Nothing was asked of that for it, so that the record of its proxy begins with what the
    page opens, unless it was `loaded`: only then may the page read other origins on this machine as it would
    anywhere (Chromium's Local Network Access)."""

    def __init__(self, page: Page, origin: str, *, loaded: bool = False) -> None:
        self.page = page
        self.origin = origin
        self.failures: list[str] = []
        """The net errors of its requests, such as net::ERR_CONNECTION_RESET; of WebSockets, what Chromium says."""
        page.on("requestfailed", self._failed)
        page.on("websocket", self._opened)
        blank = f"{origin}/blank"
        if not loaded:
            page.context.grant_permissions(["local-network-access"])
            page.route(blank, lambda route: route.fulfill(content_type="text/html", body=""))
        page.goto(blank)
        page.unroute(blank)

    def eventsource(self, url: str = "", *types: str) -> Observed:
        """Opens one, and listens to these types of events too."""
        return self._open("EventSource", url or f"{self.origin}/stream", types)

    def websocket(self, url: str = "") -> Observed:
        return self._open("WebSocket", (url or f"{self.origin}/ws").replace("http", "ws", 1), ())

    def elsewhere(self) -> None:
        """Waits until another request has been answered, whatever with: what was to happen by then has happened."""
        self.page.evaluate("() => fetch('/elsewhere').catch(() => 0).then(() => 0)")

    def expect_failure(self, words: str) -> None:
        """A request has failed, or a WebSocket, with these words; looks every 20 ms."""
        until = time.monotonic() + TIMEOUT_MS / 1000
        while not any(words in failure for failure in self.failures):
            assert time.monotonic() < until, f"{words!r} was expected, and this was said: {self.failures}"
            self.page.evaluate("new Promise(done => setTimeout(done, 20))")

    def _open(self, kind: Literal["EventSource", "WebSocket"], url: str, types: tuple[str, ...]) -> Observed:
        return Observed(self.page, int(self.page.evaluate(_OPEN, [kind, url, list(types)])))

    def _failed(self, request: Request) -> None:
        self.failures.append(request.failure or "")

    def _opened(self, socket: WebSocket) -> None:
        socket.on("socketerror", lambda error: self.failures.append(error))
