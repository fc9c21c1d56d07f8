"""What a fault kind is: settings, and a decision about each event that its rule applies to."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from proxy_addons.actions import Action
from proxy_addons.draws import draw
from proxy_addons.events import (
    ConnectionOpened,
    Counted,
    Event,
    MessagePassing,
    RequestReceived,
    SsePassing,
    StreamOpened,
    Transport,
)

_TRANSPORTS: dict[str, Transport] = {"websocket": "websocket", "eventsource": "eventsource"}


@dataclass(frozen=True, slots=True)
class Tally:
    """What a rule has seen before the event that is to be decided on."""

    nth_stream: int = 1
    """This is the rule's nth matching stream, request or connection."""
    messages: int = 0
    """How many messages or SSE events of this stream matched."""
    fired: int = 0
    """How often the rule fired so far, over all streams."""
    key: str = ""
    """What the rule's draws about this event are made of: the seed, the rule, the stream and the message."""
    picks_messages: bool = False
    """The rule looks for particular messages and is not shown the opening of their stream."""

    def draw(self, *what: object) -> float:
        """A number in [0, 1) for this event; `what` tells several draws apart."""
        return draw(self.key, *what)


class Fault(BaseModel):
    """Base of all kinds: a frozen model whose fields are the settings and whose docstring is the documentation.

    A kind gives its `kind` (`<scope>.<verb>`), its `colour` and `decide`. In plans and JSON it is its settings and
    `kind` beside them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: ClassVar[str] = ""
    """`<scope>.<verb>`: its name in plans and on the command line."""
    colour: ClassVar[str]
    """How to draw it: a CSS colour."""
    scope: ClassVar[str]
    """What it acts on: the first half of `kind`."""
    transport: ClassVar[Transport | None]
    """The only transport that it acts on, where its scope names one."""
    looks_back: ClassVar[bool] = False
    """Whether it needs the earlier answers of a RequestReceived."""
    needs_restart: ClassVar[bool] = False
    """Whether the subject must be able to restart its server for it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.scope = cls.kind.partition(".")[0]
        cls.transport = _TRANSPORTS.get(cls.scope)

    def events(self) -> tuple[type[Event], ...]:
        """The kinds of event that it may act on; no others are counted for its rule."""
        return _EVENTS[self.scope]

    @abstractmethod
    def decide(self, event: Event, tally: Tally) -> Action | None:
        """What to do about an event that its rule applies to; None: nothing, it passes."""

    @model_validator(mode="before")
    @classmethod
    def _without_kind(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("kind") == cls.kind:
            return {name: setting for name, setting in value.items() if name != "kind"}
        return value

    @model_serializer(mode="wrap")
    def _with_kind(self, settings: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": self.kind, **settings(self)}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler.resolve_ref_schema(handler(schema))
        described["properties"] = {"kind": {"const": cls.kind}, **described.get("properties", {})}
        described["required"] = ["kind", *described.get("required", [])]
        return described


class ConnectionFault(Fault):
    """Base of the kinds that act on a client's TCP connection, whatever is spoken on it.

    `on` says when: as soon as it is accepted, when a request has been read, or on an open WebSocket or event stream.
    """

    on: Literal["accept", "request", "stream"] = Field(
        default="accept", description="When: as it is accepted, when a request was read, or on an open stream."
    )
    after_messages: int = Field(
        default=0, ge=0, description="How many messages or events of the stream pass first; 0: as soon as it is open."
    )

    @model_validator(mode="after")
    def _only_streams_have_messages(self) -> Self:
        if self.after_messages and self.on != "stream":
            raise ValueError(f"after_messages needs on = 'stream': on = {self.on!r} comes before any message")
        return self

    def events(self) -> tuple[type[Event], ...]:
        return _MOMENTS[self.on]

    def decide(self, event: Event, tally: Tally) -> Action | None:
        due = reached(event, self.after_messages, tally) if self.on == "stream" else isinstance(event, self.events())
        return self.act(tally) if due else None

    @abstractmethod
    def act(self, tally: Tally) -> Action:
        """What to do to the connection when the time has come."""


def reached(event: Event, after: int, tally: Tally) -> bool:
    """Whether `after` messages or events have passed and no more may: for 0, when the stream opens, or with the first
    message where the rule looks for particular ones."""
    if after == 0 and not tally.picks_messages:
        return isinstance(event, StreamOpened)
    return isinstance(event, Counted) and tally.messages == after


_MOMENTS: dict[str, tuple[type[Event], ...]] = {
    "accept": (ConnectionOpened,),
    "request": (RequestReceived,),
    "stream": (StreamOpened, MessagePassing, SsePassing),
}

_EVENTS: dict[str, tuple[type[Event], ...]] = {
    "websocket": (StreamOpened, MessagePassing),
    "eventsource": (StreamOpened, SsePassing),
    "request": (RequestReceived,),
    "connection": (ConnectionOpened,),
    "upstream": (RequestReceived,),
}
"""What the kinds of a scope act on, where a kind does not say otherwise."""
