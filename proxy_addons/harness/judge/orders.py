"""The commands of clients: when they were sent, what became of them, and what the page said of it."""

import re
from dataclasses import dataclass

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import NEVER, Run
from proxy_addons.records import BodySeen, CommandKnown, ConnectionEnded, MessageSeen, PageSaid


@dataclass
class Order:
    """One command, by its id."""

    id: str
    client: str | None = None
    sent: int | None = None
    """The record in which it first went out."""
    effects: int | None = None
    """How many events it caused, by the server's record; None: that says nothing of it."""
    seq: int | None = None
    known: int | None = None
    """The record that says so."""
    answered: int | None = None
    """The record of a result that came to a client which could read it."""
    state: str | None = None
    """What the page called it last: `pending`, `done`, `failed` or `unknown`."""
    said: int | None = None
    """The record in which it did."""

    @property
    def records(self) -> list[int]:
        """All records about it."""
        return [each for each in (self.sent, self.known, self.answered, self.said) if each is not None]


@once
def orders_of(run: Run, limits: Limits) -> list[Order]:
    """All commands that the server or a page knows of, by id; those that were sent first, in their order."""
    orders: dict[str, Order] = {}
    told: list[tuple[int, CommandKnown | PageSaid]] = [*run.of(CommandKnown), *run.of(PageSaid)]
    for number, record in sorted(told, key=lambda each: each[0]):
        if isinstance(record, CommandKnown):
            order = orders.setdefault(record.id, Order(record.id))
            if order.effects is None or record.effects >= order.effects:
                order.effects, order.known = record.effects, number
                order.seq = record.seq if record.seq is not None else order.seq
        elif record.fields.get("what") == "command":
            name = str(record.fields.get("id"))
            order = orders.setdefault(name, Order(name))
            order.state, order.said = str(record.fields.get("state")), number
    if orders:
        _trace(run, orders, limits)
    return sorted(orders.values(), key=lambda order: (order.sent is None, order.sent))


def _trace(run: Run, orders: dict[str, Order], limits: Limits) -> None:
    """What the wire tells of them: an id is looked for as a word in what was said."""
    words = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, orders)) + r")(?![\w-])")
    exchanges = {each.exchange: each for each in run.exchanges}
    ends = _ends(run)
    said: list[tuple[int, MessageSeen | BodySeen]] = [*run.of(MessageSeen), *run.of(BodySeen)]
    for number, record in sorted(said, key=lambda each: each[0]):
        if (exchange := exchanges.get(record.exchange)) is None:
            continue
        if not any(name in record.data for name in orders):
            continue  # most messages name none, and to look for fixed words is quick
        for name in set(words.findall(record.data)):
            order = orders[name]
            if record.direction == "to_server":
                if order.sent is None:
                    order.sent, order.client = number, exchange.client
                continue
            end = min(exchange.ended_t, ends.get(exchange.connection, NEVER))
            if exchange.rung == "command":
                end = min(ends.get(exchange.connection, NEVER), _given_up_t(run, order))
            answer = run.contract.said(record.data) if record.delivered else None
            read = end > record.t + limits.handover_s < run.end
            if answer is not None and answer.kind == "result" and read:
                order.answered = number


def _given_up_t(run: Run, order: Order) -> float:
    """When its page stopped waiting, and with that ended the request that carried it."""
    return run.records[order.said].t if order.state == "unknown" and order.said is not None else NEVER


def _ends(run: Run) -> dict[int, float]:
    return {record.connection: record.t for _, record in run.of(ConnectionEnded)}
