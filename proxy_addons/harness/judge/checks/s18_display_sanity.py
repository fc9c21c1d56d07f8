"""S18, display sanity: while the server runs down the time without adjusting it, what a page shows does not grow but
for small corrections; it is never below nothing nor above the whole; and it does not say that the time is up too early.
"""

from collections.abc import Iterable

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import Seen, seen
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.judge.states import States, number_in, shown_s, states_of, text_s

_UNIT_S = 1.0
"""Of the text."""


def find(run: Run, limits: Limits) -> list[Difference]:
    states = states_of(run)
    pages = [[each for each in page if _shows_time(states, each)] for page in seen(run)]
    if not any(pages):
        raise Undecided("no page shows a time of an epoch of which the truth is known")
    return [found for page in pages for found in episodes(run, _judged(run, limits, states, page))]


def _shows_time(states: States, each: Seen) -> bool:
    place, look = each.look.place, each.look
    return (
        place is not None
        and states.knows(place[0])
        and (look.mark("remaining-ms") or look.mark("remaining")) is not None
    )


def _judged(run: Run, limits: Limits, states: States, page: list[Seen]) -> Iterable[tuple[float, Difference | None]]:
    before: Seen | None = None
    for each in page:
        first, words = each, _alone(run, limits, states, each)
        if words is None and before is not None:
            first, words = before, _after(run, limits, before, each)
        yield each.t, _difference(run, first, each, words) if words else None
        before = each


def _difference(run: Run, first: Seen, each: Seen, words: str) -> Difference:
    text = f"page {each.look.page} {at(run, each.t)} {words}"
    return Difference(each.t, text, first.look.number, each.look.number)


def _alone(run: Run, limits: Limits, states: States, each: Seen) -> str | None:
    """What is wrong in one look."""
    look, place, shown = each.look, each.look.place, shown_s(each.look)
    if place is None:
        return None
    told = run.told(*place)
    if look.mark("remaining-ms") is not None and look.number_of("remaining-ms") is None:
        return f"shows {look.mark('remaining-ms')!r} as the milliseconds left: that is no number"
    if shown is not None and shown < 0:
        return f"shows {shown:.3f} s left; there can't be less than nothing"
    total = None if told is None else number_in(told, "duration_ms")
    if shown is not None and total is not None and shown > total / 1000:
        return f"shows {shown:.3f} s left; the whole is {total / 1000:.3f} s"
    return _too_early(limits, states, each, place) if look.mark("state") == "expired" else None


def _too_early(limits: Limits, states: States, each: Seen, place: tuple[str, int]) -> str | None:
    slack = limits.shown_error_s + limits.clock_error_s
    last = states.last(*place)
    if last is None or last.seq != place[1]:
        return None
    ends = number_in(last, "ends_t") if last.state.get("phase") == "running" else last.t
    if ends is None or each.t >= ends - slack - last.error_s:
        return None
    return f"says that the time is up, {ends - each.t:.3f} s before it is"


def _after(run: Run, limits: Limits, before: Seen, each: Seen) -> str | None:
    """What grew since the look before, at the same event of a running timer."""
    place = each.look.place
    told = None if place is None else run.told(*place)
    if told is None or told.state.get("phase") != "running" or before.look.place != place:
        return None
    if each.heard is not before.heard or each.heard.doubtful(each.t):
        return None
    lag = each.heard.lateness(each.t, limits.liveness_s)
    precise = each.look.number_of("remaining-ms"), before.look.number_of("remaining-ms")
    if precise[0] is not None and precise[1] is not None:
        grown, bound = (precise[0] - precise[1]) / 1000, limits.shown_error_s + lag
    else:
        texts = text_s(each.look), text_s(before.look)
        if texts[0] is None or texts[1] is None:
            return None
        grown, bound = texts[0] - texts[1], _UNIT_S + lag
    if grown <= bound:
        return None
    return f"shows {grown:.3f} s more than the look before, after no adjustment; it may correct by {bound:.3f} s"


CHECK = Check(id="S18", title="The time shown runs down", find=find, needs=frozenset({"display", "truth", "cursor"}))
