"""Plan + event -> decision: counts, limits and seeded draws. No clock, no I/O, no shared random generator."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import get_args

from proxy_addons.actions import Action
from proxy_addons.errors import ProxyError, did_you_mean
from proxy_addons.events import ConnectionOpened, Direction, Event, ListenerReady, MessagePassing, Request, SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.framing.sse import SseBlock
from proxy_addons.matching import mismatches
from proxy_addons.plan import Plan, Rule, named


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule wants done about an event."""

    rule: str
    """The rule's id."""
    kind: str
    """Its fault's kind."""
    action: Action


@dataclass(slots=True)
class _Count:
    """What one rule has seen."""

    streams: dict[Hashable, int] = field(default_factory=dict)
    """Stream, request or connection -> its number in order of appearance, from 1."""
    messages: dict[Hashable, int] = field(default_factory=dict)
    fired: int = 0

    def tally(self, event: Event) -> Tally:
        """What was seen before the event, which counts from now on."""
        subject = _subject(event)
        nth = self.streams.setdefault(subject, len(self.streams) + 1)
        messages = self.messages.get(subject, 0)
        if isinstance(event, MessagePassing | SsePassing):
            self.messages[subject] = messages + 1
        return Tally(nth, messages, self.fired)


class Engine:
    """Shows every event to every rule, in plan order, and returns what the first one that acts wants.

    Every rule that an event matches counts it, also where another rule acts. Not thread-safe: one thread owns it.
    """

    def __init__(self, plan: Plan) -> None:
        self._seed = plan.seed
        self._rules = plan.rules
        self._counts = {rule.id: _Count() for rule in plan.rules}

    @property
    def rules(self) -> tuple[Rule, ...]:
        """In order of precedence."""
        return self._rules

    @property
    def fired(self) -> Mapping[str, int]:
        """Rule id -> how often it fired, for all rules there are or were."""
        return MappingProxyType({rule: count.fired for rule, count in self._counts.items()})

    def add(self, rule: Rule) -> Rule:
        """Adds a rule behind the others and returns it under its id; its counts start afresh.

        Raises:
            ValueError: there is a rule with this id.
        """
        self._rules = named((*self._rules, rule))
        self._counts[self._rules[-1].id] = _Count()
        return self._rules[-1]

    def remove(self, rule_id: str) -> None:
        """Removes a rule.

        Raises:
            KeyError: there is no such rule; it names the nearest one.
        """
        rule = self._rule(rule_id)
        self._rules = tuple(each for each in self._rules if each is not rule)

    def clear(self) -> None:
        """Removes all rules."""
        self._rules = ()

    def watches(self, request: Request) -> bool:
        """Whether any rule could act on, or counts, a message or event of this stream."""
        probes = _probes(request)
        return any(not mismatches(rule, probe) for rule in self._rules for probe in probes)

    def decide(self, event: Event) -> Decision | None:
        """What to do about an event; None: forward it.

        Raises:
            ProxyError: a fault failed; the text names its rule. All rules have counted the event nevertheless.
        """
        decision: Decision | None = None
        crash: ProxyError | None = None
        for rule in self._rules:
            try:
                decision = self._ask(rule, event, may_act=not (decision or crash)) or decision
            except ProxyError as error:
                crash = error
        if crash:
            raise crash
        return decision

    def decide_for(self, rule_id: str, event: Event) -> Decision | None:
        """What one rule alone wants done, and counts: for a rule that is added while streams stand.

        Raises:
            KeyError: there is no such rule; it names the nearest one.
            ProxyError: its fault failed.
        """
        return self._ask(self._rule(rule_id), event, may_act=True)

    def _ask(self, rule: Rule, event: Event, *, may_act: bool) -> Decision | None:
        if mismatches(rule, event):
            return None
        count = self._counts[rule.id]
        tally = count.tally(event)
        if not may_act or not self._may_fire(rule, event, tally):
            return None
        action = _action(rule, event, tally)
        if action is None:
            return None
        count.fired += 1
        return Decision(rule.id, rule.fault.kind, action)

    def _may_fire(self, rule: Rule, event: Event, tally: Tally) -> bool:
        """Whether the limits of the rule leave room and its draw is won."""
        when = rule.when
        return (
            (rule.times is None or tally.fired < rule.times)
            and (when.nth is None or tally.nth_stream == when.nth)
            and (when.probability == 1 or self._draw(rule.id, event, tally) < when.probability)
        )

    def _draw(self, rule_id: str, event: Event, tally: Tally) -> float:
        """A number in [0, 1) that depends on the seed and on what this rule has seen of this stream, and on no more."""
        nth_message = tally.messages + 1 if isinstance(event, MessagePassing | SsePassing) else 0
        key = repr((self._seed, rule_id, tally.nth_stream, nth_message)).encode()
        return int.from_bytes(hashlib.blake2b(key, digest_size=6).digest()) / (1 << 48)

    def _rule(self, rule_id: str) -> Rule:
        for rule in self._rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(f"unknown rule {rule_id!r}{did_you_mean(rule_id, (rule.id for rule in self._rules))}")


def _action(rule: Rule, event: Event, tally: Tally) -> Action | None:
    """What the rule's fault decides; whatever goes wrong in it is reported under the rule's name."""
    try:
        actions = rule.fault.decide(event, tally)
        if len(actions) > 1:
            raise ValueError(f"{len(actions)} actions for one event")
    except Exception as error:
        raise ProxyError(f"rule {rule.id!r} ({rule.fault.kind}) failed: {error!r}", rule=rule.id) from error
    return actions[0] if actions else None


def _subject(event: Event) -> Hashable:
    """What the event is about: the listener, a connection, or a request and the stream that grows out of it."""
    match event:
        case ListenerReady():
            return "listener"
        case ConnectionOpened(connection):
            return ("connection", connection)
    return ("exchange", event.request.exchange)


def _probes(request: Request) -> list[Event]:
    """One of each message or event that may pass on a stream."""
    if request.transport == "websocket":
        directions: tuple[Direction, ...] = get_args(Direction)
        return [MessagePassing(request, direction, 1, b"", text=True) for direction in directions]
    return [SsePassing(request, 1, SseBlock(b"\n"))]
