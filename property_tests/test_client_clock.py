"""The client's clock against a model: the shortest round trip counts, corrections are slewed, time never goes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property_tests.node import NodeModule

LONGEST_WAY = 120
"""One way, in ms: so that no two estimates differ by what the client takes for a clock that was set."""

ways = st.integers(0, LONGEST_WAY)
round_trips = st.tuples(ways, ways)
arrivals = st.tuples(st.integers(1, 3000), round_trips | ways)
"""How long after the last, and a round trip by its two ways, or a pushed message by its one."""


@dataclass
class Model:
    """The offset lies where the shortest of the last eight round trips puts it, and not below any message's."""

    trips: list[tuple[float, float]] = field(default_factory=list)
    least: float = float("-inf")

    def asked(self, sent: float, received: float, server: float) -> None:
        self.trips = [*self.trips, (received - sent, server - (sent + received) / 2)][-8:]
        self.told(received, server)

    def told(self, received: float, server: float) -> None:
        self.least = max(self.least, server - received)

    @property
    def offset(self) -> float:
        shortest = min(duration for duration, _ in self.trips)
        return max([offset for duration, offset in self.trips if duration == shortest][-1], self.least)


@dataclass
class Play:
    """A client and a right server whose clock is ahead by `ahead`; local times in ms."""

    module: NodeModule
    ahead: int
    now: float = 0
    model: Model = field(default_factory=Model)
    clock: Any = None

    def __post_init__(self) -> None:
        self.clock = self.module.call("UNKNOWN")

    def arrives(self, after: int, what: tuple[int, int] | int) -> None:
        self.now += after
        sent = self.now
        there, back = what if isinstance(what, tuple) else (0, what)
        server, self.now = sent + there + self.ahead, sent + there + back
        if isinstance(what, tuple):
            times = {"sentAt": sent, "receivedAt": self.now, "serverMs": server}
            self.clock = self.module.call("withRoundTrip", self.clock, times)
            self.model.asked(sent, self.now, server)
        else:
            self.clock = self.module.call("withPushed", self.clock, {"receivedAt": self.now, "serverMs": server})
            self.model.told(self.now, server)

    def shown(self, now: float) -> float:
        """The server's time, as the page would show it now."""
        return now + float(self.module.call("displayedOffset", self.clock, now))


@pytest.fixture(scope="module")
def module() -> Iterator[NodeModule]:
    with NodeModule("core/clock.js") as module:
        yield module


@pytest.fixture(scope="module")
def time_left() -> Iterator[NodeModule]:
    with NodeModule("time_left.js") as module:
        yield module


@given(ahead=st.integers(-(10**9), 10**9), first=round_trips, rest=st.lists(arrivals, max_size=25))
def test_believes_the_shortest_round_trip(
    module: NodeModule, ahead: int, first: tuple[int, int], rest: list[tuple[int, tuple[int, int] | int]]
) -> None:
    play = Play(module, ahead)
    for after, what in [(0, first), *rest]:
        play.arrives(after, what)
        assert play.clock["target"] == play.model.offset
        assert abs(play.clock["target"] - ahead) <= min(duration for duration, _ in play.model.trips) / 2


@given(trips=st.lists(st.tuples(st.integers(1, 3000), round_trips), min_size=10, max_size=20))
def test_forgets_round_trips_of_long_ago(module: NodeModule, trips: list[tuple[int, tuple[int, int]]]) -> None:
    play = Play(module, 0)
    for after, what in trips:
        play.arrives(after, what)
    durations = [sample["rtt"] for sample in play.clock["samples"]]
    assert durations == [there + back for _, (there, back) in trips][-8:]
    assert play.clock["target"] == play.model.offset


@given(ahead=st.integers(-(10**6), 10**6), first=round_trips, rest=st.lists(arrivals, min_size=1, max_size=25))
def test_shown_time_runs_on_at_nearly_its_own_pace_whatever_is_learnt(
    module: NodeModule, ahead: int, first: tuple[int, int], rest: list[tuple[int, tuple[int, int] | int]]
) -> None:
    play = Play(module, ahead)
    play.arrives(0, first)
    before, shown = play.now, play.shown(play.now)
    for after, what in rest:
        play.arrives(after, what)
        passed, moved = play.now - before, play.shown(play.now) - shown
        assert 0.9 * passed - 1e-6 <= moved <= 1.1 * passed + 1e-6
        before, shown = play.now, shown + moved


@given(ahead=st.integers(-(10**6), 10**6), first=round_trips, better=st.integers(0, LONGEST_WAY))
def test_a_correction_is_over_within_ten_times_its_size(
    module: NodeModule, ahead: int, first: tuple[int, int], better: int
) -> None:
    play = Play(module, ahead)
    play.arrives(0, first)
    play.arrives(1000, (better, better))
    end = play.now + 10 * 2 * LONGEST_WAY
    assert play.shown(end) == pytest.approx(end + play.model.offset)


@given(
    now=st.integers(0, 10**6),
    timer=st.fixed_dictionaries({"remaining_ms": st.integers(0, 10**6)})
    | st.fixed_dictionaries({"deadline_ms": st.integers(0, 2 * 10**6)}),
)
def test_what_remains_is_never_below_nothing(time_left: NodeModule, now: int, timer: dict[str, int]) -> None:
    remaining = time_left.call("remaining", {"phase": "any", **timer}, now)
    assert remaining == max(0, timer.get("remaining_ms", timer.get("deadline_ms", 0) - now))
