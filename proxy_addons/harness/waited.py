"""Whether a page had reason to doubt its data though its scenario gave it none: where a machine stands still for a
moment, messages are late by themselves, and a page that says so is right."""

from itertools import pairwise

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.run import Look, Run

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


def _waited(run: Run, client: str, begin: float, end: float) -> float:
    """How much of a time the client had a channel, or an attempt under way."""
    spans = sorted((max(each.t, begin), min(each.ended_t, end)) for each in run.channels(client, "live"))
    total, until = 0.0, begin
    for since, to in spans:
        total += max(0.0, to - max(since, until))
        until = max(until, to)
    return total
