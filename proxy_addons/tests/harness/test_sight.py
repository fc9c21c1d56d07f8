"""What the probe's script tells, and the records that it becomes."""

import json
from itertools import count

import pytest

from proxy_addons.harness.sight import Clock, Sight, best_clock, first_in
from proxy_addons.records import PageClosed, PageLooked, PageOpened, Record

CLOCK = Clock(offset_s=100.0, error_s=0.002)


class Listener:
    """A sight and what it wrote."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.sight = Sight("page", CLOCK, "isolated", self.records.append)

    def hears(self, *told: dict[str, object]) -> None:
        self.sight.hear(json.dumps(told))


@pytest.fixture
def listener() -> Listener:
    return Listener()


def opened(at_ms: float, url: str = "http://app/") -> dict[str, object]:
    return {"what": "opened", "at": at_ms, "url": url}


def look(at_ms: float, why: str = "change", **more: object) -> dict[str, object]:
    return {"what": "look", "at": at_ms, "why": why, "marks": {"n": "1"}, **more}


def test_a_look_has_the_time_of_the_run(listener: Listener) -> None:
    listener.hears(opened(1000), look(1500, items=["a"], text="all"))
    assert listener.records == [
        PageOpened(101.0, "page", "http://app/", 0.002, "isolated"),
        PageLooked(101.5, "page", "change", {"n": "1"}, ["a"], "all"),
    ]


def test_items_stay_until_others_are_told_and_text_is_said_once(listener: Listener) -> None:
    listener.hears(opened(0), look(1, items=["a"], text="all"), look(2))
    last = listener.records[-1]
    assert isinstance(last, PageLooked)
    assert (last.items, last.text) == (["a"], "")


def test_a_load_closes_one_life_and_begins_the_next_under_a_name_of_its_own(listener: Listener) -> None:
    listener.hears(opened(0), look(1, items=["a"]), opened(2000), look(2001))
    assert [(type(each), getattr(each, "page", None)) for each in listener.records] == [
        (PageOpened, "page"),
        (PageLooked, "page"),
        (PageClosed, "page"),
        (PageOpened, "page#2"),
        (PageLooked, "page#2"),
    ]
    last = listener.records[-1]
    assert isinstance(last, PageLooked)
    assert last.items == []


def test_a_page_closes_once_and_shows_nothing_afterwards(listener: Listener) -> None:
    listener.hears(opened(0), {"what": "closed", "at": 5}, look(6))
    listener.sight.close(200.0)
    assert [type(each) for each in listener.records] == [PageOpened, PageClosed]


def test_the_client_is_a_mark_once_it_is_known_and_is_another_in_the_next_life(listener: Listener) -> None:
    listener.hears(opened(0), look(1))
    listener.sight.client = "abc"
    listener.hears(look(2), opened(3), look(4))
    marks = [each.marks for each in listener.records if isinstance(each, PageLooked)]
    assert marks == [{"n": "1"}, {"n": "1", "client": "abc"}, {"n": "1"}]


def test_the_clock_is_believed_by_its_fastest_answer() -> None:
    # given round trips of 40, 10 and 30 ms, and a page whose clock is right in the middle of each but 7 s behind
    beats = iter([0.0, 0.040, 1.0, 1.010, 2.0, 2.030])
    answers = iter([-6_990.0, (1.005 - 7) * 1000, -4_990.0])
    # when it is asked three times
    clock = best_clock(lambda: next(answers), lambda: next(beats), times=3)
    # then half of the fastest is the error
    assert clock.offset_s == pytest.approx(7.0)
    assert clock.error_s == pytest.approx(0.005)


def test_the_clock_asks_ten_times() -> None:
    asked = count()
    best_clock(lambda: float(next(asked)), lambda: 0.0)
    assert next(asked) == 10


@pytest.mark.parametrize(
    ("where", "place"),
    [("#a@data-b", ("#a", "data-b")), ("#a > b", ("#a > b", None)), ("a[href='x@y']@id", ("a[href='x@y']", "id"))],
)
def test_a_mark_is_an_attribute_or_a_text(where: str, place: tuple[str, str | None]) -> None:
    assert first_in(where) == place


def shows(at_ms: float, transport: str, connection: str) -> dict[str, object]:
    return look(at_ms, marks={"transport": transport, "connection": connection})


def test_who_wants_to_know_is_told_when_transport_or_connection_change_and_in_each_life_anew() -> None:
    listener, told = Listener(), list[tuple[str, str]]()
    listener.sight.on_shown = lambda transport, connection: told.append((transport, connection))
    listener.hears(opened(0), look(1), shows(2, "none", "connecting"), shows(3, "websocket", "live"))
    listener.hears(shows(4, "websocket", "live"), opened(5), shows(6, "websocket", "live"))
    assert told == [("none", "connecting"), ("websocket", "live"), ("websocket", "live")]


def test_the_latest_look_is_that_of_the_present_life(listener: Listener) -> None:
    latest = [listener.sight.latest]
    for told in (opened(0), look(1), look(2), opened(3)):
        listener.hears(told)
        latest.append(listener.sight.latest)
    looks = [each for each in listener.records if isinstance(each, PageLooked)]
    assert latest == [None, None, *looks, None]
