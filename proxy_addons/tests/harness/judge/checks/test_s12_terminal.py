import pytest

from proxy_addons.harness.judge.checks.s12_terminal import CHECK
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided


def told_to_go(code: int = 4401) -> Story:
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1)).ends(10.0, "close", "rule", code)
    return story.looks(0.3, connection="live").step(60.0, "over")


def test_a_client_that_stays_away_and_says_so_is_right() -> None:
    assert texts(CHECK, told_to_go().looks(10.1, connection="terminal").looks(20.0, connection="terminal")) == []


@pytest.mark.parametrize("purpose", ["live", "probe", "check"])
def test_any_later_request_is_wrong(purpose: str) -> None:
    story = told_to_go().looks(10.1, connection="terminal")
    story.refused(14.0, "http" if purpose == "check" else "websocket", purpose=purpose)

    (difference,) = found(CHECK, story)

    assert "client a made 1 more requests" in difference.text
    assert difference.text.endswith("4.000 s after its websocket was closed with 4401; none is right")


def test_what_was_under_way_is_granted() -> None:
    story = told_to_go().looks(10.1, connection="terminal")
    story.refused(10.3, "http", purpose="check")

    assert texts(CHECK, story) == []


def test_a_page_that_does_not_speak_of_it_is_wrong() -> None:
    (text,) = texts(CHECK, told_to_go().looks(12.0, connection="connecting"))

    assert text == (
        "page a showed its connection as 'connecting' 2.000 s after it was closed with 4401; it should say that it "
        "has given up"
    )


def test_a_page_that_has_given_up_by_itself_asks_for_nothing() -> None:
    story = Story().opens(0.0)
    story.websocket(0.1).says(0.2, snapshot(1)).ends(5.0)
    story.looks(5.0, connection="terminal").looks(20.0, connection="terminal")
    story.refused(9.0)

    assert "4.000 s after its page said that it had given up" in texts(CHECK, story)[0]


def test_a_late_word_on_a_connection_that_was_replaced_means_nothing() -> None:
    story = Story()
    story.websocket(0.1).says(0.2, snapshot(1)).ends(10.0, "close", "rule", 4401)
    story.websocket(5.0).says(5.1, snapshot(1))
    story.websocket(20.0).says(20.1, snapshot(1))

    assert undecided(CHECK, story) is not None


def test_another_code_allows_to_come_back() -> None:
    assert undecided(CHECK, told_to_go(1012)) == "no client was told to stay away, and no page gave up"
    assert undecided(CHECK, healthy()) is not None
