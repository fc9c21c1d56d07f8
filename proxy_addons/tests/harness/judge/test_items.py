"""What a page's list of events holds."""

from proxy_addons.harness.judge.items import is_of, missing_from, texts_of
from proxy_addons.records import TruthTold
from proxy_addons.tests.harness.judge.stories import Story


def told(*texts: str | None) -> list[TruthTold]:
    story = Story()
    for seq, text in enumerate(texts, 1):
        story.truth(float(seq), seq, text=text)
    return [each for _, each in story.run().truth]


def test_an_entry_ends_with_the_text_of_its_event() -> None:
    assert is_of("12:00:01a  goal", "a goal")
    assert not is_of("12:00:01 a goal was missed", "a goal")


def test_counts_the_texts_of_events_that_have_one() -> None:
    assert texts_of(told("a goal", None, "", "a goal", "half time")) == {"a goal": 2, "half time": 1}


def test_nothing_is_missing_where_each_text_is_there_as_often_as_it_came() -> None:
    assert missing_from(["2 goal", "1 a goal", "0 goal"], texts_of(told("goal", "a goal", "goal"))) == []


def test_a_text_that_came_twice_and_is_listed_once_is_missing() -> None:
    assert missing_from(["1 goal"], texts_of(told("goal", "goal"))) == ["goal"]


def test_an_entry_stands_for_one_event_only() -> None:
    assert missing_from(["1 a goal"], texts_of(told("goal", "a goal"))) == ["goal"]
