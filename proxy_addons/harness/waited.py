"""Whether a page had reason to doubt its data though its scenario gave it none: where a machine stands still for a
moment, messages are late by themselves, and a page that says so is right."""

from itertools import pairwise

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.run import Exchange, Look, Run

ALMOST = 0.9
"""The record sees a silence a little later begin, and earlier end, than who waits in it."""
SHARE = 1 / 2
"""How much of the time after which data are stale a client must have waited at a channel. One that had none for that
long is late by its own doing."""


def waited_in_vain(run: Run, limits: Limits, look: Look) -> bool:
    """Whether just before the look nothing valid had come for as long as makes data stale, though the client had a
    channel, or had asked for one."""
    client = look.mark("client") or run.client_of(look.record.page)
    if client is None:
        return False
    times = [*(t for t in run.valid_times(client) if t < look.t), look.t]
    recent = [
        (begin, end)
        for begin, end in pairwise(times)
        if end > look.t - limits.detection_s and end - begin > limits.stale_after_s - limits.clock_error_s
    ]
    return any(_waited(run, client, begin, end) > SHARE * limits.stale_after_s for begin, end in recent)


def given_up_for_lateness(run: Run, limits: Limits, exchange: Exchange) -> bool:
    """Whether the client gave a channel up because nothing came by it for too long, though no rule had to do with it:
    where a machine stands still for a moment, that is right."""
    if exchange.ended_by != "client" or _is_touched(run, exchange):
        return False
    if not exchange.worked:
        return exchange.ended_t - exchange.t >= ALMOST * limits.connect_s
    times = [*(each.t for each in exchange.deliveries if each.is_valid), exchange.ended_t]
    recent = [pair for pair in pairwise(times) if pair[1] >= exchange.ended_t - limits.detection_s]
    return any(end - begin >= ALMOST * limits.liveness_s for begin, end in recent)


def _is_touched(run: Run, exchange: Exchange) -> bool:
    return any(
        fault.exchange == exchange.exchange or fault.connection == exchange.connection for _, fault in run.faults
    )


def _waited(run: Run, client: str, begin: float, end: float) -> float:
    """How much of a time the client had a channel, or an attempt under way."""
    spans = sorted((max(each.t, begin), min(each.ended_t, end)) for each in run.channels(client, "live"))
    total, until = 0.0, begin
    for since, to in spans:
        total += max(0.0, to - max(since, until))
        until = max(until, to)
    return total
