"""The client's small rules against models: what to wait, where to go next, what silence and a close code mean."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import format_datetime
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from property_tests.node import NodeModule

TIMES = {"base": 500, "cap": 20_000, "floor": 100}
CAP_MS = 60_000
RUNGS = ["websocket", "eventsource", "polling"]
LIMITS = {"staleAfter": 3000, "doubtAfter": 1000, "liveness": 5000}

draws = st.floats(0, 1, exclude_max=True)
failures = st.integers(0, 2000)
spreads = st.integers(0, 30_000)
instants = st.integers(-10_000, 10_000)
lacking = st.lists(st.sampled_from(RUNGS), unique=True, max_size=2)


@pytest.fixture(scope="module")
def rules() -> Iterator[dict[str, NodeModule]]:
    """The modules by their names."""
    names = ("backoff", "ladder", "liveness", "close_codes", "retry_after")
    with ExitStack() as running:
        yield {name: running.enter_context(NodeModule(f"core/{name}.js")) for name in names}


# -- back-off ---------------------------------------------------------------------------------------------------------


def window(failed: int, spread: float) -> float:
    """Doubled by each failure up to the cap, and never narrower than the spread."""
    return max(spread, min(TIMES["cap"], TIMES["base"] * 2.0 ** min(failed, 30)))


@given(failed=failures, draw=draws, spread=spreads)
def test_a_wait_is_drawn_evenly_from_its_window(
    rules: dict[str, NodeModule], failed: int, draw: float, spread: int
) -> None:
    wait = rules["backoff"].call("delay", failed, draw, TIMES, spread)
    assert wait == pytest.approx(TIMES["floor"] + draw * window(failed, spread))


@given(spread=st.integers(1, 10_000), attempts=st.lists(draws, min_size=1, max_size=12))
def test_rounds_of_a_herd_do_not_overlap_while_their_windows_are_narrow(
    rules: dict[str, NodeModule], spread: int, attempts: list[float]
) -> None:
    last, now = {"spread": spread, "until": 0}, 0.0
    for failed, draw in enumerate(attempts):
        begin, width = max(now, last["until"]), TIMES["floor"] + window(failed, spread)
        planned = rules["backoff"].call("nextRound", last, now, failed, TIMES)
        fits = begin - now + width <= TIMES["cap"] + TIMES["floor"]
        assert planned["wait"] == pytest.approx(begin - now if fits else 0)
        assert planned["round"]["until"] == pytest.approx((begin if fits else now) + width)
        now += planned["wait"] + rules["backoff"].call("delay", failed, draw, TIMES, spread)
        assert now <= planned["round"]["until"] + 1e-6
        last = planned["round"]


@given(vain=failures, draw=draws, rungs=st.integers(1, 2))
def test_looks_at_better_rungs_grow_rarer_and_never_stop(
    rules: dict[str, NodeModule], vain: int, draw: float, rungs: int
) -> None:
    wait = rules["backoff"].call("probeDelay", vain, draw, {"probeEvery": 15_000, "probeMax": 60_000}, rungs)
    usual = min(15_000 * 2.0 ** min(vain, 30), 60_000 / rungs)
    assert wait == pytest.approx(usual * (0.75 + draw / 2))


# -- ladder -----------------------------------------------------------------------------------------------------------


@given(rung=st.sampled_from(RUNGS), missing=lacking)
def test_a_spent_rung_leads_to_the_next_that_there_is(
    rules: dict[str, NodeModule], rung: str, missing: list[str]
) -> None:
    there = [each for each in RUNGS if each not in missing]
    place = RUNGS.index(rung)
    below = [each for each in RUNGS[place + 1 :] + RUNGS[: place + 1] if each in there]
    assert rules["ladder"].call("afterSpent", rung, there) == below[0]
    assert rules["ladder"].call("above", rung, there) == [each for each in RUNGS[:place] if each in there]


# -- silence ----------------------------------------------------------------------------------------------------------


@given(now=instants, confirmed=st.none() | instants, doubt=st.none() | instants)
def test_data_is_as_fresh_as_its_last_confirmation(
    rules: dict[str, NodeModule], now: int, confirmed: int | None, doubt: int | None
) -> None:
    age = inf if confirmed is None else now - confirmed
    doubted = -inf if doubt is None else now - doubt
    stale = age > LIMITS["staleAfter"] or doubted > LIMITS["doubtAfter"]
    expected = "offline" if age > LIMITS["liveness"] else "stale" if stale else "fresh"
    seen = {"now": now, "confirmedAt": confirmed, "doubtSince": doubt}
    assert rules["liveness"].call("freshness", seen, LIMITS) == expected


@given(now=instants, due=instants)
def test_a_timer_that_fires_late_was_held_up(rules: dict[str, NodeModule], now: int, due: int) -> None:
    assert rules["liveness"].call("heldUp", {"now": now, "due": due}, {"lateBy": 500}) == (now > due + 500)


# -- what the server says ---------------------------------------------------------------------------------------------

MEANINGS = {
    "spread": {1000, 1001, 1012, 1013, 4429},
    "blame": {1002, 1003, 1007, 1009},
    "terminal": {4400, 4401, 4403, 4410},
}


@given(code=st.none() | st.integers(0, 65_535) | st.sampled_from(sorted(set().union(*MEANINGS.values()))))
def test_a_close_code_means_what_the_table_says(rules: dict[str, NodeModule], code: int | None) -> None:
    policy = rules["close_codes"].call("policy", code)
    assert policy == next((then for then, codes in MEANINGS.items() if code in codes), "retry")


@given(seconds=st.integers(0, 10**12), blanks=st.text(" \t", max_size=2))
def test_a_wait_in_seconds_is_kept_up_to_the_cap(rules: dict[str, NodeModule], seconds: int, blanks: str) -> None:
    wait = rules["retry_after"].call("retryAfter", f"{blanks}{seconds}{blanks}", 0, CAP_MS)
    assert wait == min(CAP_MS, seconds * 1000)


@given(then=st.integers(315_532_800, 4_102_444_800), seconds=st.integers(-100, 100))
def test_a_wait_until_a_date_is_kept_up_to_the_cap(rules: dict[str, NodeModule], then: int, seconds: int) -> None:
    header = format_datetime(datetime.fromtimestamp(then, UTC), usegmt=True)
    wait = rules["retry_after"].call("retryAfter", header, (then - seconds) * 1000, CAP_MS)
    assert wait == min(CAP_MS, max(0, seconds * 1000))


@given(header=st.none() | st.text(max_size=30))
def test_no_header_makes_the_client_wait_for_ever(rules: dict[str, NodeModule], header: str | None) -> None:
    wait = rules["retry_after"].call("retryAfter", header, 0, CAP_MS)
    assert 0 <= wait <= CAP_MS
