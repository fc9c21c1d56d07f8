"""One report of the parts that several machines have played."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.results import save_report

JUNIT = "junit.xml"
"""Where a part keeps its JUnit file, if it has one: beside its index.html."""


def merge(parts: Sequence[Path], into: Path) -> list[Outcome]:
    """Copies what the tests of all parts left behind into one folder, and writes index.html, results.json and, where a
    part has one, junit.xml there; the parts stay as they are.

    Raises:
        ValueError: a part is no report; names it.
    """
    for part in parts:
        if not (part / "runs").is_dir() and not (part / JUNIT).is_file():
            raise ValueError(f"{part}: is no report: it has neither runs/ nor {JUNIT}")
    outcomes = [each for part in parts for each in _taken(part, into)]
    save_report(outcomes, into)
    suites = [suite for part in parts if (part / JUNIT).is_file() for suite in _suites(part / JUNIT)]
    if suites:
        whole = ElementTree.Element("testsuites")
        whole.extend(suites)
        ElementTree.ElementTree(whole).write(into / JUNIT, encoding="utf-8", xml_declaration=True)
    return outcomes


def _taken(part: Path, into: Path) -> list[Outcome]:
    found = sorted(part.glob("runs/*/*/outcome.json"))
    for path in found:
        shutil.copytree(path.parent, into / path.parent.relative_to(part), dirs_exist_ok=True)
    return [Outcome.load(path) for path in found]


def _suites(path: Path) -> list[ElementTree.Element]:
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise ValueError(f"{path}: is no XML: {error}") from error
    return [root] if root.tag == "testsuite" else list(root.iter("testsuite"))
