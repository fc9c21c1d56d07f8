import pytest

from proxy_addons.harness.judge.checks.s21_resources import CHECK
from proxy_addons.records import PageMeasured
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

WHY = "no page was measured after 20 and after 40 losses of its connection"


def worn(cycles: int = 40, listeners: int = 0, heap_bytes: int = 0, functions: int = 0) -> Story:
    """A page that loses its connection once a second, and is measured after every ten losses; so much more at last."""
    story = Story().opens(0.0).looks(0.5)
    for number in range(cycles):
        story.websocket(float(number)).says(number + 0.1, snapshot(1)).ends(number + 0.5, "rst", "rule")
        if (number + 1) % 10 == 0:
            more = number + 1 == cycles
            heap = 9_000_000 + heap_bytes * more
            story.add(PageMeasured(number + 0.9, "a", 20 + listeners * more, 500, heap, 300 + functions * more))
    return story


def test_a_page_that_uses_no_more_than_before_is_right() -> None:
    assert texts(CHECK, worn(listeners=2, heap_bytes=1_900_000, functions=19)) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"listeners": 3}, "20 listeners after 20 losses of its connection and 23 after 40; at most 2 more are right"),
        ({"functions": 20}, "300 functions after 20 losses of its connection and 320 after 40; at most 19 more"),
        ({"heap_bytes": 3_000_000}, "9000000 bytes of heap after 20 losses of its connection and 12000000 after 40"),
    ],
)
def test_a_page_that_uses_more_is_wrong(more: dict[str, int], words: str) -> None:
    (difference,) = found(CHECK, worn(**more))

    assert words in difference.text


def test_channels_that_stay_open_are_wrong() -> None:
    story = worn()
    for t in (25.0, 30.0, 35.0):
        story.websocket(t + 0.05)

    assert "had 0 open channels after 20 losses of its connection and 3 after 40" in texts(CHECK, story)[0]


def test_few_losses_show_nothing() -> None:
    assert undecided(CHECK, worn(30)) == WHY
    assert undecided(CHECK, healthy()) == WHY
