"""A scenario that breaks something is made smaller while it still does."""

from proxy_addons.harness.scenario import Scenario, parse_scenario
from proxy_addons.harness.shrinking import candidates, shrunk

TEXT = """
title = "t"
why = "w"
may_miss = ["first", "second"]

[[rules]]
id = "first"
fault = { kind = "websocket.abort" }

[[rules]]
id = "second"
when = { after = "first" }
fault = { kind = "request.respond" }

[[rules]]
id = "third"
fault = { kind = "websocket.drop" }

[[steps]]
do = "offline"

[[steps]]
do = "event"

[[steps]]
do = "online"

[[steps]]
do = "inject"
rules = ["second", "third"]

[[steps]]
do = "wait"
fired = "first"

[heal]
rules = ["first", "second", "third"]
"""
SCENARIO = parse_scenario(TEXT)


def rules(scenario: Scenario) -> list[str]:
    return [rule.id for rule in scenario.rules]


def steps(scenario: Scenario) -> list[str]:
    return [step.do for step in scenario.steps]


def test_what_does_not_matter_goes() -> None:
    # given something that takes two rules and an event
    def breaks(scenario: Scenario) -> bool:
        return {"second", "third"} <= set(rules(scenario)) and "event" in steps(scenario)

    # when it is made smaller
    smaller = shrunk(SCENARIO, breaks, most=100)

    # then nothing else is left
    assert (rules(smaller), steps(smaller)) == (["second", "third"], ["event"])


def test_a_rule_goes_with_all_that_names_it() -> None:
    without_first = next(candidates(SCENARIO))
    assert rules(without_first) == ["second", "third"]
    assert without_first.rules[0].when.after is None
    assert (without_first.may_miss, without_first.heal.rules) == (("second",), ("second", "third"))
    assert "wait" not in steps(without_first)


def test_a_page_that_goes_offline_comes_online_again() -> None:
    assert all(steps(each).count("offline") == steps(each).count("online") for each in candidates(SCENARIO))
    assert any("offline" not in steps(each) for each in candidates(SCENARIO))


def test_it_is_not_asked_more_often_than_wanted() -> None:
    asked: list[Scenario] = []

    def breaks(scenario: Scenario) -> bool:
        asked.append(scenario)
        return True

    shrunk(SCENARIO, breaks, most=3)
    assert len(asked) == 3


def test_what_breaks_only_as_a_whole_stays_whole() -> None:
    assert shrunk(SCENARIO, lambda _: False, most=100) is SCENARIO
