"""What must be the same when a scenario is run again: what its rules did, and where.

A browser numbers its connections as it likes (the page's own files come over several at once), so a receipt is told by
the place of its request among those of its kind: the second WebSocket, its fifth message.
"""

from collections import Counter, defaultdict

from proxy_addons.harness.judge.run import Exchange, Run


def receipts_of(run: Run) -> dict[str, list[str]]:
    """By rule, in order: `abort on websocket 2, message 5`."""
    places, by_connection = _places(run), _by_connection(run)
    found: dict[str, list[str]] = defaultdict(list)
    for number, receipt in run.faults:
        exchange = receipt.exchange
        if exchange is None and receipt.connection is not None:
            on_it = [each for each in by_connection[receipt.connection] if each.number < number]
            exchange = on_it[-1].exchange if on_it else None
        where = places.get(exchange or 0, "the listener" if receipt.connection is None else "a connection")
        message = "" if receipt.index is None else f", message {receipt.index}"
        found[receipt.rule].append(f"{receipt.effect} on {where}{message}")
    return dict(found)


def _places(run: Run) -> dict[int, str]:
    """Exchange -> its place among those of its kind."""
    counts: Counter[str] = Counter()
    places = {}
    for each in run.exchanges:
        counts[each.rung] += 1
        places[each.exchange] = f"{each.rung} {counts[each.rung]}"
    return places


def _by_connection(run: Run) -> dict[int, list[Exchange]]:
    found: dict[int, list[Exchange]] = defaultdict(list)
    for each in run.exchanges:
        found[each.connection].append(each)
    return found
