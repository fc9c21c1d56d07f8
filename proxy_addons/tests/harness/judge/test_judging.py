"""Asks every check about a run, and says what follows."""

import re
from pathlib import Path

import pytest

from proxy_addons.harness.judge import checks
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Check, Difference, Finding, Limits, Outcome, Undecided
from proxy_addons.harness.judge.judging import judge, verdict_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.tests.harness.judge.stories import Story, healthy


def holds(_run: Run, _limits: Limits) -> list[Difference]:
    return []


def breaks(_run: Run, _limits: Limits) -> list[Difference]:
    return [Difference(2.0, "second", 0, 1), Difference(1.0, "first", 0, 0)]


def cannot_tell(_run: Run, _limits: Limits) -> list[Difference]:
    raise Undecided("nothing was at risk")


def throws(_run: Run, _limits: Limits) -> list[Difference]:
    raise ZeroDivisionError("by none")


class TestAsking:
    def test_each_check_has_its_finding_in_their_order(self) -> None:
        asked = [Check("S1", "", breaks), Check("S2", "", holds), Check("L1", "", cannot_tell)]
        findings = judge(Story().looks(1.0).run(), Limits(), asked)
        assert [(each.check, each.outcome) for each in findings] == [
            ("S1", "broken"),
            ("S2", "held"),
            ("L1", "undecided"),
        ]
        assert findings[2].why == "nothing was at risk"

    def test_differences_come_in_order_of_time(self) -> None:
        (finding,) = judge(Story().looks(1.0).run(), Limits(), [Check("S1", "", breaks)])
        assert [each.text for each in finding.differences] == ["first", "second"]

    def test_a_check_without_its_evidence_is_not_asked_and_says_what_is_missing(self) -> None:
        run = Story(offers=frozenset({"display"})).run()
        asked = [Check("S1", "", throws, frozenset({"truth", "display", "cursor"})), Check("S2", "", holds)]
        first, second = judge(run, Limits(), asked)
        assert (first.outcome, first.why) == ("not applicable", "the subject does not offer cursor and truth")
        assert second.outcome == "held"

    def test_a_check_that_throws_is_reported_and_hides_no_other(self) -> None:
        first, second = judge(Story().run(), Limits(), [Check("S1", "", throws), Check("S2", "", breaks)])
        assert (first.outcome, first.why) == ("crashed", "ZeroDivisionError: by none")
        assert "in throws" in str(first.details["traceback"])
        assert second.outcome == "broken"


class TestVerdict:
    @pytest.mark.parametrize(
        ("outcomes", "verdict"),
        [
            ([], "passed"),
            (["held", "not applicable", "undecided"], "passed"),
            (["held", "broken"], "failed"),
            (["held", "crashed"], "inconclusive"),
            (["crashed", "broken"], "failed"),
        ],
    )
    def test_follows_from_the_findings(self, outcomes: list[Outcome], verdict: str) -> None:
        assert verdict_of([Finding("S1", outcome) for outcome in outcomes], doubts=[]) == verdict

    def test_a_doubt_about_the_run_makes_it_inconclusive_unless_something_is_broken(self) -> None:
        doubts = ["rule r1 never fired"]
        assert verdict_of([Finding("S1", "held")], doubts) == "inconclusive"
        assert verdict_of([Finding("S1", "broken")], doubts) == "failed"


class TestAllChecks:
    def test_are_those_of_safety_and_then_those_of_liveness(self) -> None:
        wanted = [f"S{n}" for n in range(1, 26)] + [f"L{n}" for n in range(1, 13)]
        assert [check.id for check in CHECKS] == wanted

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
    def test_each_stands_in_the_file_of_its_number_and_says_first_what_it_says(self, check: Check) -> None:
        letter, number = check.id[0].lower(), int(check.id[1:])
        (file,) = Path(checks.__path__[0]).glob(f"{letter}{number:02}_*.py")
        assert re.match(rf'"""{check.id}[:,] \w', file.read_text(encoding="utf-8"))
        assert check.title

    @pytest.mark.parametrize("clients", [("a",), ("a", "b", "c")], ids=["one page", "three pages"])
    def test_none_objects_to_a_healthy_run(self, clients: tuple[str, ...]) -> None:
        findings = judge(healthy(120.0, clients).run(), Limits())
        objections = [
            (each.check, each.why, *(difference.text for difference in each.differences))
            for each in findings
            if each.outcome not in ("held", "undecided")
        ]
        assert objections == []
        assert verdict_of(findings) == "passed"

    def test_none_throws_at_a_run_in_which_nothing_happened(self) -> None:
        assert {each.outcome for each in judge(Story().run(), Limits())} <= {"held", "undecided"}

    def test_a_foreign_page_is_judged_by_those_that_the_wire_suffices_for(self) -> None:
        findings = judge(healthy(offers=frozenset()).run(), Limits())
        asked = {each.check for each in findings if each.outcome != "not applicable"}
        assert {"L4", "L9"} <= asked
        assert not {"S1", "L1", "L6"} & asked
        assert verdict_of(findings) == "passed"
