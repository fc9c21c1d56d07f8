"""L5: where nothing comes through any more, the page says within `A` + `d` that its data is not up to date.

`A` + `d` count from the last valid message that its client got. A page that never was fresh has nothing to take back.
"""

from bisect import bisect_right

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.harness.judge.run import NEVER, Run
from proxy_addons.harness.judge.silences import silences


def find(run: Run, limits: Limits) -> list[Difference]:
    """The pages that went on to show old data as fresh."""
    lives = [life for life in lives_of(run) if life.client]
    valid, until = (
        {client: run.valid_times(client) for client in run.clients},
        {life: life.acts_until for life in lives},
    )
    pairs = [(silence, life) for silence in silences(run) for life in lives if life.client == silence.exchange.client]
    found, at_risk = [], 0
    for silence, life in pairs:
        times = valid[life.client or ""]
        place = bisect_right(times, silence.begin)
        last, then = times[place - 1] if place else None, times[place] if place < len(times) else NEVER
        if last is None:
            continue
        bound = last + limits.stale_after_s + limits.detection_s + limits.clock_error_s
        look = life.look_at(bound)
        if min(then, silence.end) <= bound or bound > until[life] or look is None:
            continue
        if not any(each.is_fresh for each in life.looks_between(last, silence.end)):
            continue
        at_risk += 1
        if look.is_fresh:
            text = (
                f"page {life.page} still showed its data as fresh {bound - last:.3f} s after the last valid message, "
                f"though nothing came by {silence.exchange.rung} {silence.exchange.exchange} any more; it should have "
                "shown it as stale by then"
            )
            first = min(silence.first, silence.kept, look.number)
            found.append(Difference(bound, text, first, max(silence.kept, look.number)))
    if not at_risk:
        raise Undecided("no page was fresh while something was kept from its client for long enough")
    return found


CHECK = Check("L5", "a page that gets nothing says so", find, frozenset({"display"}))
