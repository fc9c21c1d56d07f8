"""When the browsers of pages were offline, and what their clients did not get then.

Offline, Chromium lets new requests fail without sending them, and holds back what comes by an open WebSocket until it
is online again; what the page sends goes out, and an open event stream goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from proxy_addons.harness.judge.exchanges import LEAVING_S, NEVER, Exchange
from proxy_addons.records import PageLooked, PageMoved


@dataclass(frozen=True)
class Offline:
    """A browser that was cut off."""

    number: int
    page: str
    clients: frozenset[str]
    """Whose browser it was, in all lives of the page; empty: nobody can tell."""
    begin: float
    end: float
    online: int
    """The record that ends it; of one that does not, that which began it."""

    def concerns(self, client: str | None) -> bool:
        """Whether it may be that client's."""
        return client is None or not self.clients or client in self.clients


def offline_spells(moved: Iterable[tuple[int, PageMoved]], looked: Iterable[tuple[int, PageLooked]]) -> list[Offline]:
    """When browsers were offline, in order, by what was done to pages and what they showed, with its numbers."""
    moves = [(number, move) for number, move in moved if move.to in ("offline", "online")]
    if not moves:
        return []
    clients: dict[str, set[str]] = defaultdict(set)
    for _, look in looked:
        if "client" in look.marks:
            clients[_browser(look.page)].add(look.marks["client"])
    found, begun = [], dict[str, tuple[int, PageMoved]]()
    for number, move in [*moves, *((-1, each) for each in _ends(moves))]:
        page = _browser(move.page)
        if move.to == "offline":
            begun.setdefault(page, (number, move))
        elif page in begun:
            first, begin = begun.pop(page)
            online = first if number < 0 else number
            found.append(Offline(first, page, frozenset(clients[page]), begin.t, move.t, online))
    return sorted(found, key=lambda each: each.begin)


def pause(exchanges: Iterable[Exchange], spells: Sequence[Offline]) -> None:
    """Takes from WebSockets what came while their browser was offline, and gives it back as of when it was online."""
    if not spells:
        return
    alone = len({each.client for each in exchanges if each.is_channel}) == 1
    for exchange in (each for each in exchanges if each.rung == "websocket"):
        for spell in (each for each in spells if each.concerns(exchange.client)):
            # What asks is online again: that is noted a moment after it is so.
            asked_meanwhile = spell.begin <= exchange.t < spell.end
            _pause(exchange, spell, surely=(alone or bool(spell.clients)) and not asked_meanwhile)


def _pause(exchange: Exchange, spell: Offline, *, surely: bool) -> None:
    held = [each for each in exchange.deliveries if spell.begin <= each.t < spell.end and each.delivered]
    if not surely:
        for each in held:
            each.surely = False
        return
    for each in held:
        each.delivered = False
    if held and spell.end + LEAVING_S < exchange.ended_t:
        late = [
            replace(each, number=spell.online, t=spell.end, delivered=True, late_s=spell.end - each.t, was_stalled=True)
            for each in held
        ]
        exchange.deliveries = sorted([*exchange.deliveries, *late], key=lambda each: each.t)


def _browser(page: str) -> str:
    """A page goes by another name in each of its lives."""
    return page.partition("#")[0]


def _ends(moves: list[tuple[int, PageMoved]]) -> list[PageMoved]:
    """Of those that never came online again."""
    return [PageMoved(NEVER, page, "online") for page in dict.fromkeys(move.page for _, move in moves)]
