"""The state machine of a timer with game events: (state, command, now) -> (state, events).

Pure: the time is a parameter. A running timer is a deadline, never a counter. A command only decides what happens;
`fold` alone says what that does to the state, so the log of events is the state.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, assert_never

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_DURATION_MS = 100 * 3_600_000

DurationMs = Annotated[int, Field(ge=1, le=MAX_DURATION_MS)]
EventName = Literal["started", "paused", "resumed", "adjusted", "reset", "expired", "round_started", "scored", "noted"]


class Value(BaseModel):
    """An immutable value, the same in memory and on the wire: no coercion, no unknown fields."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


# --- state ------------------------------------------------------------------------------------------------------------


class RunningTimer(Value):
    """Time passes: `deadline_ms` is Unix milliseconds on the server's clock."""

    phase: Literal["running"] = "running"
    duration_ms: int
    deadline_ms: int


class StoppedTimer(Value):
    """Time stands still, with `remaining_ms` milliseconds to go; never more than `duration_ms`."""

    phase: Literal["idle", "paused", "expired"]
    duration_ms: int
    remaining_ms: int


Timer = Annotated[RunningTimer | StoppedTimer, Field(discriminator="phase")]


class Score(Value):
    """The points of both teams."""

    home: int = 0
    away: int = 0


class Game(Value):
    """What is played beside the timer."""

    round: int = 1
    score: Score = Score()


@dataclass(frozen=True, slots=True)
class State:
    """All that the log amounts to."""

    timer: RunningTimer | StoppedTimer
    game: Game


def new_state(duration_ms: int) -> State:
    """The state before the first event."""
    return State(StoppedTimer(phase="idle", duration_ms=duration_ms, remaining_ms=duration_ms), Game())


# --- events -----------------------------------------------------------------------------------------------------------


class ScoreChange(Value):
    """The new points of the team that scored."""

    home: int | None = None
    away: int | None = None


class GameChange(Value):
    """The parts of the game that are new."""

    round: int | None = None
    score: ScoreChange | None = None


class Event(Value):
    """Something that happened at `at_ms` (Unix milliseconds), with what it changed and nothing else."""

    name: EventName
    at_ms: int
    timer: Timer | None = None
    game: GameChange | None = None
    text: str | None = None


def fold(state: State, event: Event) -> State:
    """The state after `event`."""
    game = state.game
    if event.game is not None:
        score = game.score.model_copy(update=_given(event.game.score))
        game = game.model_copy(update={**_given(event.game), "score": score})
    return State(state.timer if event.timer is None else event.timer, game)


def _given(change: Value | None) -> dict[str, object]:
    return {} if change is None else change.model_dump(exclude_none=True)


# --- commands ---------------------------------------------------------------------------------------------------------


class Start(Value):
    """Let an idle timer run."""


class Pause(Value):
    """Stop a running timer and keep what remains."""


class Resume(Value):
    """Let a paused timer run on."""


class Adjust(Value):
    """Lengthen or shorten the timer, and what remains of it, by `delta_ms`; it ends where nothing remains."""

    delta_ms: Annotated[int, Field(ge=-MAX_DURATION_MS, le=MAX_DURATION_MS)]


class Reset(Value):
    """Back to idle, with a new duration or the one it has."""

    duration_ms: DurationMs | None = None


class StartRound(Value):
    """The next round begins."""


class AddPoints(Value):
    """A team scored."""

    team: Literal["home", "away"]
    points: Annotated[int, Field(ge=1, le=100)]


def _undamaged(text: str) -> str:
    """U+FFFD is what decoders leave where bytes were damaged, so a client that meets it must doubt the message."""
    if "\ufffd" in text:
        raise ValueError("should not hold U+FFFD, the sign of damaged text")
    return text


class Note(Value):
    """A line for the list of events."""

    text: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_undamaged)]


Command = Start | Pause | Resume | Adjust | Reset | StartRound | AddPoints | Note


class NotAllowed(Exception):
    """The state does not allow the command; the text says what would be right."""


def apply(state: State, command: Command, now_ms: int) -> tuple[State, list[Event]]:
    """Carry out `command` at `now_ms`: the new state and what happened, the command's own event first.

    Raises NotAllowed, and nothing has happened then.
    """
    event = _event_of(state, command, now_ms)
    state, expired = expire(fold(state, event), now_ms)
    return state, [event, *expired]


def expire(state: State, now_ms: int) -> tuple[State, list[Event]]:
    """Let a running timer end if its deadline has come; it happened at the deadline, however late that is noticed."""
    timer = state.timer
    if not isinstance(timer, RunningTimer) or now_ms < timer.deadline_ms:
        return state, []
    ended = StoppedTimer(phase="expired", duration_ms=timer.duration_ms, remaining_ms=0)
    event = Event(name="expired", at_ms=timer.deadline_ms, timer=ended)
    return fold(state, event), [event]


def _event_of(state: State, command: Command, now_ms: int) -> Event:
    match command:
        case Start():
            return Event(name="started", at_ms=now_ms, timer=_run(state.timer, "idle", now_ms))
        case Pause():
            return Event(name="paused", at_ms=now_ms, timer=_pause(state.timer, now_ms))
        case Resume():
            return Event(name="resumed", at_ms=now_ms, timer=_run(state.timer, "paused", now_ms))
        case Adjust(delta_ms=delta_ms):
            return Event(name="adjusted", at_ms=now_ms, timer=_adjust(state.timer, delta_ms, now_ms))
        case Reset(duration_ms=duration_ms):
            return Event(name="reset", at_ms=now_ms, timer=new_state(duration_ms or state.timer.duration_ms).timer)
        case StartRound():
            return Event(name="round_started", at_ms=now_ms, game=GameChange(round=state.game.round + 1))
        case AddPoints():
            return Event(name="scored", at_ms=now_ms, game=GameChange(score=_add_points(state.game.score, command)))
        case Note(text=text):
            return Event(name="noted", at_ms=now_ms, text=text)
        case _:
            assert_never(command)


_WHAT_WOULD_BE_RIGHT = {
    "idle": "the timer is idle: start it first",
    "running": "the timer is running already: pause or reset it first",
    "paused": "the timer is paused: resume or reset it",
    "expired": "the timer has expired: reset it first",
}


def _run(timer: RunningTimer | StoppedTimer, needed_phase: str, now_ms: int) -> RunningTimer:
    if isinstance(timer, RunningTimer) or timer.phase != needed_phase:
        raise NotAllowed(_WHAT_WOULD_BE_RIGHT[timer.phase])
    return RunningTimer(duration_ms=timer.duration_ms, deadline_ms=now_ms + timer.remaining_ms)


def _pause(timer: RunningTimer | StoppedTimer, now_ms: int) -> StoppedTimer:
    if not isinstance(timer, RunningTimer):
        raise NotAllowed(_WHAT_WOULD_BE_RIGHT[timer.phase])
    return StoppedTimer(phase="paused", duration_ms=timer.duration_ms, remaining_ms=_remaining_ms(timer, now_ms))


def _adjust(timer: RunningTimer | StoppedTimer, delta_ms: int, now_ms: int) -> RunningTimer | StoppedTimer:
    if timer.phase == "expired":
        raise NotAllowed(_WHAT_WOULD_BE_RIGHT[timer.phase])
    delta_ms = max(delta_ms, -_remaining_ms(timer, now_ms))
    duration_ms = timer.duration_ms + delta_ms
    if duration_ms > MAX_DURATION_MS:
        raise NotAllowed(f"a timer lasts at most {MAX_DURATION_MS} ms, this would be {duration_ms}: adjust it by less")
    if isinstance(timer, RunningTimer):
        return RunningTimer(duration_ms=duration_ms, deadline_ms=timer.deadline_ms + delta_ms)
    remaining_ms = timer.remaining_ms + delta_ms
    return StoppedTimer(phase=timer.phase, duration_ms=duration_ms, remaining_ms=remaining_ms)


def _remaining_ms(timer: RunningTimer | StoppedTimer, now_ms: int) -> int:
    if isinstance(timer, StoppedTimer):
        return timer.remaining_ms
    # A clock that was set back must not leave more than the whole timer.
    return min(max(0, timer.deadline_ms - now_ms), timer.duration_ms)


def _add_points(score: Score, command: AddPoints) -> ScoreChange:
    if command.team == "home":
        return ScoreChange(home=score.home + command.points)
    return ScoreChange(away=score.away + command.points)
