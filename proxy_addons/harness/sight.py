"""What the probe's script tells of a page, made into records."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from proxy_addons.records import PageClosed, PageLooked, PageOpened, Record

World = Literal["isolated", "main"]


class Clock(NamedTuple):
    """How the page's clock becomes that of the run."""

    offset_s: float
    """What is added to the page's time."""
    error_s: float
    """How far the outcome may be off."""

    def run_time(self, page_ms: float) -> float:
        """The page tells milliseconds since 1970: `performance.timeOrigin + performance.now()`."""
        return page_ms / 1000 + self.offset_s


def best_clock(ask: Callable[[], float], now: Callable[[], float], times: int = 10) -> Clock:
    """Asks the page for its time so often, and believes the fastest answer; `now` is the clock of the run."""
    trips = []
    for _ in range(times):
        before = now()
        page_ms = ask()
        after = now()
        trips.append((after - before, (before + after) / 2 - page_ms / 1000))
    duration, offset = min(trips)
    return Clock(offset, duration / 2)


def first_in(text: str) -> tuple[str, str | None]:
    """Where a mark is, `css` or `css@attribute`, as selector and attribute; without one its text is meant."""
    css, at, attribute = text.rpartition("@")
    return (css, attribute) if at else (text, None)


@dataclass
class Sight:
    """Reads what the script tells, life after life of one page.

    Each life has a name of its own, since it is another client: `page`, then `page#2`.
    """

    name: str
    clock: Clock
    world: World
    write: Callable[[Record], None]
    client: str | None = None
    """Who the page is on the wire, once that is known; said by the mark `client`."""
    on_shown: Callable[[str, str], None] | None = None
    """Told the marks `transport` and `connection`, of a page that has both, whenever one of them changes."""
    lives: int = 0
    latest: PageLooked | None = None
    """What the present life displayed last."""
    _open: bool = False
    _items: list[str] = field(default_factory=list)
    _shown: tuple[str, str] | None = None

    @property
    def life(self) -> str:
        return self.name if self.lives < 2 else f"{self.name}#{self.lives}"

    def hear(self, batch: str) -> None:
        """What the script tells at once: a list in JSON."""
        for told in json.loads(batch):
            t = self.clock.run_time(told["at"])
            match told["what"]:
                case "opened":
                    self._begin(t, told["url"])
                case "closed":
                    self.close(t)
                case "look" if self._open:
                    self._items = told.get("items", self._items)
                    marks = told["marks"] | ({"client": self.client} if self.client else {})
                    self._see(PageLooked(t, self.life, told["why"], marks, self._items, told.get("text", "")))

    def _see(self, look: PageLooked) -> None:
        self.latest = look
        self.write(look)
        transport, connection = look.marks.get("transport"), look.marks.get("connection")
        if transport is None or connection is None or self._shown == (transport, connection):
            return
        self._shown = transport, connection
        if self.on_shown is not None:
            self.on_shown(transport, connection)

    def close(self, t: float) -> None:
        """The page is gone; a second time says nothing."""
        if self._open:
            self._open = False
            self.write(PageClosed(t, self.life))

    def _begin(self, t: float, url: str) -> None:
        self.close(t)
        self.lives += 1
        self._open, self.client, self._items = True, None, []
        self.latest = self._shown = None
        self.write(PageOpened(t, self.life, url, self.clock.error_s, self.world))
