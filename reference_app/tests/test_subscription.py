"""One reader's queue, delivered on an event loop in a thread."""

import threading
from collections.abc import Iterator

import anyio
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from reference_app.messages import Goodbye, LoggedEvent, Snapshot
from reference_app.subscription import QUEUE_MESSAGES, Batch, Subscription
from reference_app.timer import new_state


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    with start_blocking_portal() as portal:
        yield portal


def message(seq: int) -> Goodbye:
    return Goodbye(epoch="ab", seq=seq, server_ms=0, spread_ms=0)


def deliver_all(portal: BlockingPortal, subscription: Subscription) -> tuple[list[Batch], str | None]:
    received: list[Batch] = []

    async def send(batch: Batch) -> None:
        received.append(batch)

    return received, portal.call(subscription.deliver, send)


def test_delivers_batches_in_order_and_whole(portal: BlockingPortal) -> None:
    subscription = Subscription()
    subscription.push(message(1), message(2))
    subscription.push(message(3))
    subscription.finish()
    assert deliver_all(portal, subscription) == ([(message(1), message(2)), (message(3),)], "stopping")


def test_delivers_what_comes_while_it_waits(portal: BlockingPortal) -> None:
    subscription = Subscription()
    received: list[Batch] = []

    async def send(batch: Batch) -> None:
        received.append(batch)

    delivery = portal.start_task_soon(subscription.deliver, send)
    for seq in (1, 2):
        portal.call(anyio.wait_all_tasks_blocked)
        portal.call(subscription.push, message(seq))
    portal.call(anyio.wait_all_tasks_blocked)
    assert received == [(message(1),), (message(2),)]
    portal.call(subscription.finish)
    assert delivery.result(5) == "stopping"


def test_takes_nothing_after_the_end(portal: BlockingPortal) -> None:
    subscription = Subscription()
    subscription.finish()
    for seq in range(QUEUE_MESSAGES + 1):
        subscription.push(message(seq))
    assert deliver_all(portal, subscription) == ([], "stopping")


def test_cuts_off_a_reader_when_the_queue_is_full(portal: BlockingPortal) -> None:
    # given a reader that is as far behind as it may be
    subscription = Subscription()
    for seq in range(QUEUE_MESSAGES):
        subscription.push(message(seq))
    assert subscription.end is None
    # when one more message comes
    subscription.push(message(QUEUE_MESSAGES))
    # then it gets nothing more
    assert deliver_all(portal, subscription) == ([], "slow")


def test_abandons_a_send_that_blocks_when_the_reader_is_cut_off(portal: BlockingPortal) -> None:
    # given a reader whose first message does not get through
    subscription = Subscription()
    sending = threading.Event()

    async def blocked(_: Batch) -> None:
        sending.set()
        await anyio.sleep_forever()

    subscription.push(message(0))
    delivery = portal.start_task_soon(subscription.deliver, blocked)
    assert sending.wait(5)
    # when more comes than is kept for it
    for seq in range(QUEUE_MESSAGES + 1):
        portal.call(subscription.push, message(seq))
    # then the delivery ends
    assert delivery.result(timeout=5) == "slow"


def test_cuts_off_a_reader_that_takes_nothing_for_too_long(portal: BlockingPortal) -> None:
    # given a reader whose first message does not get through
    seconds = 0.0
    subscription = Subscription(slow_seconds=10, clock=lambda: seconds)
    sending = threading.Event()

    async def blocked(_: Batch) -> None:
        sending.set()
        await anyio.sleep_forever()

    subscription.push(message(0))
    delivery = portal.start_task_soon(subscription.deliver, blocked)
    assert sending.wait(5)
    # when the next one comes within the limit, nothing is wrong yet
    seconds = 10
    portal.call(subscription.push, message(1))
    assert subscription.end is None
    # then one beyond it ends the delivery
    seconds = 10.1
    portal.call(subscription.push, message(2))
    try:
        assert delivery.result(timeout=5) == "slow"
    finally:
        delivery.cancel()


def test_a_snapshot_weighs_as_much_as_the_events_in_it() -> None:
    """Whoever asks for one after the other, and reads none of them, is not given room for thousands of events."""
    event = LoggedEvent(seq=1, name="noted", at_ms=1, text="x")
    state = new_state(1000)
    snapshot = Snapshot(
        epoch="ab", seq=200, server_ms=0, timer=state.timer, game=state.game, events=(event,) * 200, oldest_seq=1
    )
    subscription = Subscription()
    for _ in range(QUEUE_MESSAGES // 201):
        subscription.push(snapshot)
    assert subscription.end is None
    subscription.push(snapshot)
    assert subscription.end == "slow"


def test_says_what_was_sent(portal: BlockingPortal) -> None:
    sent: list[Batch] = []
    subscription = Subscription(on_sent=sent.append)
    subscription.push(message(1))
    subscription.finish()
    deliver_all(portal, subscription)
    assert sent == [(message(1),)]
