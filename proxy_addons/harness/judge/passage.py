"""What of a stream's messages reached its client, and when: the record of a message says what came, receipts and
releases say what went out."""

from dataclasses import dataclass

from proxy_addons.framing.sse import SseFramer
from proxy_addons.records import FaultFired, MessageSeen, Record, Released, RuleChanged

_LATER = ("delay", "reorder", "stall")
_NOTHING_NOW = (*_LATER, "drop", "abort", "reset", "close", "end")
_SLOWING = ("pace", "limit", "stall")


@dataclass(eq=False)
class _Held:
    """A message that did not go out when it came."""

    t: float
    data: str
    rule: str = ""
    """Which holds it alone; empty: it is behind a stall or lost."""


class Passage:
    """The way of one stream to its client."""

    def __init__(self, *, is_websocket: bool = False) -> None:
        self._is_websocket = is_websocket
        self._last: MessageSeen | None = None
        self._held: list[_Held] = []
        self.is_buffered = False
        """An intermediary holds what it likes, and the record does not say until when."""

    def came(self, record: MessageSeen) -> None:
        """A message came by, in either direction."""
        self._last = record
        if record.direction == "to_client" and not record.delivered:
            self._held.append(_Held(record.t, record.data))

    def acted(self, fired: FaultFired) -> list[str]:
        """A rule acted on the last message, or on the stream: the messages that went out at that time because of it."""
        if fired.effect == "buffer":
            self.is_buffered = True
            return []
        if fired.index is None:
            return self._sent(fired, "") if fired.effect == "insert" else []
        last = self._last
        if last is None or last.index != fired.index or last.direction == "to_server":
            return []
        if not last.delivered and self._held:
            self._held.pop()
        if fired.kind.startswith("connection.") and fired.effect in _SLOWING:
            return [] if last.delivered else [last.data]
        if fired.effect in _LATER:
            self._held.append(_Held(last.t, last.data, "" if fired.effect == "stall" else fired.rule))
        return [] if fired.effect in _NOTHING_NOW else self._sent(fired, last.data)

    def released(self, record: Released) -> list[tuple[str, float]]:
        """What was held goes out, with how late it is; a copy that comes late is the last message once more."""
        own = [held for held in self._held if held.rule == record.rule]
        going = (own or [held for held in self._held if not held.rule])[: record.messages]
        self._held = [held for held in self._held if held not in going]
        if not going and record.messages and self._last is not None:
            return [(self._last.data, 0.0)]
        return [(held.data, record.t - held.t) for held in going]

    def _sent(self, fired: FaultFired, came: str) -> list[str]:
        if not self._is_websocket:
            return [
                block.data.decode(errors="backslashreplace")
                for block in SseFramer().feed(fired.sent.encode())
                if block.data is not None
            ]
        match fired.effect:
            case "duplicate":
                return [came] * max(1, len(fired.sent) // max(1, len(came)))
            case "fragment":
                return [came]
            case "insert" if came:
                before = fired.sent.removesuffix(came)
                return [before, came] if before != fired.sent else [came, fired.sent.removeprefix(came)]
            case _:
                return [fired.sent] if fired.sent else []


class Slowness:
    """Which connections a rule slows down or stalls below all that is spoken on them: when bytes arrive there is
    nowhere recorded."""

    def __init__(self) -> None:
        self._rules: dict[int, set[str]] = {}

    def learn(self, record: Record) -> None:
        if isinstance(record, FaultFired) and record.connection is not None:
            if record.kind.startswith("connection.") and record.effect in _SLOWING:
                self._rules.setdefault(record.connection, set()).add(record.rule)
        elif isinstance(record, RuleChanged) and record.change in ("removed", "disarmed"):
            for rules in self._rules.values():
                rules.discard(record.rule)

    def holds(self, connection: int) -> bool:
        return bool(self._rules.get(connection))
