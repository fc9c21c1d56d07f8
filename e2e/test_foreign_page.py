"""A page that knows nothing of brownout, by somebody else: what crossed the wire is enough to judge it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from e2e.foreign.pages import edited, page_source
from e2e.foreign.start import GUIDE, start_ticker
from e2e.spare import SPARE
from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Outcome
from proxy_addons.harness.runner import Ruling, run
from proxy_addons.harness.scenario import find_scenario
from proxy_addons.harness.subject import SubjectProcess

BY_THE_WIRE = {"S7", "S9", "S10", "S14", "S25", "L4", "L9", "L12"}
"""The statements for which no more is needed than what crossed the wire, and errors that a page does not catch."""


@pytest.fixture(scope="module")
def subject() -> Iterator[SubjectProcess]:
    """The stock ticker."""
    with start_ticker() as ticker:
        yield ticker


@pytest.fixture(scope="module")
def guide() -> Guide:
    return GUIDE


DECIDED = {
    "transport/websocket-aborted": {"transports", "websocket attempts", "L9"},
    "transport/dropped-again-at-once": {"transports", "websocket attempts", "eventsource attempts", "L9"},
    "transport/handshakes-never-answered": {"transports", "websocket attempts", "eventsource attempts", "S10"},
    "transport/everything-503": {"S10", "L9"},
    "timing/half-open-websocket": {"transports", "websocket attempts", "L4"},
}
"""Scenarios, and what in each of them is decided beside what always is."""
GATE = "transport/websocket-aborted"


@pytest.mark.parametrize("name", [pytest.param(name, marks=[SPARE] * (name != GATE)) for name in DECIDED])
def test_a_page_that_is_right_passes_by_what_crossed_the_wire(scenario: Callable[[str], Ruling], name: str) -> None:
    # when it goes through a scenario, of which it knows as little as of all others
    ruling = scenario(name)
    # then it has passed, and what the scenario is about was decided
    assert ruling.verdict == "passed"
    assert by(ruling, "held") >= {"S7", "S9", "S14"} | DECIDED[name]
    # and what could not be judged says what it would have needed
    assert not by(ruling, "not applicable") & BY_THE_WIRE
    assert by(ruling, "not applicable") >= {"S1", "S2", "L1"}
    assert all(finding.why for finding in ruling.findings if finding.outcome != "held")


@pytest.mark.usefixtures("_carrier")
class TestAPageMadeWrong:
    def test_without_a_back_off_it_is_told_how_fast_it_tried(self, browser: Browser) -> None:
        ruling = verdict_on("no-back-off", "transport/everything-503", browser)
        assert by(ruling, "broken") >= {"S10"}
        (text, *_) = texts(ruling, "S10")
        assert "websocket attempts in" in text
        assert "though each failed; waits that grow with each failure take at least" in text

    @SPARE
    def test_without_reconnecting_it_is_told_how_long_it_had_nothing(self, browser: Browser) -> None:
        ruling = verdict_on("never-reconnects", "transport/websocket-aborted", browser)
        assert by(ruling, "broken") == {"L9", "websocket attempts"}
        (text,) = texts(ruling, "L9")
        assert "had no channel and asked for none for" in text
        assert "it should have tried again within 4.450 s" in text
        assert texts(ruling, "websocket attempts") == ["client page asked for websocket once; twice is right"]

    @SPARE
    def test_with_connections_left_open_it_is_told_which_two_it_had(self, browser: Browser) -> None:
        ruling = verdict_on("leaks-connections", "transport/handshakes-never-answered", browser)
        assert by(ruling, "broken") >= {"S7"}
        (text, *_) = texts(ruling, "S7")
        assert "began to listen by websocket" in text
        assert "was open, and went on with both for" in text
        assert "it should have one" in text


class TestTheSource:
    def test_is_short_and_says_nothing_of_who_it_is(self) -> None:
        source = page_source()
        assert len(source.splitlines()) <= 60
        assert not [word for word in ("data-", "client=", "attempt", "brownout") if word in source]

    @pytest.mark.parametrize("source", ["", "twice, twice"])
    def test_an_edit_that_does_not_fit_is_an_error(self, source: str) -> None:
        with pytest.raises(ValueError, match="must stand there once"):
            edited(source, "twice", "once")


def verdict_on(wrong: str, name: str, browser: Browser) -> Ruling:
    """What becomes of the page that is wrong in this way: it fails, and no check throws."""
    with start_ticker(wrong) as ticker:
        ruling = run(find_scenario(name), ticker, GUIDE, browser)
    assert ruling.verdict == "failed"
    assert by(ruling, "crashed") == set()
    return ruling


def by(ruling: Ruling, outcome: Outcome) -> set[str]:
    """The checks with this outcome."""
    return {finding.check for finding in ruling.findings if finding.outcome == outcome}


def texts(ruling: Ruling, check: str) -> list[str]:
    """What a check found different."""
    return [each.text for finding in ruling.findings if finding.check == check for each in finding.differences]
