"""The wire contract: one model per message, the same message on all three transports.

Absent fields are absent, never null. Times are Unix milliseconds on the server's clock.
"""

import re
from functools import cached_property
from typing import Annotated, Generic, Literal, TypedDict, TypeVar

from pydantic import AfterValidator, Field, JsonValue

from reference_app.timer import (
    AddPoints,
    Adjust,
    Event,
    Game,
    Note,
    Pause,
    Reset,
    Resume,
    Start,
    StartRound,
    Timer,
    Value,
)

MAX_REQUEST_BYTES = 64 * 1024
MAX_ID_LENGTH = 64

ErrorCode = Literal["not_allowed", "malformed", "too_large", "conflict", "unavailable"]


class Rejected(Exception):
    """What a client sent is not carried out: it cannot be read, or its id is taken, or the log cannot be written."""

    def __init__(self, code: ErrorCode, message: str, id: str | None = None) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.message = message
        self.id = id


# --- from the server --------------------------------------------------------------------------------------------------


class Stamp(TypedDict):
    """What the envelope of a message says of the log and the clock."""

    epoch: str
    seq: int
    server_ms: int


class Envelope(Value):
    """What every message carries: `epoch` names the event log, `seq` is its last event, or the event's own."""

    v: Literal[1] = 1
    epoch: str
    seq: int
    server_ms: int

    @cached_property
    def encoded(self) -> str:
        """The message as one line of JSON, made once however many readers it goes to."""
        return self.model_dump_json(exclude_none=True)

    @cached_property
    def block(self) -> bytes:
        """The message as one event of an event stream (WHATWG HTML, 9.2), made once likewise."""
        return f"id: {self.epoch}.{self.seq}\ndata: {self.encoded}\n\n".encode()


class LoggedEvent(Event):
    """An event with its place in the log."""

    seq: int


class Snapshot(Envelope):
    """The whole state; `oldest_seq` is the oldest event that the log can still replay, 0 if it is empty."""

    kind: Literal["snapshot"] = "snapshot"
    timer: Timer
    game: Game
    events: tuple[LoggedEvent, ...]
    oldest_seq: int


class EventMessage(Event, Envelope):
    """One event; `seq` is its own."""

    kind: Literal["event"] = "event"


class Tick(Envelope):
    """The heartbeat: it confirms life, deadline and seq, and changes nothing."""

    kind: Literal["tick"] = "tick"
    timer: Timer


class Pong(Envelope):
    """The answer to a ping, with what that carried."""

    kind: Literal["pong"] = "pong"
    echo: JsonValue


class CommandError(Value):
    """Why a command had no effect."""

    code: ErrorCode
    message: str


class Outcome(Value):
    """What became of a command: the seq of its event, or an error."""

    ok: bool
    event_seq: int | None = None
    error: CommandError | None = None


class Result(Outcome, Envelope):
    """The answer to the command `id`."""

    kind: Literal["result"] = "result"
    id: str


class ErrorMessage(Envelope):
    """The answer to what was rejected; `id` where it could be read."""

    kind: Literal["error"] = "error"
    code: ErrorCode
    message: str
    id: str | None = None


class Goodbye(Envelope):
    """The server is about to end this connection: come back after a random part of `spread_ms`."""

    kind: Literal["goodbye"] = "goodbye"
    spread_ms: int


Message = Snapshot | EventMessage | Tick | Pong | Result | ErrorMessage | Goodbye


def encode(message: Message) -> str:
    """The message as one line of JSON."""
    return message.encoded


def cursor(message: Message) -> str:
    """The place in the log that the message stands for: `<epoch>.<seq>`."""
    return f"{message.epoch}.{message.seq}"


def parse_cursor(text: str | None) -> tuple[str, int] | None:
    """The (epoch, seq) of a cursor; None for a text that is none."""
    found = re.fullmatch(r"([0-9a-f]{1,64})\.([0-9]{1,15})", text or "")
    return (found[1], int(found[2])) if found else None


# --- from the client --------------------------------------------------------------------------------------------------

Name = TypeVar("Name")
Args = TypeVar("Args")


class CommandRequest(Value, Generic[Name, Args]):
    """A command; `id` stays the same over retries and transports."""

    kind: Literal["command"] = "command"
    id: Annotated[str, Field(min_length=1, max_length=MAX_ID_LENGTH)]
    name: Name
    args: Args

    @property
    def fingerprint(self) -> str:
        """The same for two requests that ask for the same."""
        return self.model_dump_json(include={"name", "args"})


class StartCommand(CommandRequest[Literal["start"], Start]):
    """Let an idle timer run."""


class PauseCommand(CommandRequest[Literal["pause"], Pause]):
    """Stop a running timer and keep what remains."""


class ResumeCommand(CommandRequest[Literal["resume"], Resume]):
    """Let a paused timer run on."""


class AdjustCommand(CommandRequest[Literal["adjust"], Adjust]):
    """Lengthen or shorten the timer, and what remains of it."""


class ResetCommand(CommandRequest[Literal["reset"], Reset]):
    """Back to idle, with a new duration or the one it has."""


class StartRoundCommand(CommandRequest[Literal["start_round"], StartRound]):
    """The next round begins."""


class ScoreCommand(CommandRequest[Literal["score"], AddPoints]):
    """A team scored."""


class NoteCommand(CommandRequest[Literal["note"], Note]):
    """A line for the list of events."""


AnyCommand = Annotated[
    StartCommand
    | PauseCommand
    | ResumeCommand
    | AdjustCommand
    | ResetCommand
    | StartRoundCommand
    | ScoreCommand
    | NoteCommand,
    Field(discriminator="name"),
]


def _echoable(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value
    # The bound is what a JavaScript number holds exactly; NaN and the infinities fail it as well.
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 2**53:
        return value
    raise ValueError("should be a string, or a number of at most 2 to the power of 53")


class Ping(Value):
    """Asks for a pong that carries the same `echo`."""

    kind: Literal["ping"]
    echo: Annotated[JsonValue, AfterValidator(_echoable)]


class Resync(Value):
    """Asks for what came after the cursor `since`."""

    kind: Literal["resync"]
    since: str
