"""Fan-out: every reader is told all that happens, in order and once.

All of it runs on one event loop, and nothing between reading the log and adding a reader awaits: so the first
messages and the registration are one step, and no event falls between them or comes twice.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
import anyio.lowlevel

from reference_app import timer
from reference_app.messages import (
    AnyCommand,
    CommandError,
    ErrorMessage,
    EventMessage,
    Goodbye,
    LoggedEvent,
    Message,
    Outcome,
    Ping,
    Pong,
    Rejected,
    Result,
    Snapshot,
    Stamp,
    Tick,
    parse_cursor,
)
from reference_app.metrics import Metrics, ReaderCount, Transport
from reference_app.store import CommandRecord, Store, StoreError
from reference_app.subscription import SLOW_SECONDS, Batch, Subscription

SNAPSHOT_EVENTS = 200
TICK_SECONDS = 1.0
SPREAD_MS = 2000
READERS_AT_ONCE = 50
"""How many readers get their heartbeat before the loop looks for what else there is to do: some milliseconds' work."""

_log = logging.getLogger(__name__)


class Hub:
    """The state, its log and its readers. Call it from its event loop alone."""

    def __init__(
        self, store: Store, now_ms: Callable[[], int], scale: float = 1.0, metrics: Metrics | None = None
    ) -> None:
        self._store = store
        self._now_ms = now_ms
        self._scale = scale
        self._metrics = metrics or Metrics()
        self._subscriptions: set[Subscription] = set()
        self._stopping = False
        self._deadline_moved = asyncio.Event()
        self._readers_left = asyncio.Event()
        self._life: anyio.CancelScope | None = None

    @property
    def epoch(self) -> str:
        """The name of the log."""
        return self._store.epoch

    @property
    def last_seq(self) -> int:
        """How many events the log has."""
        return self._store.last_seq

    # --- what readers are told ----------------------------------------------------------------------------------------

    def catch_up(self, since: str | None = None) -> Batch:
        """What a reader at the cursor `since` has missed, and a tick; a snapshot if the log cannot tell."""
        self.expire()
        epoch, seq = parse_cursor(since) or ("", 0)
        missed = self._store.after(seq) if epoch == self.epoch else None
        if missed is None:
            return (self._snapshot(),)
        return (*map(self._event, missed), self._tick())

    @contextmanager
    def subscribe(self, since: str | None = None, transport: Transport = "websocket") -> Iterator[Subscription]:
        """A reader that is told what `catch_up` says and then all that happens."""
        count = ReaderCount(self._metrics, transport, self._now_ms)
        subscription = Subscription(SLOW_SECONDS * self._scale, count.sent)
        subscription.push(*self.catch_up(since))
        if self._stopping:
            self._dismiss(subscription)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.remove(subscription)
            count.ended(subscription.end)
            self._readers_left.set()

    def tick(self) -> Iterator[None]:
        """Send all readers the heartbeat, some at each step: an event that happens in between need not wait for it."""
        self.expire()
        readers = list(self._subscriptions)
        for start in range(0, len(readers), READERS_AT_ONCE):
            tick = self._tick()  # anew: it may say no less than an event that went before it
            for subscription in readers[start : start + READERS_AT_ONCE]:
                subscription.push(tick)
            yield

    def _broadcast(self, *batch: Message) -> None:
        for subscription in self._subscriptions:
            subscription.push(*batch)

    # --- what happens -------------------------------------------------------------------------------------------------

    def execute(self, command: AnyCommand) -> Result:
        """Carry out a command once and tell everybody; under the same id, the same answer as before.

        Raises Rejected if the id was used for another command, or if the log cannot be written.
        """
        try:
            known = self._store.command(command.id)
            repeated = known is not None
            known = known or self._carry_out(command)
        except StoreError as error:
            raise Rejected("unavailable", f"the command was not carried out: {error}", command.id) from error
        if known.request != command.fingerprint:
            raise Rejected("conflict", "id: was used for another command; choose a new one", command.id)
        self._metrics.commands.labels("repeated" if repeated else "done" if known.outcome.ok else "not_allowed").inc()
        return Result(**self._stamp(), id=command.id, **dict(known.outcome))

    def _carry_out(self, command: AnyCommand) -> CommandRecord:
        self.expire()
        try:
            _, events = timer.apply(self._store.state, command.args, self._now_ms())
            outcome = Outcome(ok=True, event_seq=self.last_seq + 1)
        except timer.NotAllowed as refusal:
            events = []
            outcome = Outcome(ok=False, error=CommandError(code="not_allowed", message=str(refusal)))
        record = CommandRecord(command.id, command.fingerprint, outcome)
        self._record(events, record)
        return record

    def expire(self) -> bool:
        """Log and tell that a running timer has ended, if it has; False if the log cannot be written."""
        _, events = timer.expire(self._store.state, self._now_ms())
        try:
            if events:
                self._record(events)
        except StoreError as error:
            _log.error("the timer has ended, but %s", error)
            return False
        return True

    def _record(self, events: list[timer.Event], command: CommandRecord | None = None) -> None:
        with self._metrics.append_seconds.time():
            logged = self._store.append(events, command)
        self._metrics.events.inc(len(logged))
        for event in logged:
            self._broadcast(self._event(event))
        self._deadline_moved.set()

    # --- time ---------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Tick, and end the timer at its deadline, until cancelled or discarded."""
        with anyio.CancelScope() as self._life:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._keep_ticking)
                tasks.start_soon(self._watch_deadline)

    async def _keep_ticking(self) -> None:
        while True:
            await anyio.sleep(TICK_SECONDS * self._scale)
            for _ in self.tick():
                await anyio.lowlevel.checkpoint()

    async def _watch_deadline(self) -> None:
        while True:
            self._deadline_moved.clear()
            with anyio.move_on_after(self._seconds_left()):
                await self._deadline_moved.wait()
            if not self.expire():
                await anyio.sleep(TICK_SECONDS * self._scale)

    def _seconds_left(self) -> float:
        running = self._store.state.timer
        if not isinstance(running, timer.RunningTimer):
            return float("inf")
        return max(0, running.deadline_ms - self._now_ms()) / 1000

    # --- the end ------------------------------------------------------------------------------------------------------

    async def stop(self, grace_seconds: float) -> None:
        """Say goodbye to all readers, present and to come, and wait until they have left, or the grace is over."""
        self._stopping = True
        for subscription in self._subscriptions:
            self._dismiss(subscription)
        with anyio.move_on_after(grace_seconds):
            while self._subscriptions:
                self._readers_left.clear()
                await self._readers_left.wait()

    @property
    def is_unused(self) -> bool:
        """Nobody reads, and nothing was ever asked of it; raises StoreError."""
        return not self._subscriptions and self._store.is_unused

    def discard(self) -> None:
        """Stop keeping time, and remove the log."""
        if self._life is not None:
            self._life.cancel()
        self._store.discard()

    def close(self) -> None:
        """Let go of the log."""
        self._store.close()

    def _dismiss(self, subscription: Subscription) -> None:
        subscription.push(Goodbye(**self._stamp(), spread_ms=round(SPREAD_MS * self._scale)))
        subscription.finish()

    # --- messages -----------------------------------------------------------------------------------------------------

    def _stamp(self) -> Stamp:
        return Stamp(epoch=self.epoch, seq=self.last_seq, server_ms=self._now_ms())

    def _snapshot(self) -> Snapshot:
        state = self._store.state
        return Snapshot(
            **self._stamp(),
            timer=state.timer,
            game=state.game,
            events=self._store.last(SNAPSHOT_EVENTS),
            oldest_seq=self._store.oldest_seq,
        )

    def _event(self, event: LoggedEvent) -> EventMessage:
        return EventMessage(epoch=self.epoch, server_ms=self._now_ms(), **dict(event))

    def _tick(self) -> Tick:
        return Tick(**self._stamp(), timer=self._store.state.timer)

    def pong(self, ping: Ping) -> Pong:
        """The answer to a ping."""
        return Pong(**self._stamp(), echo=ping.echo)

    def error(self, rejected: Rejected) -> ErrorMessage:
        """The answer to what was rejected."""
        self._metrics.commands.labels(rejected.code).inc()
        return ErrorMessage(**self._stamp(), code=rejected.code, message=rejected.message, id=rejected.id)
