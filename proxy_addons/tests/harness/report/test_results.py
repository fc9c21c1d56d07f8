"""The report's files."""

import json
from pathlib import Path

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.picture import Picture
from proxy_addons.harness.report.results import save_report


def test_writes_the_page_and_the_same_for_machines(tmp_path: Path) -> None:
    figures = Figures([], [1.0], [], [])
    outcome = Outcome(
        "t", "failed", 1, "Story", record=["x"], folder="f", seed=7, picture=Picture(1, [], [], []), figures=figures
    )
    page = save_report([outcome, Outcome("u", "passed", 1)], tmp_path / "report")
    results = json.loads((tmp_path / "report" / "results.json").read_text())
    assert page == tmp_path / "report" / "index.html"
    assert "<title>brownout: 2 stories: 1 failed, 1 passed" in page.read_text()
    assert results["summary"] == "2 stories: 1 failed, 1 passed; 0 faults fired."
    assert results["green"] is False
    (first, second) = results["outcomes"]
    assert (first["verdict"], first["seed"], first["replay"]) == ("failed", 7, "pytest 't'")
    assert (first["history"], first["figures"]["reconnections"]) == ("f/history.jsonl", "1")
    assert second["figures"] is None


def test_leaves_out_what_can_be_drawn_again(tmp_path: Path) -> None:
    save_report([Outcome("t", "passed", 1, record=["x"], picture=Picture(1, [], [], []))], tmp_path)
    (outcome,) = json.loads((tmp_path / "results.json").read_text())["outcomes"]
    assert not {"picture", "record"} & outcome.keys()
