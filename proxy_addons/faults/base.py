"""What a fault kind is: settings, and a decision about each event that its rule applies to."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from proxy_addons.actions import Action
from proxy_addons.events import (
    ConnectionOpened,
    Event,
    ListenerReady,
    MessagePassing,
    RequestReceived,
    SsePassing,
    StreamOpened,
    Transport,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a rule has seen before the event that is to be decided on."""

    nth_stream: int = 1
    """This is the rule's nth matching stream, request or connection."""
    messages: int = 0
    """How many messages or SSE events of this stream matched."""
    fired: int = 0
    """How often the rule fired so far, over all streams."""


class Fault(BaseModel):
    """Base of all kinds: a frozen model whose fields are the settings and whose docstring is the documentation.

    A kind gives its `kind` (`<scope>.<verb>`), its `colour` and `decide`. In plans and JSON it is its settings and
    `kind` beside them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: ClassVar[str]
    """`<scope>.<verb>`: its name in plans and on the command line."""
    colour: ClassVar[str]
    """How to draw it: a CSS colour."""
    scope: ClassVar[str]
    """What it acts on: the first half of `kind`."""
    transport: ClassVar[Transport | None]
    """The only transport that it acts on, where its scope names one."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.scope = cls.kind.partition(".")[0]
        cls.transport = _TRANSPORTS.get(cls.scope)

    def events(self) -> tuple[type[Event], ...]:
        """The kinds of event that it may act on; no others are counted for its rule."""
        return _EVENTS[self.scope]

    @abstractmethod
    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        """What to do about an event that its rule applies to: one action, or none, and then the event passes."""

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


def reached(event: Event, after: int, tally: Tally) -> bool:
    """Whether `after` messages or events have passed and no more may: for 0, when the stream opens."""
    if after == 0:
        return isinstance(event, StreamOpened)
    return isinstance(event, MessagePassing | SsePassing) and tally.messages == after


_TRANSPORTS: dict[str, Transport] = {"websocket": "websocket", "eventsource": "eventsource"}

_EVENTS: dict[str, tuple[type[Event], ...]] = {
    "websocket": (StreamOpened, MessagePassing),
    "eventsource": (StreamOpened, SsePassing),
    "request": (RequestReceived,),
    "connection": (ListenerReady, ConnectionOpened, RequestReceived, StreamOpened, MessagePassing, SsePassing),
}
