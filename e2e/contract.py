"""How the reference app's traffic is read: valid is what its contract says, not what its client makes of it."""

import json
from typing import Annotated, Any, Literal, cast, get_args
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from proxy_addons.harness.judge.facts import Evidence, Purpose, Said, Whose
from proxy_addons.records import RequestSeen
from reference_app.timer import MAX_DURATION_MS, EventName

MAX_CHARACTERS = 256 * 1024
"""What a client may refuse to read."""

MARKS = {
    name: f"#timer@data-{name}"
    for name in (
        *("state", "remaining-ms", "stale", "transport", "connection", "epoch", "seq", "age-ms"),
        *("round", "home", "away"),
    )
} | {"remaining": "#remaining", "command": "#commands > li:first-child@data-command-state"}
"""Where the page shows what: the marks of its looks."""

ITEMS = "#events > li"
"""Where the page lists its events."""

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Duration = Annotated[int, Field(ge=0, le=MAX_DURATION_MS)]
Instant = Annotated[int, Field(ge=0, le=8_640_000_000_000_000)]
Points = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]
Text = Annotated[str, Field(max_length=10_000)]


class Part(BaseModel):
    """Fields that nobody knows are let through: a newer server may send them."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class Running(Part):
    phase: Literal["running"]
    duration_ms: Duration
    deadline_ms: Instant


class Stopped(Part):
    phase: Literal["idle", "paused", "expired"]
    duration_ms: Duration
    remaining_ms: Duration

    @model_validator(mode="after")
    def _no_more_than_all(self) -> "Stopped":
        if self.remaining_ms > self.duration_ms:
            raise ValueError("more remains than there was")
        return self


Timer = Annotated[Running | Stopped, Field(discriminator="phase")]


class Score(Part):
    home: Points
    away: Points


class Game(Part):
    round: Count
    score: Score


class ScoreChange(Part):
    home: Points | None = None
    away: Points | None = None


class GameChange(Part):
    round: Count | None = None
    score: ScoreChange | None = None


class Event(Part):
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    name: EventName
    at_ms: Instant
    timer: Timer | None = None
    game: GameChange | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _says_what_changed(self) -> "Event":
        score = self.game.score if self.game else None
        changed: object
        match self.name:
            case "round_started":
                changed = self.game and self.game.round
            case "scored":
                changed = score and (score.home if score.home is not None else score.away)
            case "noted":
                changed = self.text
            case _:
                changed = self.timer
        if changed is None:
            raise ValueError("does not say what changed")
        return self


class Envelope(Part):
    v: Annotated[int, Field(ge=1, le=1)]
    epoch: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]
    seq: Count
    server_ms: Instant


class SnapshotMessage(Envelope):
    kind: Literal["snapshot"]
    timer: Timer
    game: Game
    events: list[Event]
    oldest_seq: Count

    @model_validator(mode="after")
    def _has_no_holes(self) -> "SnapshotMessage":
        first = self.seq - len(self.events) + 1
        if [event.seq for event in self.events] != list(range(first, self.seq + 1)):
            raise ValueError("the events have holes, or do not end where the snapshot says")
        return self


class EventMessage(Event, Envelope):
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]
    kind: Literal["event"]


class Tick(Envelope):
    kind: Literal["tick"]
    timer: Timer


class Pong(Envelope):
    kind: Literal["pong"]
    echo: Any


class Failure(Part):
    code: Text
    message: Text


class Result(Envelope):
    kind: Literal["result"]
    id: Text
    ok: bool
    error: Failure | None = None


class ErrorMessage(Failure, Envelope):
    kind: Literal["error"]
    id: Text | None = None


class Goodbye(Envelope):
    kind: Literal["goodbye"]
    spread_ms: Duration


_MESSAGE: TypeAdapter[SnapshotMessage | EventMessage | Tick | Pong | Result | ErrorMessage | Goodbye] = TypeAdapter(
    Annotated[
        SnapshotMessage | EventMessage | Tick | Pong | Result | ErrorMessage | Goodbye, Field(discriminator="kind")
    ]
)


class ReferenceContract:
    """The Contract of the reference app."""

    offers: frozenset[Evidence] = frozenset(
        {"truth", "cursor", "display", "attempts", "trace", "figures", "health", "commands"}
    )

    def said(self, data: str) -> Said | None:
        """What a message says, or None where it breaks the wire contract."""
        if len(data) > MAX_CHARACTERS or "\ufffd" in data:
            return None
        try:
            message = _MESSAGE.validate_python(_parsed(data))
        except (ValueError, RecursionError, ValidationError):
            return None
        if not isinstance(message, SnapshotMessage):
            return Said(message.kind, message.epoch, message.seq)
        left_out = message.seq - len(message.events)
        return Said("snapshot", message.epoch, message.seq, left_out or None)

    def polled(self, body: str) -> list[str]:
        """The messages in `{"messages": [...]}`."""
        try:
            messages = _parsed(body)["messages"] if len(body) <= MAX_CHARACTERS else None
        except (ValueError, RecursionError, KeyError, TypeError):
            return [body]
        return [json.dumps(each) for each in messages] if isinstance(messages, list) and messages else [body]

    def whose(self, request: RequestSeen) -> Whose:
        """By `client`, `attempt` and `for` in the URL; a command is one by its method."""
        url = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        attempt = query.get("attempt", "")
        purpose = query.get("for", "live")
        if not url.path.startswith("/timer"):
            purpose = "asset"
        elif request.method not in ("GET", "HEAD"):
            purpose = "command"
        elif purpose not in get_args(Purpose):
            purpose = "live"
        who = query.get("client", "?")
        return Whose(who, int(attempt) if attempt.isdecimal() else 0, cast(Purpose, purpose))


def client_of(url: str) -> str | None:
    """Who sends a request to this URL, where that says so."""
    return parse_qs(urlsplit(url).query).get("client", [None])[0]


def _parsed(data: str) -> Any:
    """As JavaScript parses it: `5.0` is a whole number, and there is no NaN."""
    return json.loads(data, parse_float=_number, parse_constant=_none)


def _number(text: str) -> float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _none(text: str) -> float:
    raise ValueError(f"{text} is no JSON")
