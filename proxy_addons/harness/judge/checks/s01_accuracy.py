"""S1, accuracy: a page that shows its data as fresh, and was told something valid not long ago, shows the time that is
left and the phase as they are. What it was not told it can't know: any state since the last event of which it was told
will do. Where a rule delays messages, the time may lag by that."""

from math import ceil

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import Seen, seen
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.judge.states import States, remaining_s, shown_s, states_of, text_s
from proxy_addons.records import TruthTold

_GLIMPSE_S = 0.1
"""What a beat saw for less than this was about to be painted."""


def find(run: Run, limits: Limits) -> list[Difference]:
    states = states_of(run)
    pages = [[(each, known) for each in page if (known := _known(states, limits, each))] for page in seen(run)]
    if not any(pages):
        raise Undecided("no page was ever fresh and recently told something of which the truth is known")
    return [
        found
        for page in pages
        for found in episodes(run, ((each.t, _wrong(run, limits, each, known)) for each, known in page))
    ]


def _known(states: States, limits: Limits, each: Seen) -> list[TruthTold]:
    """The states that it may show; none if the statement says nothing of this look."""
    place, last, error = each.look.place, each.last, limits.clock_error_s
    if not each.look.is_fresh or place is None or last is None or each.t - last.t > limits.stale_after_s:
        return []
    if each.heard.doubtful(each.t) or (each.look.record.why == "beat" and each.until - each.t < _GLIMPSE_S):
        return []
    told = each.heard.known(each.t - limits.shown_error_s - error).get(place[0])
    told = each.heard.first_known(place[0], each.t + error) if told is None else told
    return [] if told is None else states.between(place[0], told, each.t + error)


def _wrong(run: Run, limits: Limits, each: Seen, known: list[TruthTold]) -> Difference | None:
    if any(_agrees(limits, each, told) for told in known):
        return _text_wrong(run, each)
    latest, look = known[-1], each.look
    left = remaining_s(latest, each.t)
    truth = f"{latest.state.get('phase')}" + ("" if left is None else f" with {left:.3f} s left")
    shown = shown_s(look)
    text = (
        f"page {look.page} {at(run, each.t)} shows {look.mark('state')} with "
        f"{'no time' if shown is None else f'{shown:.3f} s'} left, as fresh; the server was {truth}, and the page may "
        f"be off by {_bound(limits, each):.3f} s"
    )
    return Difference(each.t, text, each.last.number if each.last else 0, look.number)


def _bound(limits: Limits, each: Seen) -> float:
    precise = each.look.number_of("remaining-ms") is not None
    return limits.shown_error_s if precise else limits.text_error_s


def _agrees(limits: Limits, each: Seen, told: TruthTold) -> bool:
    """Whether it shows this state, at this time or as long ago as messages are late."""
    slack = _bound(limits, each) + limits.clock_error_s + told.error_s
    lag = each.heard.lateness(each.t, limits.liveness_s)
    left, shown = remaining_s(told, each.t), shown_s(each.look)
    phase, shows = told.state.get("phase"), each.look.mark("state")
    over = phase == "running" and shows == "expired" and left is not None and left <= slack
    if shows is not None and phase is not None and shows != phase and not over:
        return False
    if left is None:
        return True  # the truth does not say
    if shown is None:
        return each.look.mark("remaining-ms") is None
    return left - slack <= shown <= left + slack + (lag if phase == "running" else 0.0)


def _text_wrong(run: Run, each: Seen) -> Difference | None:
    """The text is the time in seconds begun."""
    precise, text, look = each.look.number_of("remaining-ms"), text_s(each.look), each.look
    if precise is None or text is None or text == ceil(precise / 1000):
        return None
    words = f"page {look.page} {at(run, each.t)} shows {look.mark('remaining')} for {precise:.0f} ms: not the same"
    return Difference(each.t, words, look.number, look.number)


CHECK = Check(id="S1", title="What is shown is right", find=find, needs=frozenset({"display", "truth", "cursor"}))
