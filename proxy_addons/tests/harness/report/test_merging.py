"""One report of several."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from proxy_addons.harness.report.merging import merge
from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.harness.report.results import save_report


def part(folder: Path, name: str, verdict: Verdict = "passed") -> Path:
    """The report of one machine, which played one test."""
    outcome = Outcome(name, verdict, 1.0, name, folder=f"runs/run-{name}/{name}")
    outcome.save(folder / outcome.folder / "outcome.json")
    (folder / outcome.history).write_text("{}\n")
    save_report([outcome], folder)
    (folder / "junit.xml").write_text(
        f'<testsuites><testsuite tests="1"><testcase name="{name}"/></testsuite></testsuites>'
    )
    return folder


def test_has_the_stories_of_all_parts_with_their_records(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    found = merge([part(tmp_path / "1", "a"), part(tmp_path / "2", "b", "failed")], whole)
    assert [(each.test, each.verdict) for each in found] == [("a", "passed"), ("b", "failed")]
    assert [each.test for each in found if not (whole / each.history).is_file()] == []
    assert json.loads((whole / "results.json").read_text())["summary"].startswith("2 stories: 1 failed, 1 passed")
    assert "2 stories" in (whole / "index.html").read_text()


def test_has_one_junit_file_of_theirs(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    merge([part(tmp_path / "1", "a"), part(tmp_path / "2", "b")], whole)
    cases = ElementTree.parse(whole / "junit.xml").getroot().iter("testcase")
    assert [case.get("name") for case in cases] == ["a", "b"]


def test_the_parts_stay_as_they_are(tmp_path: Path) -> None:
    one = part(tmp_path / "1", "a")
    before = sorted(one.rglob("*"))
    merge([one], tmp_path / "whole")
    assert sorted(one.rglob("*")) == before


def test_a_part_without_junit_is_none_the_worse(tmp_path: Path) -> None:
    one = part(tmp_path / "1", "a")
    (one / "junit.xml").unlink()
    merge([one], tmp_path / "whole")
    assert not (tmp_path / "whole" / "junit.xml").exists()


def test_a_folder_that_is_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    with pytest.raises(ValueError, match="1: is no report"):
        merge([tmp_path / "1"], tmp_path / "whole")


def test_a_junit_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    one = part(tmp_path / "1", "a")
    (one / "junit.xml").write_text("<testsuites><tests")
    with pytest.raises(ValueError, match=r"junit\.xml: is no XML"):
        merge([one], tmp_path / "whole")
