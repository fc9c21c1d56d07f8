"""L3: where a better transport works again, clients climb back in time, and nothing turns stale meanwhile.

Once no fault is left, a client on a lower rung is within `U` on the best one that it ever asked for; while it changes
over, a page that was fresh and still gets messages does not turn stale.
"""

from bisect import bisect_right

from proxy_addons.harness.judge.disturbances import told_to_wait
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, clients_until, lives_of
from proxy_addons.harness.judge.run import Exchange, Run

RANK = {"websocket": 0, "eventsource": 1, "polling": 2}


def find(run: Run, limits: Limits) -> list[Difference]:
    """The clients that stayed below, and the pages that turned stale on the way up."""
    lives = lives_of(run)
    until, found, at_risk = clients_until(run, lives), [], 0
    for client in run.clients:
        below = _below(run, client)
        if below is None or told_to_wait(run, client, run.healed_at):
            continue
        best = min((each.rung for each in run.channels(client)), key=RANK.__getitem__)
        bound = max(run.healed_at, below.t) + limits.upgrade_s
        up = _up(run, client, best, below)
        if up is None or _arrival(up) > bound:
            if bound > until[client]:
                continue
            at_risk += 1
            text = (
                f"client {client} was still on {below.rung} {limits.upgrade_s:.1f} s after it could have climbed back "
                f"to {best}, which it should have by then"
            )
            found.append(Difference(bound, text, below.number, max(below.last, up.number if up else 0)))
            continue
        at_risk += 1
        found += [each for life in lives if life.client == client for each in _stale(run, limits, life, up)]
    if not at_risk:
        raise Undecided("no client was below its best transport for long enough after the last fault")
    return found


def _below(run: Run, client: str) -> Exchange | None:
    """The first channel after the last fault (or the one open by then) that is not of the best rung."""
    channels = [each for each in run.channels(client, "live") if each.worked]
    best = min((RANK[each.rung] for each in run.channels(client)), default=0)
    still = [each for each in channels if each.ended_t > run.healed_at]
    return still[0] if still and RANK[still[0].rung] > best else None


def _up(run: Run, client: str, best: str, below: Exchange) -> Exchange | None:
    channels = [each for each in run.channels(client, "live", "probe") if each.rung == best and each.worked]
    return next((each for each in channels if _arrival(each) > max(below.t, run.healed_at)), None)


def _arrival(exchange: Exchange) -> float:
    first = exchange.first_valid
    assert first is not None, "only one that worked is asked"
    return first.t


def _stale(run: Run, limits: Limits, life: Life, up: Exchange) -> list[Difference]:
    arrived = _arrival(up)
    before = life.look_at(up.t)
    if before is None or not before.is_fresh:
        return []
    times = run.valid_times(life.client)
    for look in life.looks_between(up.t, arrived + limits.handover_s):
        since = look.t - limits.stale_after_s + limits.clock_error_s
        recent = bisect_right(times, look.t) > bisect_right(times, since)
        if look.t > up.t and not look.is_fresh and recent:
            text = (
                f"page {life.page} showed its data as {look.mark('stale')} while its client climbed back to {up.rung}, "
                "though messages went on coming"
            )
            return [Difference(look.t, text, min(up.number, look.number), max(up.number, look.number))]
    return []


CHECK = Check("L3", "clients climb back to what works", find, frozenset({"attempts"}))
