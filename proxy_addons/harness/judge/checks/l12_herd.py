"""L12: clients that are dropped together all come back within `Y`, and do not come back together.

With N clients dropped within one moment, each gets something valid within `Y` of the last fault, and the server sees in
any 1 s (at scale 1) at most `R` requests, which is what a right client's spread gives. Of fewer than `FEWEST` clients
that says nothing.
"""

from bisect import bisect_left

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import clients_until, lives_of
from proxy_addons.harness.judge.run import Exchange, Run

FEWEST = 25
MOMENT_S = 0.5
"""Within which, at scale 1, clients lose their channels together."""
TOGETHER = 0.8
"""The part of all clients that must lose their channels for it to be a herd."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """The clients that did not come back, and the fullest window if it is too full."""
    dropped = _dropped(run, limits)
    if not dropped:
        raise Undecided(f"no {FEWEST} clients or more, {TOGETHER:.0%} of all, lost their channels within one moment")
    return _absent(run, limits, dropped) + _crowd(run, limits, dropped)


def _dropped(run: Run, limits: Limits) -> list[Exchange]:
    """The channels that ended together, in order of their ends."""
    ended = [each for each in run.channels(None, "live") if each.worked and each.ended_by not in ("", "client")]
    ended.sort(key=lambda each: each.ended_t)
    times = [each.ended_t for each in ended]
    best: list[Exchange] = []
    for place, t in enumerate(times):
        together = ended[place : bisect_left(times, t + MOMENT_S * limits.scale)]
        best = max(best, together, key=len)
    clients = {each.client for each in best}
    return best if len(clients) >= max(FEWEST, TOGETHER * len(run.clients)) else []


def _absent(run: Run, limits: Limits, dropped: list[Exchange]) -> list[Difference]:
    until = clients_until(run, lives_of(run))
    bound = max(run.healed_at, dropped[-1].ended_t) + limits.convergence_s
    found = []
    for each in dropped:
        back = [t for t in run.valid_times(each.client) if each.ended_t < t <= bound]
        if not back and bound <= until[each.client]:
            text = f"client {each.client} got nothing valid within {bound - each.ended_t:.1f} s of being dropped"
            found.append(Difference(bound, text, each.number, each.last))
    return found


def _crowd(run: Run, limits: Limits, dropped: list[Exchange]) -> list[Difference]:
    asked = [each for each in run.exchanges if each.t > dropped[0].ended_t and each.purpose != "asset"]
    times, window = [each.t for each in asked], limits.crowd_window_s
    clients = len({each.client for each in dropped})
    most = limits.most_requests(clients)
    counts = [(bisect_left(times, t + window) - place, place) for place, t in enumerate(times)]
    count, place = max(counts, default=(0, 0))
    if count <= most:
        return []
    text = (
        f"{count} requests within {window:.2f} s from {times[place] - run.start:.3f} s on, after {clients} clients "
        f"were dropped together; it should have been at most {most:.0f}"
    )
    return [Difference(times[place], text, asked[place].number, asked[place + count - 1].number)]


CHECK = Check("L12", "a herd spreads, and comes back", find, own_run=True)
