"""In which order runs are played, and when it is enough."""

from collections.abc import Callable
from typing import cast

import pytest

from proxy_addons.harness.gate import playing
from proxy_addons.harness.gate.comparing import Played
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.harness.gate.playing import Series, contest, exactly
from proxy_addons.harness.gate.rule import FEW, MOST
from proxy_addons.harness.runner import Ruling

FIGURES = Figures(recoveries=1, attempts=1, switches=0, waits_ms=10)
MORE = FIGURES.model_copy(update={"attempts": 2})


class Run:
    """A ruling, as far as it is looked at."""

    def __init__(self, excess_s: float, figures: Figures = FIGURES, why: str = "") -> None:
        self.verdict = "failed" if why else "passed"
        self.why = why
        self.played = Played(figures, (excess_s,), (excess_s + 0.01,))


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "played", lambda run: run.played)


class Stand:
    """Plays runs of two apps and notes in which order."""

    def __init__(self) -> None:
        self.order = ""

    def app(self, name: str, *runs: Run) -> Callable[[], Ruling]:
        ready = iter(runs * MOST)

        def play() -> Ruling:
            self.order += name
            return cast(Ruling, next(ready))

        return play


def test_the_two_take_turns_and_who_begins_does_too() -> None:
    stand = Stand()
    contest("s", FIGURES, stand.app("n", Run(0.1)), stand.app("b", Run(0.1)))
    assert stand.order == "bnnbbn"
    assert len(stand.order) == 2 * FEW


def test_what_looks_slower_is_played_more_often() -> None:
    stand = Stand()
    shown = contest("s", FIGURES, stand.app("n", Run(0.2)), stand.app("b", Run(0.1)))
    assert len(stand.order) == 2 * MOST
    assert shown.result.answer == "worse"


def unlike(*attempts: int) -> list[Run]:
    return [Run(0.1, FIGURES.model_copy(update={"attempts": each})) for each in attempts]


def test_runs_of_which_no_two_are_alike_are_played_more_often() -> None:
    # given a busy machine, on which each of the first runs goes another way, and then most go the same
    stand = Stand()
    runs = unlike(3, 2, 4, 1, 1, 1, 1, 1, 1, 1)
    # when it is compared
    shown = contest("s", FIGURES, stand.app("n", *runs), stand.app("b", Run(0.1)))
    # then the many decide
    assert len(stand.order) == 2 * MOST
    assert (shown.result.answer, shown.result.figures) == ("no worse", FIGURES)


def test_and_say_nothing_where_many_are_not_alike_either() -> None:
    runs = unlike(*range(1, MOST + 1))
    assert contest("s", FIGURES, Stand().app("n", *runs), Stand().app("b", Run(0.1))).result.answer == "inconclusive"


def test_what_fails_is_not_played_more_often() -> None:
    stand = Stand()
    contest("s", FIGURES, stand.app("n", Run(0.1, why="S1: wrong")), stand.app("b", Run(0.1)))
    assert len(stand.order) == 2 * FEW


def test_without_a_base_a_few_runs_are_enough() -> None:
    stand = Stand()
    assert contest("s", FIGURES, stand.app("n", Run(0.1)), None).result.answer == "no worse"
    assert stand.order == "n" * FEW


def test_a_run_that_was_not_passed_is_told_of() -> None:
    stand = Stand()
    shown = contest("s", FIGURES, stand.app("n", Run(0.1), Run(0.1), Run(0.1, why="S1: wrong\nmore")), None)
    assert shown.result.notes == ["1 of its runs not passed, such as: S1: wrong"]


def test_the_run_that_is_shown_is_the_one_in_the_middle() -> None:
    rulings = [cast(Ruling, Run(each)) for each in (0.3, 0.1, 0.2)]
    assert Series(Stand().app("n"), rulings).typical is rulings[2]


def test_one_run_with_the_right_figures_is_enough() -> None:
    stand = Stand()
    assert exactly("s", FIGURES, cast(Ruling, Run(0.1)), stand.app("n")).answer == "no worse"
    assert stand.order == ""


def test_one_that_looks_worse_is_outvoted_by_two_that_do_not() -> None:
    stand = Stand()
    assert exactly("s", FIGURES, cast(Ruling, Run(0.1, MORE)), stand.app("n", Run(0.1))).answer == "no worse"
    assert stand.order == "nn"


def test_where_no_two_are_alike_many_decide() -> None:
    stand = Stand()
    again = unlike(3, 4, 1, 1, 1, 1, 1, 1, 1)
    assert exactly("s", FIGURES, cast(Ruling, Run(0.1, MORE)), stand.app("n", *again)).answer == "no worse"
    assert stand.order == "n" * (MOST - 1)


def test_and_confirmed_by_two_that_do() -> None:
    assert exactly("s", FIGURES, cast(Ruling, Run(0.1, MORE)), Stand().app("n", Run(0.1, MORE))).answer == "worse"
