"""What is said of one scenario."""

from dataclasses import replace

from proxy_addons.harness.gate.comparing import Played, Side, compare
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.harness.gate.recovery import Recovery
from proxy_addons.harness.gate.rule import MOST

FIGURES = Figures(recoveries=2, attempts=2, switches=0, waits_ms=100)
MORE = FIGURES.model_copy(update={"attempts": 3})


def run(excess_s: float = 0.1, figures: Figures = FIGURES) -> Played:
    return Played(figures, (excess_s, excess_s * 1.1), (excess_s + 0.05, excess_s * 1.1 + 0.05))


def side(*excess_s: float, figures: Figures = FIGURES) -> Side:
    return Side([run(each, figures) for each in excess_s])


def restless(steady: Side) -> Side:
    """The same, but each run with figures of its own."""
    return Side(
        [replace(each, figures=FIGURES.model_copy(update={"attempts": n})) for n, each in enumerate(steady.played)]
    )


STEADY = side(*[0.1] * MOST)
SLOW = side(*[0.15] * MOST)


def test_the_same_is_no_worse() -> None:
    result = compare("s", FIGURES, STEADY, STEADY)
    assert (result.answer, result.why, result.notes) == ("no worse", [], [])


def test_more_attempts_than_the_baseline_knows_are_worse() -> None:
    result = compare("s", FIGURES, side(0.1, figures=MORE))
    assert (result.answer, result.why) == ("worse", ["attempts 3 instead of 2"])


def test_fewer_are_not_but_the_baseline_should_learn_it() -> None:
    result = compare("s", MORE, side(0.1))
    assert result.answer == "no worse"
    assert result.notes == ["better than the baseline: attempts 2 instead of 3; --update makes that the rule"]


def test_where_the_baseline_knows_nothing_the_base_is_the_measure() -> None:
    result = compare("s", None, side(0.1, 0.1, figures=MORE), side(0.1, 0.1))
    assert (result.answer, result.why) == ("worse", ["attempts 3 instead of 2"])
    assert result.notes == ["the baseline does not know it; --update adds it"]


def test_excess_that_has_grown_is_worse_and_it_says_by_how_much() -> None:
    result = compare("s", FIGURES, SLOW, STEADY)
    assert result.answer == "worse"
    assert result.why == [
        f"excess +50% (median 105 ms at the base, 158 ms now; {MOST} runs each), +34% of the recovery",
    ]


def test_one_run_that_differs_from_most_spoils_nothing() -> None:
    mixed = Side([run(), run(), run(figures=MORE)])
    assert compare("s", FIGURES, mixed).answer == "no worse"


def test_figures_that_are_never_the_same_prove_nothing() -> None:
    result = compare("s", FIGURES, Side([run(), run(figures=MORE)]))
    assert (result.answer, result.wants_more) == ("inconclusive", True)
    assert result.why[0].startswith("its figures are not the same in most runs: ")


def test_yet_excess_that_has_grown_is_worse_whatever_the_figures() -> None:
    result = compare("s", FIGURES, restless(SLOW), STEADY)
    assert (result.answer, len(result.why)) == ("worse", 1)
    assert result.why[0].startswith("excess +50%")
    assert result.notes[-1].startswith("its figures are not the same in most runs: ")


def test_and_excess_that_has_not_does_not_make_up_for_them() -> None:
    result = compare("s", FIGURES, restless(STEADY), STEADY)
    assert result.answer == "inconclusive"
    assert len(result.why) == 1
    assert result.why[0].startswith("its figures are not the same in most runs: ")


def test_a_scenario_without_a_recovery_proves_nothing() -> None:
    none = FIGURES.model_copy(update={"recoveries": 0})
    result = compare("s", None, side(0.1, figures=none))
    assert (result.answer, result.why) == ("inconclusive", ["nothing was lost and found again in it"])


def test_recoveries_that_there_were_once_and_are_no_more_are_worse() -> None:
    gone = Played(Figures(recoveries=0, attempts=0, switches=0, waits_ms=0), (), ())
    assert compare("s", FIGURES, Side([gone])).answer == "worse"


def test_an_app_that_fails_in_most_runs_is_worse() -> None:
    result = compare("s", FIGURES, Side([run()], ["S1: wrong", "S1: wrong"]), STEADY)
    assert (result.answer, result.why) == ("worse", ["it fails: S1: wrong"])


def test_unless_its_base_does_so_too() -> None:
    failing = Side([], ["S1: wrong"])
    assert compare("s", FIGURES, failing, failing).answer == "inconclusive"


def test_a_machine_too_busy_to_see_anything_proves_nothing() -> None:
    rest = [0.1, 0.9] * (MOST // 2)
    noisy, noisier = side(*rest), side(*[each * 1.1 for each in reversed(rest)])
    result = compare("s", FIGURES, noisier, noisy)
    assert result.answer == "inconclusive"
    assert "this machine is too busy to see less than" in result.why[0]


def test_of_a_client_that_does_not_say_its_waits_it_is_said_that_they_count() -> None:
    silent = FIGURES.model_copy(update={"waits_ms": None})
    result = compare("s", silent, side(0.1, figures=silent), side(0.1, figures=silent))
    assert result.notes == ["it does not say what it waits on purpose, so that is part of what counts as excess"]


def test_what_is_compared_of_a_run_comes_of_its_recoveries() -> None:
    recovery = Recovery("page", 1.0, 2.0, attempts=1, switches=0, waits_ms=(300.0,), served_s=0.25)
    played = Played.of([recovery])
    assert (played.figures.waits_ms, played.excess_s, played.duration_s) == (300, (0.75,), (1.0,))
