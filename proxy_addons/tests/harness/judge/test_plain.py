"""A page of which nothing is known."""

import random
from collections.abc import Callable

import pytest

from proxy_addons.events import Transport
from proxy_addons.harness.judge.facts import Limits, Purpose, Whose
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.judge.plain import PlainContract
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import RequestSeen
from proxy_addons.tests.harness.judge.stories import Story

CONTRACT = PlainContract()


@pytest.mark.parametrize("data", ['{"a": 1}', "[1, 2]", "12", "tick", "", " hello {", '"quoted'])
def test_a_text_is_a_message(data: str) -> None:
    assert CONTRACT.said(data) is not None


@pytest.mark.parametrize("data", ['{"a": ', "[1, 2", '  {"a": NaN}', "tick \ufffd", '{"a": "\ufffd"}', "[" * 100_000])
def test_what_begins_like_json_and_is_none_is_malformed_and_so_is_what_was_no_text(data: str) -> None:
    assert CONTRACT.said(data) is None


def test_the_answer_to_a_poll_is_one_message() -> None:
    assert CONTRACT.polled("[1]") == ["[1]"]


@pytest.mark.parametrize(
    ("transport", "method", "destination", "purpose"),
    [
        ("websocket", "GET", "websocket", "live"),
        ("eventsource", "GET", "empty", "live"),
        ("http", "GET", "empty", "live"),
        ("http", "GET", "script", "asset"),
        ("http", "GET", None, "asset"),
        ("http", "POST", "empty", "command"),
    ],
)
def test_what_a_request_is_for(transport: Transport, method: str, destination: str | None, purpose: Purpose) -> None:
    headers = {"Sec-Fetch-Dest": destination} if destination else {}
    whose = CONTRACT.whose(RequestSeen(1.0, 1, 1, transport, method, "/x?client=c&attempt=3", headers))
    assert whose == Whose("page", 0, purpose)


def test_it_offers_nothing_but_the_wire() -> None:
    assert CONTRACT.offers == frozenset()


# -- a page of which nothing is known, and what the checks say of it ---------------------------------------------------


def of_plain(story: Story, limits: Limits | None = None) -> dict[str, list[str]]:
    """What is broken, by the number of the check, in words."""
    run = Run(sorted(story.records, key=lambda record: record.t), CONTRACT)
    findings = judge(run, limits or Limits())
    assert [each for each in findings if each.outcome == "crashed"] == []
    return {each.check: [one.text for one in each.differences] for each in findings if each.outcome == "broken"}


def page(wait: Callable[[int], float], *, losses: int = 6, down_s: float = 20.0, closes: bool = True) -> Story:
    """A page with one WebSocket, which loses it a few times; for a while it is refused. `wait`: after how many failures
    in a row, how long until it opens another; `closes`: whether it lets go of the one before."""
    story, t, failures = Story().opens(0.0), 0.3, 0
    for n in range(5):
        story.request(0.05 + n / 100, path=f"/api/part-{n}", headers={"sec-fetch-dest": "empty"})
    down = 40.0
    for loss in range(losses):
        while down <= t < down + down_s:
            story.refused(t)
            failures += 1
            t += 0.01 + wait(failures)
        socket = story.websocket(t)
        end = t + 10.0
        for beat in range(10):
            socket.says(t + beat + 0.01, f"now {loss}.{beat}")
        if closes:
            socket.ends(end, by="origin")
        failures = 1
        t = end + wait(failures)
    return story.step(t + 1.0, "over")


@pytest.mark.parametrize("seed", range(25))
def test_a_right_page_is_never_blamed(seed: int) -> None:
    # given a page that does nothing but open a WebSocket, ever more slowly, at any time of a window that doubles
    draw = random.Random(seed)
    story = page(lambda failures: draw.random() * min(20.0, 0.5 * 2.0**failures))
    assert of_plain(story) == {}


def test_a_page_without_a_back_off_is_blamed_for_the_rush_and_for_waits_that_do_not_grow() -> None:
    broken = of_plain(page(lambda failures: 0.01))  # noqa: ARG005 - always at once
    assert set(broken) == {"S9", "S10"}
    assert broken["S9"][0] == "client page made 7 websocket attempts in 0.120 s; at most 6 are right"
    assert "waits that grow with each failure take at least" in broken["S10"][0]


def test_a_page_that_waits_evenly_is_blamed_for_waits_that_do_not_grow() -> None:
    broken = of_plain(page(lambda failures: 0.3))  # noqa: ARG005 - always the same
    assert set(broken) == {"S10"}


def test_a_page_that_never_comes_back_is_blamed_for_having_no_plan() -> None:
    story = page(lambda failures: 1.0, losses=1).step(60.0, "over")  # noqa: ARG005 - it is asked once
    (text,) = of_plain(story)["L9"]
    assert text == (
        "client page had no channel and asked for none for 49.700 s from 10.300 s on; "
        "it should have tried again within 29.500 s"
    )


def test_a_page_that_leaks_connections_is_blamed_for_having_two() -> None:
    broken = of_plain(page(lambda failures: 1.0, losses=3, closes=False))  # noqa: ARG005 - it is asked twice
    assert broken["S7"][0].startswith(
        "client page at 11.300 s began to listen by websocket 7 while websocket 6 was open"
    )


def test_what_a_page_asks_for_once_is_a_part_of_it_and_it_may_stay_silent_afterwards() -> None:
    story = Story().opens(0.0)
    story.request(0.1, path="/api/words", headers={"sec-fetch-dest": "empty"})
    assert of_plain(story.step(200.0, "over")) == {}


def test_a_page_may_ask_for_other_things_while_its_stream_stands() -> None:
    story = Story().opens(0.0)
    for path in ("/chat", "/prices"):
        socket = story.websocket(0.5, path=path)
        for beat in range(200):
            socket.says(0.6 + beat, "now")
    for n in range(20):
        for path in ("/api/mail", "/api/news"):
            story.answer(story.request(5.0 + n * 0.04, path=path, headers={"sec-fetch-dest": "empty"}), 9.0, "{}")
    assert of_plain(story.step(201.0, "over")) == {}


def test_a_page_that_was_told_to_stay_away_may_do_so() -> None:
    for code in (4401, 1008):
        story = Story().opens(0.0)
        story.websocket(0.5).says(1.0, "hello").ends(2.0, "close", "origin", code)
        assert of_plain(story.step(100.0, "over")) == {}


def test_two_pages_at_once_can_not_be_told_apart() -> None:
    story = Story().opens(0.0, "a").opens(0.1, "b")
    for n in range(2):
        story.websocket(0.5 + n / 10).says(1.0, "hello").says(50.0, "hello")
    assert of_plain(story.step(60.0, "over")) == {}


def test_binary_messages_are_right() -> None:
    assert CONTRACT.said_binary("{broken \ufffd") is not None
