"""Random schedules: what each seed gives, and what they are like together."""

from collections import Counter

import pytest

from proxy_addons.faults import FAULTS
from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.schedules import schedule
from proxy_addons.harness.steps import HandlePage

SEEDS = range(400)


@pytest.fixture(scope="module")
def schedules() -> list[Scenario]:
    return [schedule(seed, happenings=("note", "score"), deeds=("note", "press")) for seed in SEEDS]


def test_a_seed_gives_one_schedule(schedules: list[Scenario]) -> None:
    again = [schedule(seed, happenings=("note", "score"), deeds=("note", "press")) for seed in range(20)]
    assert again == schedules[:20]
    assert len({repr((each.rules, each.steps)) for each in schedules}) == len(schedules)


def test_two_or_three_things_go_wrong(schedules: list[Scenario]) -> None:
    assert {len(each.rules) for each in schedules} == {2, 3}


def test_every_kind_of_fault_is_met(schedules: list[Scenario]) -> None:
    assert {rule.fault.kind for each in schedules for rule in each.rules} == set(FAULTS)


def test_faults_come_at_all_kinds_of_moments(schedules: list[Scenario]) -> None:
    rules = [rule for each in schedules for rule in each.rules]
    assert any(rule.when.after for rule in rules)
    assert any(rule.when.page and rule.when.page.state == "connecting" for rule in rules)
    assert any(rule.when.after_ms and not rule.when.after for rule in rules)
    assert any(len(each.at_once) < len(each.rules) for each in schedules)


def test_pages_begin_over_each_transport(schedules: list[Scenario]) -> None:
    assert set(Counter(each.given.transport for each in schedules)) == {None, "eventsource", "polling"}


def test_everything_is_lifted_in_the_end_and_the_page_must_be_live_then(schedules: list[Scenario]) -> None:
    assert all(set(each.healed) == {rule.id for rule in each.rules} for each in schedules)
    assert {each.expect.ends for each in schedules} == {"live"}


@pytest.mark.parametrize(("begin", "end"), [("hide", "show"), ("offline", "online")])
def test_what_is_done_to_a_page_is_undone(schedules: list[Scenario], begin: str, end: str) -> None:
    done = [[str(step.do) for step in each.steps if isinstance(step, HandlePage)] for each in schedules]
    assert any(begin in names for names in done)
    assert all(names.count(begin) == names.count(end) for names in done)


def test_only_what_the_subject_offers_is_asked_of_it(schedules: list[Scenario]) -> None:
    assert set().union(*(each.happenings for each in schedules)) == {"note", "score"}
    assert set().union(*(each.deeds for each in schedules)) == {"note", "press"}
