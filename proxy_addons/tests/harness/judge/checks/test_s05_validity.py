"""S5: only what is valid is shown."""

from typing import Any

import pytest

from proxy_addons.harness.judge.checks.s05_validity import CHECK
from proxy_addons.tests.harness.judge.stories import Story, texts, undecided


def test_holds_where_all_values_are_the_server_s() -> None:
    story = Story().truth(0.0, 1, home=1).truth(5.0, 2, "paused", phase="paused", home=1, round=2)
    story.looks(6.0, epoch="e", seq=2, state="paused", home=1, round=2, text="Nothing here is nullified")
    assert texts(CHECK, story) == []


def test_holds_before_the_first_event() -> None:
    story = Story().truth(9.0, 1).looks(1.0, epoch="e", seq=0, state="idle", home=0, away=0, round=1)
    assert texts(CHECK, story) == []


def test_holds_where_a_page_says_by_itself_that_the_time_is_up() -> None:
    assert texts(CHECK, Story().truth(0.0, 1).looks(61.0, epoch="e", seq=1, state="expired")) == []


@pytest.mark.parametrize("defect", ["NaN", "undefined", "null", "Infinity", "[object Object]", "\ufffd"])
def test_tells_of_text_that_only_a_defect_writes(defect: str) -> None:
    (text,) = texts(CHECK, Story().looks(1.0, text=f"Time left: {defect} seconds"))
    assert repr(defect) in text


def test_looks_at_marks_and_entries_too() -> None:
    assert len(texts(CHECK, Story().looks(1.0, remaining="NaN:NaN"))) == 1
    assert len(texts(CHECK, Story().looks(1.0, items=["12:00 undefined"]))) == 1


def test_allows_text_that_somebody_meant() -> None:
    assert texts(CHECK, Story().truth(0.0, 1, text="null points").looks(1.0, text="Log: null points")) == []


def test_tells_of_what_a_corruption_planted() -> None:
    (text,) = texts(CHECK, Story().looks(1.0, items=["12:00 brownout-canary-0f3a9c21"]))
    assert "shows 'brownout-canary-0f3a9c21', which a rule planted" in text


@pytest.mark.parametrize("mark", [{"state": "paused"}, {"home": 7}, {"round": 3}])
def test_tells_of_a_value_that_the_server_never_had(mark: dict[str, Any]) -> None:
    (text,) = texts(CHECK, Story().truth(0.0, 1).looks(1.0, epoch="e", seq=1, **mark))
    assert "the server never had that up to then" in text


def test_tells_of_a_value_from_an_event_after_the_one_shown() -> None:
    story = Story().truth(0.0, 1, home=0).truth(5.0, 2, home=1)
    assert len(texts(CHECK, story.looks(6.0, epoch="e", seq=1, home=1))) == 1


def test_is_undecided_without_a_display() -> None:
    assert undecided(CHECK, Story().truth(0.0, 1)) is not None
