"""Marks find rows and room."""

from proxy_addons.harness.report.picture import Lane, Mark, rows, short, thin


def moment(t: float, style: str = "message") -> Mark:
    return Mark(t, None, style, "", 0)


def test_puts_spans_that_overlap_into_rows_of_their_own_and_takes_up_a_row_that_is_free() -> None:
    assert rows([(0, 10), (1, 3), (2, 4), (3, 5), (10, 11)]) == [0, 1, 2, 1, 0]


def test_puts_what_is_too_many_into_the_last_row() -> None:
    assert rows([(0, 9), (0, 9), (0, 9), (0, 9)], most=2) == [0, 1, 1, 1]


def test_leaves_nothing_out_while_there_is_room() -> None:
    lanes = [Lane("a", [moment(1), moment(2)])]
    assert thin(lanes, 2) == (lanes, 0)


def test_leaves_out_the_ordinary_first_and_evenly_over_time() -> None:
    lanes = [Lane("a", [moment(t) for t in range(100)]), Lane("b", [moment(50, "bad"), moment(51, "#ff0000")])]
    (messages, faults), left_out = thin(lanes, 12)
    assert [mark.t for mark in messages.marks] == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert len(faults.marks) == 2
    assert left_out == 90


def test_keeps_to_the_limit_where_nothing_is_ordinary() -> None:
    (lane,), left_out = thin([Lane("a", [moment(t, "bad") for t in range(10)] + [moment(99)])], 5)
    assert [mark.t for mark in lane.marks] == [0, 2, 4, 6, 8]
    assert left_out == 6


def test_keeps_what_is_said_of_an_empty_lane() -> None:
    (lane,), _ = thin([Lane("a", [], "not observed")], 5)
    assert lane.empty == "not observed"


def test_shortens_a_text_so_that_one_sees_it() -> None:
    assert short("abc", 3) == "abc"
    assert short("abcd", 3) == "ab…"
