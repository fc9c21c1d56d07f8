"""What GitHub Actions shows of a run."""

from pathlib import Path

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.found import Break, Found
from proxy_addons.harness.report.github import MOST_ROWS, annotations, publish, summary
from proxy_addons.harness.report.outcome import Outcome

BROKEN = Outcome(
    "e2e/test_a.py::test_x[1:2,3]",
    "failed",
    1,
    "Story, one: two",
    findings=[Found("S2", "broken", "", [Break(0, "fresh | for 100% *too* long\nindeed", 0, 0, [])])],
)
GREEN = Outcome("e2e/test_a.py::test_y", "passed", 1, "All is well", figures=Figures([(0, True)], [], [], []))


def test_keeps_quiet_outside_of_github() -> None:
    assert publish([BROKEN], {}) == []


def test_appends_its_summary_to_what_other_steps_wrote(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("earlier\n")
    publish([GREEN], {"GITHUB_STEP_SUMMARY": str(path)})
    assert path.read_text() == "earlier\n" + summary([GREEN])


def test_annotates_where_github_reads_it_and_only_what_is_not_green() -> None:
    assert publish([GREEN, BROKEN], {"GITHUB_ACTIONS": "true"}) == annotations([BROKEN])
    assert publish([GREEN], {"GITHUB_ACTIONS": "true"}) == []


def test_escapes_in_an_annotation_what_would_end_it() -> None:
    assert annotations([BROKEN]) == [
        "::error file=e2e/test_a.py,title=failed%3A Story%2C one%3A two::"
        "S2: fresh | for 100%25 *too* long%0Aindeed%0ARun it again: pytest 'e2e/test_a.py::test_x[1:2,3]'"
    ]


def test_says_what_is_not_green_why_and_how_to_see_it_again() -> None:
    text = summary([GREEN, BROKEN])
    assert text.startswith("### ❌ brownout: 2 stories: 1 failed, 1 passed; 0 faults fired.\n")
    assert r"| failed | Story, one: two | S2: fresh \| for 100% \*too\* long indeed | `pytest" in text
    assert "All is well" not in text


def test_says_the_four_figures() -> None:
    assert "| 100% (1 of 1 attempts) | 0 (in the place of a lost connection) | 0 (none) |" in summary([GREEN])


def test_is_green_when_all_is() -> None:
    assert summary([GREEN]).startswith("### ✅ brownout: 1 story: 1 passed")


def test_counts_what_has_no_room() -> None:
    text = summary([BROKEN] * (MOST_ROWS + 2))
    assert text.count("| failed |") == MOST_ROWS
    assert "and 2 more" in text
