"""Events of our own that travel down mitmproxy's layers to one stream, in turn with the network's."""

from dataclasses import dataclass

from mitmproxy.proxy.events import Event


@dataclass(frozen=True)
class StreamSignal(Event):
    """Meant for the HTTP stream with this number (mitmproxy's, per connection)."""

    stream_id: int


@dataclass(frozen=True)
class Opened(StreamSignal):
    """The stream stands: its opening has been passed on to the client."""


@dataclass(frozen=True)
class RuleAdded(StreamSignal):
    """A rule came into force while the stream stands."""

    rule: str


@dataclass(frozen=True)
class RuleRemoved(StreamSignal):
    """A rule is no longer in force: what it holds back is to be released."""

    rule: str


@dataclass(frozen=True)
class Due(StreamSignal):
    """A time that the stream asked for (`Listener.wake`) has come."""

    token: object


@dataclass(frozen=True)
class StallOver:
    """The token of the wake-up at which a rule's stall ends by itself."""

    rule: str
