"""What of a stream's messages reached its client, and when: the record of a message says what came, receipts and
releases say what went out."""

import math
import re
from dataclasses import dataclass

from proxy_addons.framing.sse import SseFramer
from proxy_addons.records import NOT_FLUSHED, FaultFired, MessageSeen, Record, Released, RuleChanged

_LATER = ("delay", "reorder", "stall")
_NOTHING_NOW = (*_LATER, "drop", "abort", "reset", "close", "end")
_IN_ANOTHER_ORDER = ("replace", "insert", "duplicate", "delay", "reorder")
"""What goes into a buffer then is not what came, and a buffer counts what came."""
_SLOWING = ("pace", "limit", "stall")
_FOR_MS = re.compile(r"for ([\d.e+]+) ms")


@dataclass(eq=False)
class _Held:
    """A message that did not go out when it came."""

    t: float
    data: str
    rule: str = ""
    """Which holds it alone; empty: it is behind a stall, in a buffer or lost."""


class Passage:
    """The way of one stream to its client."""

    def __init__(self, *, is_websocket: bool = False) -> None:
        self._is_websocket = is_websocket
        self._last: MessageSeen | None = None
        self._held: list[_Held] = []
        self._doubled: dict[str, str] = {}
        """Rule -> the message of which it made copies last."""
        self._is_buffered = False
        self.is_unsure = False
        """An intermediary holds what it likes, and the record does not say until when, or in which order."""

    def came(self, record: MessageSeen) -> None:
        """A message came by, in either direction."""
        self._last = record
        if record.direction == "to_client" and not record.delivered:
            self._held.append(_Held(record.t, record.data))

    def acted(self, fired: FaultFired) -> list[str]:
        """A rule acted on the last message, or on the stream: the messages that went out at that time because of it."""
        if fired.effect == "buffer":
            self._is_buffered = True
            self.is_unsure |= fired.detail == NOT_FLUSHED
            return []
        self.is_unsure |= self._is_buffered and fired.effect in _IN_ANOTHER_ORDER
        if fired.index is None:
            return self._sent(fired, "") if fired.effect == "insert" else []
        last = self._last
        if last is None or last.index != fired.index or last.direction == "to_server":
            return []
        if not last.delivered and self._held:
            self._held.pop()
        if fired.effect == "duplicate":
            self._doubled[fired.rule] = last.data
        if fired.kind.startswith("connection.") and fired.effect in _SLOWING:
            return [] if last.delivered else [last.data]
        if fired.effect in _LATER:
            self._held.append(_Held(last.t, last.data, "" if fired.effect == "stall" else fired.rule))
        return [] if fired.effect in _NOTHING_NOW else self._sent(fired, last.data)

    def released(self, record: Released) -> list[tuple[str, float]]:
        """What was held goes out, with how late it is; where nothing was, it is a copy of what the rule doubled."""
        own = [held for held in self._held if held.rule == record.rule]
        going = (own or [held for held in self._held if not held.rule])[: record.messages]
        self._held = [held for held in self._held if held not in going]
        if not going and record.messages and record.rule in self._doubled:
            return [(self._doubled[record.rule], 0.0)]
        return [(held.data, record.t - held.t) for held in going]

    def _sent(self, fired: FaultFired, came: str) -> list[str]:
        if not self._is_websocket:
            heard = ("message", self._last.event if self._last else "")  # a page that listens to it hears no other type
            return [
                block.data.decode(errors="backslashreplace")
                for block in SseFramer().feed(fired.sent.encode())
                if block.data is not None and block.event in heard
            ]
        match fired.effect:
            case "duplicate":
                return [came] * max(1, len(fired.sent) // max(1, len(came)))
            case "fragment":
                return [came]
            case "insert" if came:
                before = fired.sent.removesuffix(came)
                return [before, came] if before != fired.sent else [came, fired.sent.removeprefix(came)]
            case "replace" | "insert":
                return [fired.sent]  # an empty message is one, too
            case _:
                return [fired.sent] if fired.sent else []


class Slowness:
    """What rules do to whole connections, below all that is spoken on them: which they slow down, so that nowhere is
    recorded when bytes arrive, and which they stall towards the client, so that none do.

    Receipts of such effects name the directions, and for how long. Where one does not, bytes may come or not.
    """

    def __init__(self) -> None:
        self._slowed: dict[int, set[str]] = {}
        self._stalled: dict[int, dict[str, float]] = {}
        """By connection and rule, until when."""

    def learn(self, record: Record) -> list[tuple[float, int]]:
        """The stalls that have ended by now: when, and of which connection."""
        over = self._run_out(record.t) if self._stalled else []
        if isinstance(record, FaultFired) and record.connection is not None:
            if record.kind.startswith("connection.") and record.effect in _SLOWING:
                self._began(record, record.connection)
        elif isinstance(record, RuleChanged) and record.change in ("removed", "disarmed"):
            for rules in self._slowed.values():
                rules.discard(record.rule)
            over += self._end([(record.t, each, record.rule) for each in self._stalled])
        return over

    def holds(self, connection: int) -> bool:
        """Whether bytes may come later than the record says."""
        return bool(self._slowed.get(connection))

    def stalls(self, connection: int) -> bool:
        """Whether no byte comes."""
        return bool(self._stalled.get(connection))

    def _began(self, fired: FaultFired, connection: int) -> None:
        if fired.effect != "stall" or not fired.detail:
            if "to_client" in fired.detail or not fired.detail:
                self._slowed.setdefault(connection, set()).add(fired.rule)
        elif "to_client" in fired.detail:
            timed = _FOR_MS.search(fired.detail)
            until = fired.t + float(timed[1]) / 1000 if timed else math.inf
            self._stalled.setdefault(connection, {})[fired.rule] = until

    def _run_out(self, t: float) -> list[tuple[float, int]]:
        due = [
            (until, connection, rule)
            for connection, rules in self._stalled.items()
            for rule, until in rules.items()
            if until <= t
        ]
        return self._end(sorted(due))

    def _end(self, stalls: list[tuple[float, int, str]]) -> list[tuple[float, int]]:
        over = []
        for t, connection, rule in stalls:
            rules = self._stalled[connection]
            if rules.pop(rule, None) is not None and not rules:
                over.append((t, connection))
        return over
