"""Fan-out with a clock that stands until it is set; nothing here waits."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from itertools import count
from unittest.mock import patch

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from reference_app.app import now_ms
from reference_app.hub import READERS_AT_ONCE, SNAPSHOT_EVENTS, Hub
from reference_app.messages import AnyCommand, Message, Ping, Rejected, Snapshot
from reference_app.metrics import Metrics
from reference_app.reader import read_command
from reference_app.store import Store, StoreError
from reference_app.subscription import QUEUE_MESSAGES, Batch, Subscription

IDS = count()


def command(name: str, args: str = "{}", id: str | None = None) -> AnyCommand:
    return read_command(f'{{"id":"{id or next(IDS)}","name":"{name}","args":{args}}}'.encode())


def note(id: str | None = None, text: str = "x") -> AnyCommand:
    return command("note", f'{{"text":"{text}"}}', id)


class Clock:
    """Unix milliseconds, set by hand."""

    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


def new_store() -> closing[Store]:
    return closing(Store.open(None, "ab", duration_ms=60_000))


@pytest.fixture
def store() -> Iterator[Store]:
    with new_store() as store:
        yield store


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def hub(store: Store, clock: Clock, metrics: Metrics) -> Hub:
    return Hub(store, clock, metrics=metrics)


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def received(portal: BlockingPortal) -> Callable[[Subscription], list[Message]]:
    """All that is queued for a reader; nothing comes after it."""

    def take(subscription: Subscription) -> list[Message]:
        messages: list[Message] = []

        async def send(batch: Batch) -> None:
            messages.extend(batch)

        subscription.finish()
        portal.call(subscription.deliver, send)
        return messages

    return take


def seen(messages: tuple[Message, ...] | list[Message]) -> list[tuple[str, int]]:
    return [(message.kind, message.seq) for message in messages]


# --- the first messages -----------------------------------------------------------------------------------------------


def test_begins_with_a_snapshot_when_the_reader_knows_nothing(hub: Hub) -> None:
    hub.execute(note())
    assert seen(hub.catch_up()) == [("snapshot", 1)]


def test_begins_with_the_missed_events_and_a_tick_when_the_reader_resumes(hub: Hub) -> None:
    for _ in range(3):
        hub.execute(note())
    assert seen(hub.catch_up("ab.1")) == [("event", 2), ("event", 3), ("tick", 3)]


def test_begins_with_a_tick_when_the_reader_missed_nothing(hub: Hub) -> None:
    assert seen(hub.catch_up("ab.0")) == [("tick", 0)]


@pytest.mark.parametrize(
    "since",
    [
        pytest.param("cd.1", id="another epoch"),
        pytest.param("ab.9", id="ahead of the log"),
        pytest.param("ab", id="no cursor"),
        pytest.param("", id="empty"),
    ],
)
def test_begins_with_a_snapshot_when_the_log_cannot_tell_what_was_missed(hub: Hub, since: str) -> None:
    hub.execute(note())
    assert seen(hub.catch_up(since)) == [("snapshot", 1)]


def test_a_snapshot_has_the_last_events_only(hub: Hub) -> None:
    for _ in range(SNAPSHOT_EVENTS + 5):
        hub.execute(note())
    [snapshot] = hub.catch_up()
    assert isinstance(snapshot, Snapshot)
    assert [event.seq for event in snapshot.events] == list(range(6, SNAPSHOT_EVENTS + 6))
    assert snapshot.oldest_seq == 1


@pytest.mark.parametrize("readers", [1, 40])
def test_every_reader_sees_every_event_once_when_readers_come_while_events_flow(
    portal: BlockingPortal, readers: int
) -> None:
    """Each reader's view is a snapshot and the events after it: no gap, no duplicate, whenever it came."""
    views = [list[Message]() for _ in range(readers)]

    async def read(hub: Hub, view: list[Message]) -> None:
        async def send(batch: Batch) -> None:
            view.extend(batch)

        with hub.subscribe() as subscription:
            await subscription.deliver(send)

    async def act() -> None:
        with new_store() as store:
            hub = Hub(store, Clock())
            async with anyio.create_task_group() as tasks:
                for view in views:
                    hub.execute(note())
                    tasks.start_soon(read, hub, view)
                    hub.execute(note())
                    await anyio.lowlevel.checkpoint()
                await anyio.wait_all_tasks_blocked()
                await hub.stop(5)

    portal.call(act)
    for view in views:
        first = view[0].seq
        assert seen(view) == [
            ("snapshot", first),
            *(("event", seq) for seq in range(first + 1, 2 * readers + 1)),
            ("goodbye", 2 * readers),
        ]


# --- commands ---------------------------------------------------------------------------------------------------------


def test_tells_all_readers_before_the_result_is_known(
    hub: Hub, received: Callable[[Subscription], list[Message]]
) -> None:
    with hub.subscribe() as one, hub.subscribe() as other:
        result = hub.execute(command("start"))
        assert (result.ok, result.event_seq, result.seq) == (True, 1, 1)
        assert seen(received(one)) == seen(received(other)) == [("snapshot", 0), ("event", 1)]


def test_nothing_happens_when_the_state_does_not_allow_the_command(
    hub: Hub, received: Callable[[Subscription], list[Message]]
) -> None:
    with hub.subscribe() as reader:
        result = hub.execute(command("pause"))
        assert result.error is not None
        assert (result.ok, result.error.code, result.event_seq) == (False, "not_allowed", None)
        assert seen(received(reader)) == [("snapshot", 0)]


@pytest.mark.parametrize("name", ["start", "pause"])
def test_gives_the_same_answer_and_no_second_effect_when_a_command_comes_again(hub: Hub, name: str) -> None:
    first = hub.execute(command(name, id="a"))
    hub.execute(note())
    again = hub.execute(command(name, id="a"))
    assert (again.ok, again.event_seq, again.error) == (first.ok, first.event_seq, first.error)
    assert hub.last_seq == (first.event_seq or 0) + 1


def test_rejects_another_command_under_a_used_id(hub: Hub) -> None:
    hub.execute(note("a", "one"))
    with pytest.raises(Rejected, match="used for another") as caught:
        hub.execute(note("a", "two"))
    assert (caught.value.code, caught.value.id, hub.last_seq) == ("conflict", "a", 1)


def test_rejects_a_command_when_the_log_cannot_be_written(
    hub: Hub, store: Store, received: Callable[[Subscription], list[Message]]
) -> None:
    with hub.subscribe() as reader:
        with (
            patch.object(store, "append", side_effect=StoreError("disk is full")),
            pytest.raises(Rejected, match="disk is full") as caught,
        ):
            hub.execute(note("a"))
        assert caught.value.code == "unavailable"
        assert seen(received(reader)) == [("snapshot", 0)]


def test_counts_what_became_of_commands(hub: Hub, metrics: Metrics) -> None:
    for id, name in [("a", "start"), ("a", "start"), ("b", "start")]:
        hub.execute(command(name, id=id))
    hub.error(Rejected("malformed", "x"))
    results = ("done", "repeated", "not_allowed", "malformed")
    assert [metrics.registry.get_sample_value("timer_commands_total", {"result": each}) for each in results] == [1] * 4
    assert metrics.registry.get_sample_value("timer_events_logged_total") == 1


# --- time -------------------------------------------------------------------------------------------------------------


def test_ticks_with_the_timer(hub: Hub, received: Callable[[Subscription], list[Message]]) -> None:
    with hub.subscribe() as reader:
        list(hub.tick())
        assert seen(received(reader)) == [("snapshot", 0), ("tick", 0)]


def test_an_event_that_happens_during_a_heartbeat_goes_first(
    hub: Hub, received: Callable[[Subscription], list[Message]]
) -> None:
    with ExitStack() as open_readers:
        readers = [open_readers.enter_context(hub.subscribe()) for _ in range(READERS_AT_ONCE + 1)]
        heartbeat = hub.tick()
        next(heartbeat)
        hub.execute(note())
        list(heartbeat)
        told = [[kind for kind, _ in seen(received(reader))][1:] for reader in readers]
    assert sorted(told) == [["event", "tick"], *[["tick", "event"]] * READERS_AT_ONCE]


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda hub: list(hub.tick()), id="tick"),
        pytest.param(lambda hub: hub.expire(), id="deadline"),
        pytest.param(lambda hub: hub.catch_up(), id="new reader"),
        pytest.param(lambda hub: hub.execute(note()), id="command"),
    ],
)
def test_says_that_the_timer_has_ended_whatever_notices_it(
    hub: Hub, clock: Clock, look: Callable[[Hub], object], received: Callable[[Subscription], list[Message]]
) -> None:
    with hub.subscribe() as reader:
        hub.execute(command("start"))
        clock.ms += 60_000
        look(hub)
        _, started, expired, *_ = received(reader)
    assert [getattr(event, "name", None) for event in (started, expired)] == ["started", "expired"]


def test_keeps_trying_to_log_the_end_of_the_timer_when_the_log_cannot_be_written(
    hub: Hub, store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    hub.execute(command("start"))
    clock.ms += 60_000
    with patch.object(store, "append", side_effect=StoreError("disk is full")):
        assert not hub.expire()
        assert seen(hub.catch_up()) == [("snapshot", 1)]
    assert hub.expire()
    assert hub.last_seq == 2
    assert "disk is full" in caplog.text


def test_ends_the_timer_at_its_deadline_when_no_tick_is_due(portal: BlockingPortal) -> None:
    names: list[str] = []

    async def act() -> None:
        async def send(batch: Batch) -> None:
            names.extend(getattr(message, "name", message.kind) for message in batch)
            if names[-1] == "expired":
                tasks.cancel_scope.cancel()

        with new_store() as store:
            hub = Hub(store, now_ms, scale=1000)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(hub.run)
                with anyio.fail_after(5), hub.subscribe() as reader:
                    hub.execute(command("reset", '{"duration_ms":80}'))
                    hub.execute(command("start"))
                    await reader.deliver(send)

    portal.call(act)
    assert names == ["snapshot", "reset", "started", "expired"]


# --- the end ----------------------------------------------------------------------------------------------------------


def test_a_reader_that_does_not_read_is_cut_off_and_counted(hub: Hub, metrics: Metrics) -> None:
    with hub.subscribe() as slow:
        for _ in range(QUEUE_MESSAGES):
            list(hub.tick())
        assert slow.end == "slow"
    assert metrics.registry.get_sample_value("timer_slow_readers_total", {"transport": "websocket"}) == 1


def test_says_goodbye_with_the_scaled_spread_to_readers_present_and_to_come(
    store: Store, clock: Clock, portal: BlockingPortal, received: Callable[[Subscription], list[Message]]
) -> None:
    hub = Hub(store, clock, scale=0.1)
    with ExitStack() as readers:
        present = readers.enter_context(hub.subscribe())
        portal.call(partial(hub.stop, 0))
        late = readers.enter_context(hub.subscribe())
        for reader in (present, late):
            messages = received(reader)
            assert seen(messages) == [("snapshot", 0), ("goodbye", 0)]
            assert getattr(messages[-1], "spread_ms", None) == 200


def test_answers_a_ping_with_its_echo(hub: Hub) -> None:
    assert hub.pong(Ping(kind="ping", echo="x")).echo == "x"


def test_names_the_id_in_an_error(hub: Hub) -> None:
    error = hub.error(Rejected("conflict", "taken", "a"))
    assert (error.kind, error.code, error.message, error.id) == ("error", "conflict", "taken", "a")
