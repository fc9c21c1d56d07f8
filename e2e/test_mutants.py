"""The checks see what is wrong: each mutant of the reference app is caught.

A mutant that is not caught any more, or whose edit has nothing to apply to, is a test that fails: either the app has
changed, and the edit must follow, or a check has gone blind.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.hunt import MOST_PLACES, STEP_S, hunt, likeliest, rounded
from e2e.mutant import REFERENCE_APP, Edit, Mutant, copy_with, edited, in_order, load_mutant, mutants
from e2e.mutant_table import DOCUMENT, PROPERTY, as_markdown, as_text, described, row
from e2e.nightly import nightly
from e2e.spare import SPARE
from e2e.trial import Outcome, checks_at, places, put_through
from proxy_addons.harness.judge.checks import CHECKS

ALWAYS: dict[str, tuple[pytest.MarkDecorator, ...]] = {"unchecked-json": (), "duplicate-applied": (SPARE,)}
"""Quick ones: they show in each run that what plays them works."""
KNOWN = in_order([load_mutant(name) for name in mutants()])
SEEDED = [f"B{number:02}" for number in range(1, 47)]
"""The bugs of real clients that a gate must catch."""
OWN = 30
"""How many more there are at least."""


@pytest.fixture
def wrong() -> Callable[..., Mutant]:
    edit = Edit(file="client.js", old="twice", new="once")
    return partial(Mutant, name="odd", wrong="all", scenario="data/one", caught_by="S1", edits=(edit,))


# -- what there is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", KNOWN, ids=lambda mutant: mutant.name)
def test_a_mutant_says_what_is_wrong_and_who_must_see_it(mutant: Mutant) -> None:
    # given the reference app as it is, then each edit applies to it, exactly once
    assert edited(mutant, REFERENCE_APP)
    # and there is the scenario that shows it, and the check that says so
    assert mutant.scenario in places()
    assert mutant.caught_by in checks_at(mutant.scenario)


def test_each_known_bug_is_there_once() -> None:
    assert [mutant.seeded for mutant in KNOWN if mutant.seeded] == SEEDED


def test_there_are_enough_of_our_own() -> None:
    assert sum(mutant.seeded is None for mutant in KNOWN) >= OWN


def test_each_check_has_a_mutant_that_it_must_see() -> None:
    assert {check.id for check in CHECKS} <= {mutant.caught_by for mutant in KNOWN}


@pytest.mark.parametrize("there", ["nothing", "twice twice"])
def test_an_edit_that_does_not_apply_exactly_once_is_refused(
    there: str, tmp_path: Path, wrong: Callable[..., Mutant]
) -> None:
    (tmp_path / "client.js").write_text(there, encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd: client.js has 'twice' [02] times; once would be right"):
        edited(wrong(), tmp_path)


# -- how they are hunted --------------------------------------------------------------------------------------------


def test_its_own_scenario_comes_first_and_then_its_neighbours(wrong: Callable[..., Mutant]) -> None:
    there = ["azure/one", "data/another", "data/one", "stories/long"]
    assert [*likeliest(wrong(), there)] == ["data/one", "data/another", "azure/one"]


def test_the_hunt_for_one_that_nobody_catches_has_an_end(wrong: Callable[..., Mutant]) -> None:
    assert len([*likeliest(wrong(), [f"data/{number}" for number in range(99)])]) == MOST_PLACES


def test_the_first_catch_is_enough(wrong: Callable[..., Mutant]) -> None:
    # given a mutant that the second scenario shows, to another check than was thought
    outcomes = {"first": Outcome([], {}, "passed"), "second": Outcome(["S3", "S4"], {"S3": "Never back"}, "told")}
    # when it is hunted
    catch = hunt(wrong(), ["first", "second", "third"], outcomes.__getitem__)
    # then the third is not played, and the check that saw it is named
    assert (catch.place, catch.check, catch.title, catch.text) == ("second", "S3", "Never back", "told")


def test_the_check_that_was_made_for_it_is_named_before_others(wrong: Callable[..., Mutant]) -> None:
    outcome = Outcome(["S9", "S1"], {"S9": "Few", "S1": "Right"}, "told")
    assert hunt(wrong(), ["first"], lambda _: outcome).check == "S1"


def test_one_that_nobody_catches_is_named_so(wrong: Callable[..., Mutant]) -> None:
    catch = hunt(wrong(), ["first"], lambda _: Outcome([], {}, "passed"))
    assert (catch.caught, catch.text) == (False, "passed")
    assert "| nobody |" in row(wrong(), catch)
    assert "all: 0 of 1 caught" in as_text([wrong()], {"odd": catch})


@pytest.mark.usefixtures("_carrier")
@pytest.mark.parametrize(
    "mutant",
    [pytest.param(each, marks=ALWAYS.get(each.name, (nightly(10),)), id=each.name) for each in KNOWN],
)
def test_a_mutant_is_caught(mutant: Mutant, browser: Browser, record_property: Callable[[str, object], None]) -> None:
    # given the reference app with one thing wrong
    with copy_with(mutant) as root:
        # when its page goes through scenarios, until a check says so
        catch = hunt(mutant, likeliest(mutant, places()), lambda place: put_through(place, root, browser))
    record_property(PROPERTY, catch.model_dump_json())
    assert catch.caught, catch.text


def test_the_mutants_that_are_always_played_are_there() -> None:
    assert ALWAYS.keys() <= mutants().keys()


# -- what is written down -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "written"), [(0.1, STEP_S), (5.0, STEP_S), (5.1, 2 * STEP_S)])
def test_seconds_are_rounded_up(seconds: float, written: int) -> None:
    assert rounded(seconds) == written


def test_the_document_lists_them_as_they_are() -> None:
    """To mend it: `make mutants`. Who caught them and when is what that found, and not looked at here."""
    head, lines = as_markdown([], {}).splitlines(), DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert lines[: len(head)] == head
    assert [f"{line.rsplit(' | ', 2)[0].rpartition(' `')[0]}" for line in lines[len(head) :]] == [
        *map(described, KNOWN)
    ]


def test_the_document_names_nobody_who_was_not_caught() -> None:
    assert "| nobody |" not in DOCUMENT.read_text(encoding="utf-8")
