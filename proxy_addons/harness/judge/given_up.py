"""WebSockets of which a browser says that they have failed, by their addresses.

Firefox says it of each, on the page's console. It is the only trace of one that it never asked for. And one that is
closed before its handshake was answered it lets be until the answer comes: what that brings reaches nobody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from proxy_addons.harness.judge.exchanges import NEVER, Exchange
from proxy_addons.records import NETWORK, PageLogged, Record

_ADDRESS = re.compile(r"\bwss?://[^/\s]+(/\S*?)\.?(?=\s|$)")
"""With the full stop of the sentence in which it stands."""


def given_up(records: Iterable[Record]) -> Iterator[tuple[str, float]]:
    """Path and query, and when that was heard: a moment after it was said."""
    for record in records:
        if isinstance(record, PageLogged) and record.level == NETWORK:
            for address in _ADDRESS.findall(record.text):
                yield address, record.t


def abandon(exchanges: Iterable[Exchange], records: Iterable[Record]) -> None:
    """Takes from WebSockets what came when they had been given up; where each has another address, for else nobody
    knows which is meant."""
    sockets = [each for each in exchanges if each.rung == "websocket"]
    times = Counter(each.url for each in sockets)
    first: dict[str, float] = {}
    for address, t in given_up(records):
        first.setdefault(address, t)
    for exchange in sockets:
        t = first.get(exchange.url, NEVER)
        if times[exchange.url] == 1 and t < exchange.ended_t:
            exchange.ended_t, exchange.ended_by = t, "client"
            exchange.deliveries = [each for each in exchange.deliveries if each.t < t]
