"""What a test leaves behind, and its name as a sentence."""

from pathlib import Path

import pytest

from proxy_addons.harness.report.outcome import Outcome, sentence


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
    outcome = Outcome("t", "inconclusive", 1.5, "Story", "why: ü", ["fired"], ["line"], "runs/t", "runs/t/failure.png")
    outcome.save(tmp_path / "deep" / "outcome.json")
    assert Outcome.load(tmp_path / "deep" / "outcome.json") == outcome
