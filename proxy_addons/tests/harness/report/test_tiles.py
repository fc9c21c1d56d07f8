"""Figures as numbers with small charts."""

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.tiles import overview, tiles

LIVELY = Figures([(1, True), (2, False)], [3.0, 4.0], [(5.0, "websocket rst")], [(6.0, 10.0), (7.0, 30.0)])
QUIET = Figures([], [], [], [])


def test_says_each_figure_of_a_run() -> None:
    assert [(tile.value, tile.note) for tile in tiles(LIVELY)] == [
        ("50%", "1 of 2 attempts"),
        ("2", "in the place of a lost connection"),
        ("1", "websocket rst"),
        ("20 ms", "median of 2; slowest 30 ms"),
    ]


def test_says_that_there_was_nothing() -> None:
    assert [(tile.value, tile.note) for tile in tiles(QUIET)] == [
        ("none", "no attempts"),
        ("0", "in the place of a lost connection"),
        ("0", "none"),
        ("none", "no updates seen"),
    ]


def test_draws_a_run_over_its_time() -> None:
    assert [tile.points for tile in tiles(LIVELY)] == [
        [(1, 1.0), (2, 0.0)],
        [(3.0, 1.0), (4.0, 2.0)],
        [(5.0, 1.0)],
        [(6.0, 10.0), (7.0, 30.0)],
    ]


def test_draws_many_runs_as_a_bar_each_and_none_for_what_was_not_measured() -> None:
    shown = overview([QUIET, LIVELY])
    assert {tile.chart for tile in shown} == {"bars"}
    assert [tile.points for tile in shown] == [[(1, 0.5)], [(0, 0), (1, 2)], [(0, 0), (1, 1)], [(1, 20.0)]]


def test_names_some_of_many_kinds_of_error() -> None:
    errors = [(float(number), f"kind {number}") for number in range(5)]
    assert tiles(Figures([], [], errors, []))[2].note == "kind 0, kind 1, kind 2, …"
