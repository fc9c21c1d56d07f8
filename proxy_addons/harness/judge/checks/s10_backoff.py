"""S10: after k failures in a row the next attempt waits as long as a back-off with full jitter says, and no longer.

The wait lies between the floor and floor + max(spread, min(`CAP`, base * 2^k)), to which come the time of a look
whether the network is there and the browser's own throttle. A connection that delivered nothing valid, or lived
shorter than the least uptime, does not lower k: so the waits of a series grow, and their sum is not below what chance
allows.

Of a subject whose attempts are not known, only that its WebSockets are opened ever more slowly can be asked: the floor
and the longest wait are its own, and an EventSource is opened again by the browser, at an even pace.

Only runs in which a client failed three times running show anything of it.
"""

from collections.abc import Iterator
from itertools import pairwise

from proxy_addons.harness.judge.attempts import failures_in_a_row, floor_s, hasty, least_s
from proxy_addons.harness.judge.disturbances import told_to_wait
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import CROWDED, is_crowded
from proxy_addons.harness.judge.run import Exchange, Run

ENOUGH = 3


def find(run: Run, limits: Limits) -> list[Difference]:
    """Waits that are too short, singly or together, or too long."""
    if is_crowded(run):
        raise Undecided(CROWDED)
    told, floor = "attempts" in run.contract.offers, floor_s(run, limits)
    found: list[Difference] = []
    decided = False
    for client in run.clients:
        before = 0
        for series in failures_in_a_row(run, client, limits):
            decided |= len(series) >= ENOUGH
            if len(series) >= ENOUGH:
                if told:
                    found += _short(client, series, limits)
                    found += _long(run, series, limits, before)
                if told or series[0].rung == "websocket":
                    found += _haste(client, series, limits, floor)
            before += len(series)
    if not decided:
        raise Undecided(f"no client failed {ENOUGH} times running on one transport")
    return found


def _short(client: str, series: list[Exchange], limits: Limits) -> Iterator[Difference]:
    for failed, each in pairwise(series):
        gap = each.t - failed.ended_t
        if failed.ended_by != "client" and gap < limits.floor_s - limits.clock_error_s:
            yield _difference(client, failed, each, f"{gap:.3f} s; at least {limits.floor_s:.3f} s are right")


def _long(run: Run, series: list[Exchange], limits: Limits, before: int) -> Iterator[Difference]:
    for k, (failed, each) in enumerate(pairwise(series), before + 1):
        backoff = max(limits.spread_s, min(limits.cap_s, limits.base_s * 2.0 ** min(k, 30)))
        most = limits.floor_s + backoff + limits.poll_s + limits.browser_throttle_s + limits.slow_s
        gap = each.t - failed.ended_t
        if gap > most + limits.clock_error_s and not told_to_wait(run, each.client, failed.ended_t):
            words = f"{gap:.3f} s, after {k} failures in a row; at most {most:.3f} s are right"
            yield _difference(each.client, failed, each, words)


def _haste(client: str, series: list[Exchange], limits: Limits, floor: float) -> Iterator[Difference]:
    count = hasty((each.t for each in series), limits, floor)
    if count is not None:
        first, last = series[0], series[count - 1]
        yield Difference(
            last.t,
            f"client {client} made {count} {last.rung} attempts in {last.t - first.t:.3f} s though each failed; waits "
            f"that grow with each failure take at least {least_s(count - 1, limits, floor):.3f} s",
            first.number,
            last.number,
        )


def _difference(client: str, failed: Exchange, each: Exchange, words: str) -> Difference:
    text = f"client {client} tried {each.rung} again (request {each.exchange}) after {words}"
    return Difference(each.t, text, failed.number, each.number)


CHECK = Check("S10", "waits grow with failures", find)
