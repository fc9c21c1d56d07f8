"""What a rule has seen, and what is forgotten when a connection ends."""

from proxy_addons.counts import Count, Seen, size, where
from proxy_addons.events import ConnectionOpened, Event, ListenerReady, RequestReceived
from proxy_addons.tests.play import control, messages, opened, received, request, sse


def test_knows_where_an_event_belongs() -> None:
    assert [where(event) for event in (ListenerReady(), ConnectionOpened(3), received(exchange=7))] == [
        (0, 0),
        (3, 0),
        (1, 7),
    ]


def test_numbers_what_it_meets_and_remembers_it() -> None:
    count = Count()
    first, second = count.number(opened(exchange=5)), count.number(opened(exchange=9))
    assert (first.nth, second.nth) == (1, 2)
    assert count.seen(1, 9) is second
    assert count.seen(1, 6) is None


def test_counts_messages_apart_from_all_else() -> None:
    seen = Seen(1)
    events: list[Event] = [opened(), *messages("a", "b"), control("ping"), control("ping")]
    assert [seen.count(event) for event in events] == [
        "StreamOpened 1",
        "1",
        "2",
        "ControlPassing 1",
        "ControlPassing 2",
    ]
    assert seen.messages == 2


def test_a_message_is_as_long_as_its_data_and_an_event_as_its_block() -> None:
    assert [size(event) for event in (messages("abc")[0], sse(b"data: a\n\n")[0])] == [3, 9]


def test_forgets_a_connection_and_goes_on_counting() -> None:
    # given a stream on which the rule fired
    count = Count()
    count.number(opened(exchange=1))
    count.fire(1)
    # when its connection is gone
    count.forget(1)
    # then nothing is kept of it but the totals
    assert (count.seen(1, 1), count.fired_on(1), count.fired) == (None, 0, 1)
    assert count.number(opened(exchange=2)).nth == 2


def test_remembers_streams_and_the_last_of_very_many_requests_on_one_connection() -> None:
    count = Count()
    count.number(opened(exchange=1))
    for exchange in range(2, 5002):
        count.number(received(exchange=exchange))
    kept = [exchange for exchange in range(1, 5002) if count.seen(1, exchange)]
    assert (kept[0], kept[-1], len(kept)) == (1, 5001, 1025)


def test_each_connection_fires_for_itself() -> None:
    count = Count()
    count.fire(1)
    count.fire(1)
    count.fire(2)
    assert (count.fired_on(1), count.fired_on(2), count.fired) == (2, 1, 3)


def test_requests_on_other_connections_are_others() -> None:
    count = Count()
    count.number(RequestReceived(request("http", connection=2)))
    assert count.seen(1, 1) is None
