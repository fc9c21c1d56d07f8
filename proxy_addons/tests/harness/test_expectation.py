"""What a scenario expects, on hand-written histories: holds, broken, premise missing."""

from typing import Any

import pytest

from proxy_addons.harness.expectation import checks_of
from proxy_addons.harness.judge.facts import Finding, Limits
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.scenario import Expect
from proxy_addons.records import PageClosed, StepTaken
from proxy_addons.tests.harness.judge.stories import Story, snapshot, tick


def found(story: Story, name: str, **expect: Any) -> Finding:
    checks = checks_of(Expect.model_validate(expect))
    return next(each for each in judge(story.run(), Limits(), checks) if each.check == name)


def broken(finding: Finding) -> list[str]:
    return [difference.text for difference in finding.differences]


def fallen_back() -> Story:
    """Served over WebSocket, then over EventSource, twice."""
    story = Story()
    story.websocket(1.0, client="a").says(1.2, snapshot(1)).ends(2.0)
    story.eventsource(3.0, client="a").says(3.2, tick(1)).ends(4.0)
    story.eventsource(5.0, client="a").says(5.2, tick(1))
    return story.looks(1.3, connection="live", stale="fresh").looks(6.0, connection="live", stale="fresh")


class TestTransports:
    def test_those_that_served_the_page_in_this_order(self) -> None:
        finding = found(fallen_back(), "transports", transports=["websocket", "eventsource"])
        assert finding.outcome == "held"

    def test_others_are_named(self) -> None:
        finding = found(fallen_back(), "transports", transports=["websocket"])
        assert broken(finding) == [
            "client a was served over websocket, eventsource; it should have been over websocket"
        ]

    def test_nothing_at_all_is_wrong(self) -> None:
        story = Story()
        story.websocket(1.0, client="a")
        finding = found(story, "transports", transports=["websocket"])
        assert broken(finding) == ["no valid message came to anybody; they should have come over websocket"]


class TestAttempts:
    @pytest.mark.parametrize(("least", "most", "outcome"), [(2, 2, "held"), (1, None, "held"), (3, None, "broken")])
    def test_are_counted_by_kind(self, least: int, most: int | None, outcome: str) -> None:
        bounds = {"least": least} | ({} if most is None else {"most": most})
        assert found(fallen_back(), "eventsource attempts", attempts={"eventsource": bounds}).outcome == outcome

    @pytest.mark.parametrize(
        ("bounds", "right"),
        [
            ({"most": 1}, "at most once"),
            ({"least": 1, "most": 1}, "once"),
            ({"least": 3}, "3 times or more often"),
            ({"least": 3, "most": 4}, "3 to 4 times"),
        ],
    )
    def test_too_many_or_too_few_are_named(self, bounds: dict[str, int], right: str) -> None:
        finding = found(fallen_back(), "eventsource attempts", attempts={"eventsource": bounds})
        assert broken(finding) == [f"client a asked for eventsource twice; {right} is right"]

    def test_a_client_that_is_no_page_is_told(self) -> None:
        story = fallen_back()
        story.websocket(3.0, client="b").says(3.1, snapshot(1))
        finding = found(story, "websocket attempts", attempts={"websocket": {"most": 2}})
        assert broken(finding) == ["2 clients asked for messages, and pages had 1 lives: one each is right"]

    @pytest.mark.parametrize("purpose", ["probe", "check", "resync"])
    def test_what_is_asked_for_beside_is_counted_by_itself(self, purpose: str) -> None:
        quiet = fallen_back()
        assert found(quiet, "asides", asides={"most": 0}).outcome == "held"
        quiet.poll(6.0, tick(1), purpose=purpose)
        assert broken(found(quiet, "asides", asides={"most": 0})) == [
            "client a asked for something beside once; never is right"
        ]

    def test_where_a_machine_stood_still_others_cannot_be_called_wrong(self) -> None:
        story = Story()
        story.websocket(0.0).says(0.1, snapshot(1)).ends(7.0)
        story.eventsource(7.1).says(7.2, snapshot(1))
        finding = found(story, "eventsource attempts", attempts={"eventsource": {"most": 0}})
        assert finding.why == "client a gave websocket 1 up at 7.000 s for a silence that no rule made"
        assert found(story, "transports", transports=["websocket"]).outcome == "undecided"

    def test_a_server_that_falls_silent_again_and_again_is_no_machine_that_stood_still(self) -> None:
        story = Story()
        for begin in (0.0, 7.0, 14.0):
            story.eventsource(begin).says(begin + 0.1, snapshot(1)).ends(begin + 6.0)
        finding = found(story, "eventsource attempts", attempts={"eventsource": {"most": 1}})
        assert broken(finding) == ["client a asked for eventsource 3 times; at most once is right"]

    def test_without_a_client_there_is_nothing_to_count(self) -> None:
        assert found(Story(), "polling attempts", attempts={"polling": {"most": 1}}).outcome == "undecided"


class TestWords:
    def test_the_last_one_is_right(self) -> None:
        assert found(fallen_back(), "ends").outcome == "held"
        finding = found(fallen_back().looks(7.0, connection="terminal", stale="offline"), "ends")
        assert broken(finding) == ["page a shows terminal, offline in the end; 'live' is right"]

    def test_a_page_that_was_left_meanwhile_need_not_end_so(self) -> None:
        story = fallen_back().looks(7.0, connection="connecting", stale="stale").add(PageClosed(7.5, "a"))
        assert found(story.add(StepTaken(8.0, "healed")), "ends").outcome == "held"
        late = fallen_back().looks(7.0, connection="connecting", stale="stale").add(StepTaken(7.2, "healed"))
        assert found(late.add(PageClosed(7.5, "a")), "ends").outcome == "broken"

    def test_a_page_that_had_to_wait_may_say_so(self) -> None:
        story = fallen_back().looks(8.0, connection="live", stale="stale").add(StepTaken(1.5, "injected"))
        assert found(story, "never shows stale", never_shows=["stale"]).outcome == "broken"
        late = fallen_back().looks(8.4, connection="live", stale="stale").add(StepTaken(1.5, "injected"))
        assert found(late, "never shows stale", never_shows=["stale"]).outcome == "held"

    @pytest.mark.parametrize(("for_s", "outcome"), [(0.005, "held"), (0.02, "broken")])
    def test_a_word_that_is_gone_before_it_can_be_painted_was_not_shown(self, for_s: float, outcome: str) -> None:
        story = fallen_back().add(StepTaken(1.5, "injected")).looks(8.0, connection="live", stale="stale")
        story.looks(8.0 + for_s, connection="live", stale="fresh")
        assert found(story, "never shows stale", never_shows=["stale"]).outcome == outcome

    def test_one_that_another_look_still_finds_there_was(self) -> None:
        story = fallen_back().add(StepTaken(1.5, "injected")).looks(8.0, connection="live", stale="stale")
        story.looks(8.005, connection="live", stale="stale").looks(8.1, connection="live", stale="fresh")
        assert found(story, "never shows stale", never_shows=["stale"]).outcome == "broken"

    def test_one_was_shown_meanwhile(self) -> None:
        story = fallen_back().add(StepTaken(2.0, "injected"))
        assert broken(found(story, "shows stale", shows=["stale"])) == ["page a never showed 'stale'; it should have"]
        assert (
            found(story.looks(3.0, connection="live", stale="stale"), "shows stale", shows=["stale"]).outcome == "held"
        )

    def test_one_was_never_shown(self) -> None:
        story = fallen_back().looks(0.5, connection="connecting", stale="offline").add(StepTaken(1.5, "injected"))
        assert found(story, "never shows offline", never_shows=["offline"]).outcome == "held"
        story.looks(5.5, connection="live", stale="offline")
        assert broken(found(story, "never shows offline", never_shows=["offline"])) == [
            "page a shows 'offline'; it never should"
        ]

    def test_a_text_is_hidden(self) -> None:
        story = fallen_back().looks(5.0, text="NaN:NaN", connection="live", stale="fresh")
        assert broken(found(story, "hides NaN", hides=["NaN"])) == ["page a shows 'NaN'; it never should"]
        assert found(story, "hides undefined", hides=["undefined"]).outcome == "held"


class TestCommands:
    def test_the_last_one_of_each_page_ends_so(self) -> None:
        story = fallen_back().looks(7.0, connection="live", stale="fresh", command="failed")
        assert broken(found(story, "commands", commands="done")) == [
            "page a says in the end that its last command is failed; done is right"
        ]
        assert found(story, "commands", commands="failed").outcome == "held"

    def test_where_none_is_shown_there_is_nothing_to_say(self) -> None:
        assert found(fallen_back(), "commands", commands="done").outcome == "undecided"


def test_what_is_shown_cannot_be_expected_of_a_page_that_nobody_can_read() -> None:
    (check,) = checks_of(Expect())
    assert check.needs == {"display"}
