"""The lanes of the ways in: attempts, connections, messages; and of the commands."""

from collections.abc import Iterator

from proxy_addons.harness.judge.run import NEVER, Delivery, Exchange, Run, Rung
from proxy_addons.harness.report.lanes.marks import since, span
from proxy_addons.harness.report.picture import Mark, rows, short
from proxy_addons.records import CommandKnown, MessageSeen

_OURS = ("client", "proxy")
"""Who ends a stream as it should be: the client, and the proxy when the run is over."""


def channel(run: Run, rung: Rung) -> Iterator[Mark]:
    """Attempts and streams as spans, the messages in them as moments; a poll is a span."""
    exchanges = [each for each in run.channels() if each.rung == rung]
    for exchange, row in zip(exchanges, rows((each.t, _end(run, each)) for each in exchanges), strict=True):
        if rung == "polling":
            style = "poll" if exchange.worked else "failed"
            yield span(run, exchange.t, _end(run, exchange), style, _about(exchange), exchange.number, row)
        else:
            yield from _stream(run, exchange, row)
        for delivery in exchange.deliveries:
            style = "message" if delivery.is_valid else "bad" if delivery.delivered else "lost"
            if rung != "polling" or style != "message":
                text = f"{_says(delivery)}: {delivery.raw}"
                yield Mark(since(run, delivery.t), None, style, short(text), delivery.number, row)


def _stream(run: Run, exchange: Exchange, row: int) -> Iterator[Mark]:
    end = _end(run, exchange)
    about, opened = _about(exchange), min(exchange.opened_t, end)
    label = "probe" if exchange.purpose == "probe" else ""
    yield span(run, exchange.t, opened, "connecting", f"connecting: {about}", exchange.number, row, label)
    if opened < end:
        style = "open" if exchange.worked else "failed"
        yield span(run, opened, end, style, about, exchange.number, row, label)
    if exchange.ended_t != NEVER:
        is_wanted = opened < end and exchange.ended_by in _OURS
        style = "end" if is_wanted else "bad"
        code = f" {exchange.code}" if exchange.code else ""
        text = f"over: {exchange.how}{code} by the {exchange.ended_by or 'origin'}"
        yield Mark(since(run, end), None, f"{style} cut", text, exchange.last, row)


def _says(delivery: Delivery) -> str:
    if not delivery.delivered:
        return "not delivered"
    if delivery.said is None:
        return "malformed"
    return delivery.said.kind + (f" {delivery.said.seq}" if delivery.said.seq is not None else "")


def _about(exchange: Exchange) -> str:
    status = f", answered {exchange.status}" if exchange.status else ""
    return short(f"{exchange.rung} {exchange.exchange} of {exchange.client}: {exchange.url}{status}")


def commands(run: Run) -> Iterator[Mark]:
    """POSTs as spans; messages of the client that carry a command that the server knows; what became of it."""
    posts = [each for each in run.exchanges if each.rung == "command"]
    for post, row in zip(posts, rows((each.t, _end(run, each)) for each in posts), strict=True):
        style = "open" if post.status is not None and post.status < 400 else "failed"
        yield span(run, post.t, _end(run, post), style, _about(post), post.number, row)
    known = {record.id for _, record in run.of(CommandKnown)}
    for number, message in run.of(MessageSeen):
        if message.direction == "to_server" and any(name in message.data for name in known):
            yield Mark(since(run, message.t), None, "command", short(message), number)
    for number, record in run.of(CommandKnown):
        style = "bad" if record.effects > 1 else "truth"
        yield Mark(since(run, record.t), None, style, short(record), number)


def _end(run: Run, exchange: Exchange) -> float:
    return min(exchange.ended_t, run.end)
