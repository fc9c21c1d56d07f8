"""Rules in time: however late the caller comes, the same changes are told, and a model agrees when they hold."""

from collections.abc import Callable
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from proxy_addons.faults import AbortWebSocket
from proxy_addons.plan import Rule
from proxy_addons.timeline import Armed, Change, Timeline
from proxy_addons.when import Page, When

Happening = Literal["fired", "live", "stale"]

even_ms = st.integers(0, 40).map(lambda half: 2.0 * half)
odd_ms = even_ms.map(lambda even: even + 1)
whens = st.builds(
    When,
    after=st.none() | st.just("trigger"),
    after_ms=even_ms,
    for_ms=st.none() | odd_ms,
    page=st.none() | st.just(Page(state="live")) | st.builds(Page, state=st.just("live"), shown_ms=even_ms),
)
histories = st.dictionaries(even_ms, st.sampled_from(["fired", "live", "stale"]), max_size=12).map(
    lambda happenings: sorted(happenings.items())
)
"""What happens when, in ms; never at the end of a window, whose ends are odd."""


def drive(when: When, history: list[tuple[float, Happening]], look: Callable[[Timeline, float], None]) -> Timeline:
    """A timeline with one rule; `look` is called just before each moment at which something happens, and at the end."""
    timeline = Timeline()
    timeline.add(Rule(id="a", when=when, fault=AbortWebSocket()), 0.0)
    for ms, happening in history:
        look(timeline, ms / 1000)
        if happening == "fired":
            timeline.fired("trigger", ms / 1000)
        else:
            timeline.page_shows("websocket", happening, ms / 1000)
    look(timeline, 1000.0)
    return timeline


@given(whens, histories)
def test_a_caller_who_comes_late_is_told_the_same(when: When, history: list[tuple[float, Happening]]) -> None:
    punctual: list[Change] = []
    late: list[Change] = []

    def at_once(timeline: Timeline, until_s: float) -> None:
        while (due := timeline.next_change_s) is not None and due < until_s:
            punctual.extend(timeline.advance(due))

    def in_the_end(timeline: Timeline, until_s: float) -> None:
        while until_s == 1000.0 and timeline.next_change_s is not None:
            late.extend(timeline.advance(until_s))

    drive(when, history, at_once)
    drive(when, history, in_the_end)
    assert punctual == late


@given(whens, histories, odd_ms)
def test_a_rule_is_in_force_when_all_its_conditions_hold(
    when: When, history: list[tuple[float, Happening]], moment_ms: float
) -> None:
    happened = [(ms, what) for ms, what in history if ms < moment_ms]
    moment_ms += 0.5  # never at the edge of a window

    def punctually(timeline: Timeline, until_s: float) -> None:
        until_s = min(until_s, moment_ms / 1000)
        while (due := timeline.next_change_s) is not None and due < until_s:
            timeline.advance(due)

    timeline = drive(when, happened, punctually)
    assert timeline.in_force("a", 1) == holds(when, happened, moment_ms)


def holds(when: When, happened: list[tuple[float, Happening]], moment_ms: float) -> bool:
    """The conditions, read word for word."""
    starts = [0.0] if when.after is None else [ms for ms, what in happened if what == "fired"]
    ages = [moment_ms - start - when.after_ms for start in starts]
    in_window = any(age >= 0 and (when.for_ms is None or age < when.for_ms) for age in ages)
    if when.page is None:
        return in_window
    shown = [(ms, what) for ms, what in happened if what != "fired"]
    since = None
    for ms, what in shown:
        since = None if what != "live" else ms if since is None else since
    return in_window and since is not None and moment_ms - since >= when.page.shown_ms


@given(whens, histories)
def test_changes_alternate(when: When, history: list[tuple[float, Happening]]) -> None:
    told: list[Change] = []

    def now_and_then(timeline: Timeline, until_s: float) -> None:
        told.extend(timeline.advance(until_s))

    timeline = drive(when, history, now_and_then)
    while timeline.next_change_s is not None:
        told.extend(timeline.advance(1000.0))
    armed = [isinstance(change, Armed) for change in told]
    assert armed == [(number % 2 == 0) is (not armed or armed[0]) for number in range(len(armed))]
