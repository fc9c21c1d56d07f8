"""S24, agreement: two clients that were told the same, and both show it as fresh, show the same: the epoch, the phase,
the time left within twice what one may be off, and lists of events of which one begins as the other does."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import combinations

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import Seen, seen
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.judge.states import shown_s

_APART_S = 0.3
"""The longest time between the two looks that are compared."""


def find(run: Run, limits: Limits) -> list[Difference]:
    told = seen(run)
    pages = [[each for each in page if _is_sure(limits, each)] for page in told] if len(told) > 1 else []
    compared = [
        sorted(_pairs(limits, a, b) + _pairs(limits, b, a), key=lambda pair: pair[0].t)
        for a, b in combinations(pages, 2)
    ]
    if not any(compared):
        raise Undecided("no two clients were fresh at the same time and had been told the same")
    return [
        found for pairs in compared for found in episodes(run, ((a.t, _wrong(run, limits, a, b)) for a, b in pairs))
    ]


def _is_sure(limits: Limits, each: Seen) -> bool:
    recently = each.last is not None and each.t - each.last.t <= limits.stale_after_s
    return each.look.is_fresh and recently and each.look.place is not None and not each.heard.doubtful(each.t)


def _pairs(limits: Limits, a: list[Seen], b: list[Seen]) -> list[tuple[Seen, Seen]]:
    """Each look at one page with the last one at the other, where both clients knew the same for long enough."""
    times = [each.t for each in b]
    found = []
    for each in a:
        place = bisect_right(times, each.t)
        other = b[place - 1] if place else None
        if other is not None and each.t - other.t <= _APART_S and _know_the_same(limits, each, other):
            found.append((each, other))
    return found


def _know_the_same(limits: Limits, a: Seen, b: Seen) -> bool:
    settled = min(a.t, b.t) - limits.shown_error_s - limits.clock_error_s
    known = [heard.known(t) for heard in (a.heard, b.heard) for t in (settled, max(a.t, b.t) + limits.clock_error_s)]
    late = any(each.heard.lateness(each.t, limits.liveness_s) for each in (a, b))
    return not late and bool(known[0]) and all(each == known[0] for each in known)


def _wrong(run: Run, limits: Limits, a: Seen, b: Seen) -> Difference | None:
    words = _differing(limits, a, b)
    if words is None:
        return None
    pages = f"page {a.look.page} shows {words[0]}, page {b.look.page} {words[1]}"
    text = f"{at(run, a.t)} {pages}; both had been told the same"
    first, last = sorted((a.look.number, b.look.number))
    return Difference(a.t, text, first, last)


def _differing(limits: Limits, a: Seen, b: Seen) -> tuple[str, str] | None:
    places = a.look.place, b.look.place
    for name in ("epoch", "state"):
        if a.look.mark(name) != b.look.mark(name):
            return f"{name} {a.look.mark(name)}", f"{b.look.mark(name)}"
    one, other = shown_s(a.look), shown_s(b.look)
    since = a.t - b.t if a.look.mark("state") == "running" else 0.0
    precise = a.look.number_of("remaining-ms") is not None and b.look.number_of("remaining-ms") is not None
    bound = 2 * (limits.shown_error_s if precise else limits.text_error_s)
    if one is not None and other is not None and abs(one - max(0.0, other - since)) > bound:
        return f"{one:.3f} s left", f"{other:.3f} s left, {since:.3f} s before (they may be {bound:.3f} s apart)"
    if places[0] == places[1] and not _one_begins_the_other(a.look.record.items, b.look.record.items):
        return f"the events {list(a.look.record.items[:5])}", f"{list(b.look.record.items[:5])}"
    return None


def _one_begins_the_other(a: Iterable[str], b: Iterable[str]) -> bool:
    """Lists may be cut at their old end, wherever that is."""
    one, other = list(a), list(b)
    size = min(len(one), len(other))
    return one[:size] == other[:size] or one[len(one) - size :] == other[len(other) - size :]


CHECK = Check(id="S24", title="Pages that know the same agree", find=find, needs=frozenset({"display", "cursor"}))
