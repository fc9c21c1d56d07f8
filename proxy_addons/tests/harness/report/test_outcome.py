"""What a test leaves behind, and its name as a sentence."""

from pathlib import Path

import pytest

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.found import Break, Found
from proxy_addons.harness.report.outcome import Outcome, sentence
from proxy_addons.harness.report.picture import Lane, Mark, Picture


@pytest.mark.parametrize(
    ("test", "story"),
    [
        ("e2e/test_quiet.py::test_stays_live", "Stays live"),
        ("e2e/test_quiet.py::TestQuiet::test_stays_live", "Stays live"),
        ("test_a.py::test_steps_down_when_cut[1012]", "Steps down when cut (1012)"),
        ("test_a.py::test_steps_down[fin-after 2]", "Steps down (fin-after 2)"),
        ("test_a.py::test_reads[a::b]", "Reads (a::b)"),
        ("test_a.py::test_reads[x[0]]", "Reads (x[0])"),
        ("test_a.py::test_reads[chromium]", "Reads"),
        ("test_a.py::test_reads[chromium-1012]", "Reads (1012)"),
    ],
)
def test_reads_a_test_s_name_as_a_sentence(test: str, story: str) -> None:
    assert sentence(test) == story


def test_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    outcome = Outcome(
        "t",
        "inconclusive",
        1.5,
        "Story",
        "why: ü",
        ["fired"],
        ["line"],
        "runs/t",
        "runs/t/failure.png",
        seed=7,
        findings=[Found("S1", "broken", "", [Break(1.0, "off", 0, 1, ["a"])])],
        picture=Picture(1.0, [Lane("server", [Mark(0.0, None, "truth", "x", 0)])], [], []),
        figures=Figures([(0.0, True)], [1.0], [(2.0, "x")], [(3.0, 4.0)]),
    )
    outcome.save(tmp_path / "deep" / "outcome.json")
    assert Outcome.load(tmp_path / "deep" / "outcome.json") == outcome


def test_is_run_again_by_its_own_command_or_else_by_its_name() -> None:
    assert Outcome("t[a b]", "passed", 1).command == "pytest 't[a b]'"
    assert Outcome("t", "passed", 1, replay="brownout run x").command == "brownout run x"


@pytest.mark.parametrize(
    ("reason", "headline"),
    [
        ("", ""),
        (
            "def test():\n>   assert x\nE   AssertionError: no x\nE     more\n\na.py:3: AssertionError",
            "AssertionError: no x",
        ),
        ("the browser died", "the browser died"),
    ],
)
def test_says_why_in_one_line(reason: str, headline: str) -> None:
    assert Outcome("t", "failed", 1, reason=reason).headline == headline


def test_says_first_what_a_check_found() -> None:
    broken = Found("S2", "broken", "", [Break(0, "was fresh", 0, 0, [])])
    assert Outcome("t", "failed", 1, reason="E  x", findings=[Found("S1", "held"), broken]).headline == "S2: was fresh"
