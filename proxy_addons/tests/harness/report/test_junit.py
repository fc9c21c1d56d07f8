"""What a JUnit file says of a test beyond its verdict."""

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.found import Break, Found
from proxy_addons.harness.report.junit import properties
from proxy_addons.harness.report.outcome import Outcome


def test_says_how_to_see_it_again_and_where_the_evidence_lies() -> None:
    told = properties(
        Outcome("t", "failed", 1, receipts=["a"], folder="f", screenshot="f/x.png", trace="f/t.zip", seed=0)
    )
    assert told == [
        ("brownout.verdict", "failed"),
        ("brownout.seed", 0),
        ("brownout.replay", "pytest 't'"),
        ("brownout.faults_fired", 1),
        ("brownout.history", "f/history.jsonl"),
        ("brownout.screenshot", "f/x.png"),
        ("brownout.trace", "f/t.zip"),
    ]


def test_leaves_out_what_is_not_there() -> None:
    names = [name for name, _ in properties(Outcome("t", "passed", 1))]
    assert names == ["brownout.verdict", "brownout.replay", "brownout.faults_fired"]


def test_says_what_each_check_came_to_and_the_figures() -> None:
    findings = [
        Found("S1", "held"),
        Found("S2", "broken", "", [Break(0, "late", 0, 0, [])]),
        Found("L7", "undecided", "x"),
    ]
    told = dict(properties(Outcome("t", "failed", 1, findings=findings, figures=Figures([(0, True)], [], [], []))))
    assert told["brownout.check.S1"] == "held"
    assert told["brownout.check.S2"] == "broken: late"
    assert told["brownout.check.L7"] == "undecided: x"
    assert told["brownout.eventsource_success_rate"] == "1.00"
