"""The checks see what is wrong: each mutant of the reference client is caught by the check that it names.

A mutant that is not caught any more, or whose edit has nothing to apply to, is a test that fails: either the client has
changed, and the edit must follow, or a check has gone blind.
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.guide import REFERENCE
from e2e.mutant import REFERENCE_APP, Edit, Mutant, app_with, apply, as_markdown, load_mutant, mutants
from e2e.nightly import nightly
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.runner import run
from proxy_addons.harness.scenario import find_scenario, shipped

DOCUMENT = Path(__file__).parents[1] / "docs" / "mutants.md"
ALWAYS = ("duplicate-applied", "unchecked-json")
"""Quick ones: they show in each run that what plays them works."""


@pytest.mark.parametrize("name", mutants())
def test_a_mutant_says_what_is_wrong_and_who_must_see_it(name: str, tmp_path: Path) -> None:
    # given the reference client as it is
    mutant, app = load_mutant(name), tmp_path / "reference_app"
    shutil.copytree(REFERENCE_APP / "client", app / "client")
    # then each edit applies to it, exactly once
    apply(mutant, app)
    # and there is the scenario that shows it, and the check that says so
    assert mutant.scenario in shipped()
    assert mutant.caught_by in {check.id for check in CHECKS}


@pytest.mark.parametrize("there", ["nothing", "twice twice"])
def test_an_edit_that_does_not_apply_exactly_once_is_refused(there: str, tmp_path: Path) -> None:
    (tmp_path / "client.js").write_text(there, encoding="utf-8")
    edit = Edit(file="client.js", old="twice", new="once")
    mutant = Mutant(name="odd", wrong="all", scenario="none", caught_by="S1", edits=(edit,))
    with pytest.raises(ValueError, match=r"odd: client.js has 'twice' [02] times; once would be right"):
        apply(mutant, tmp_path)


@pytest.mark.usefixtures("_carrier")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in ALWAYS else [nightly(10)]) for name in mutants()]
)
def test_a_mutant_is_caught(name: str, browser: Browser) -> None:
    # given the reference app with one thing wrong
    mutant = load_mutant(name)
    with app_with(mutant) as app:
        # when its page goes through the scenario
        ruling = run(find_scenario(mutant.scenario), app, REFERENCE, browser)
    # then the check that is made for it says so
    broken = [finding for finding in ruling.findings if finding.outcome == "broken"]
    titles = {check.id: check.title for check in ruling.checks}
    assert ruling.verdict == "failed"
    assert mutant.caught_by in {finding.check for finding in broken}, as_text(broken, ruling.run, titles)


def test_the_mutants_that_are_always_played_are_there() -> None:
    assert set(ALWAYS) <= set(mutants())


def test_the_document_lists_them_as_they_are() -> None:
    """To mend it: `python -m e2e.mutant > docs/mutants.md`."""
    assert DOCUMENT.read_text(encoding="utf-8") == as_markdown(map(load_mutant, mutants()))
