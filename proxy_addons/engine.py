"""Plan + event -> decision: counts, limits, seeded draws, and which rules are in force. No clock, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from proxy_addons.actions import Action
from proxy_addons.counts import Count, Seen, size, where
from proxy_addons.errors import ProxyError, did_you_mean
from proxy_addons.events import (
    ControlPassing,
    Counted,
    Event,
    MessagePassing,
    Request,
    RequestReceived,
    ResponseReceived,
    ResponseStarting,
    SsePassing,
    SseRestPassing,
    StreamOpened,
)
from proxy_addons.faults.base import Tally
from proxy_addons.matching import (
    Directed,
    Sight,
    direction_of,
    passing_differences,
    request_differences,
    subject_differences,
)
from proxy_addons.plan import Plan, Rule, named, require_fit
from proxy_addons.timeline import Armed as Armed
from proxy_addons.timeline import Change, Timeline
from proxy_addons.timeline import Disarmed as Disarmed

_PASSING: tuple[type[Event], ...] = (MessagePassing, ControlPassing, SsePassing, SseRestPassing)
"""What passes on a stream, of either transport."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule wants done about an event."""

    rule: str
    """The rule's id."""
    kind: str
    """Its fault's kind."""
    action: Action

    @property
    def scope(self) -> str:
        """What the kind acts on: a stall of a connection is another one than a stall of a stream on it."""
        return self.kind.partition(".")[0]


class Engine:
    """Shows every event to every rule in force, in plan order, and returns what the first one that acts wants.

    Every rule that an event matches counts it, also where another rule acts. All times are seconds on one clock that
    never goes back. Not thread-safe: one thread owns it.
    """

    def __init__(self, plan: Plan, now_s: float = 0.0) -> None:
        self.version = 0
        """Grows whenever an answer of `watches` may have changed."""
        self._seed = plan.seed
        self._rules = plan.rules
        self._counts = {rule.id: Count() for rule in plan.rules}
        self._timeline = Timeline()
        self._connections: set[int] = set()
        self._last_connection = 0
        for rule in plan.rules:
            self._timeline.add(rule, now_s)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules in order of precedence, in force or not."""
        return self._rules

    @property
    def fired(self) -> Mapping[str, int]:
        """Rule id -> how often it fired, for all rules there are or were."""
        return MappingProxyType({rule: count.fired for rule, count in self._counts.items()})

    @property
    def looks_back(self) -> bool:
        """Whether some rule's fault wants the earlier answers of a RequestReceived."""
        return any(rule.fault.looks_back for rule in self._rules)

    # -- rules that come and go -------------------------------------------------------------------------------

    def add(self, rule: Rule, now_s: float = 0.0) -> Rule:
        """Adds a rule behind the others and returns it under its id; its counts and its time start afresh.

        Raises:
            ValueError: there is a rule with this id, or none that it could wait for.
        """
        rules = named((*self._rules, rule))
        require_fit(rules, gone=self._counts)
        self._rules = rules
        self._counts[rules[-1].id] = Count()
        self._timeline.add(rules[-1], now_s)
        self.version += 1
        return rules[-1]

    def remove(self, rule_id: str) -> None:
        """Removes a rule.

        Raises:
            KeyError: there is no such rule; it names the nearest one.
        """
        rule = self._rule(rule_id)
        self._rules = tuple(each for each in self._rules if each is not rule)
        self._timeline.remove(rule_id)
        self.version += 1

    def clear(self) -> None:
        """Removes all rules."""
        for rule in self._rules:
            self.remove(rule.id)

    # -- time, connections, the page ----------------------------------------------------------------------------

    def connection_began(self, connection: int, now_s: float) -> None:
        """A connection was accepted: the next one, as they are numbered."""
        self._connections.add(connection)
        self._last_connection = max(self._last_connection, connection)
        self._timeline.connection_began(connection, now_s)

    def connection_ended(self, connection: int) -> None:
        """Forgets it and its streams; what still comes of them concerns no rule."""
        self._connections.discard(connection)
        self._timeline.connection_ended(connection)
        for count in self._counts.values():
            count.forget(connection)

    def page_shows(self, transport: str, state: str, now_s: float) -> None:
        """The page shows another transport or state than before."""
        self._timeline.page_shows(transport, state, now_s)

    @property
    def next_change_s(self) -> float | None:
        """When `advance` has something to say next, as known now."""
        return self._timeline.next_change_s

    def advance(self, now_s: float) -> list[Change]:
        """Which rules came into force or went out of it since the last call, in order of time.

        Rules change in here and nowhere else. One that comes into force stays so until the next call at least; what
        else is due is then said by that one, so `next_change_s` may lie in the past.
        """
        changes = self._timeline.advance(now_s)
        self.version += bool(changes)
        return changes

    # -- events -------------------------------------------------------------------------------------------------

    def watches(self, request: Request, *kinds: type[Event]) -> bool:
        """Whether any rule in force could act on, or counts, an event of one of these kinds of this request or stream;
        without kinds: anything that passes on a stream."""
        kinds = kinds or _PASSING
        on_websocket = request.transport == "websocket"
        possible = [kind for kind in kinds if kind not in _PASSING or issubclass(kind, Directed) == on_websocket]
        return any(self._watched_by(rule, request, possible) for rule in self._rules)

    def decide(self, event: Event, now_s: float = 0.0) -> Decision | None:
        """What to do about an event; None: forward it.

        Raises:
            ProxyError: a fault failed; the text names its rule. All rules have counted the event nevertheless.
        """
        decision: Decision | None = None
        crash: ProxyError | None = None
        sight = Sight(event)
        for rule in self._rules:
            try:
                decision = self._ask(rule, sight, now_s, may_act=not (decision or crash)) or decision
            except ProxyError as error:
                crash = error
        if crash:
            raise crash
        return decision

    def decide_for(self, rule_id: str, event: Event, now_s: float = 0.0, *, may_act: bool = True) -> Decision | None:
        """What one rule alone wants done, and counts: for a rule that comes into force while streams stand. One that
        may not act counts only.

        Raises:
            KeyError: there is no such rule; it names the nearest one.
            ProxyError: its fault failed.
        """
        return self._ask(self._rule(rule_id), Sight(event), now_s, may_act=may_act)

    # -- one rule -------------------------------------------------------------------------------------------------

    def _ask(self, rule: Rule, sight: Sight, now_s: float, *, may_act: bool) -> Decision | None:
        event = sight.event
        connection, _ = where(event)
        acts = isinstance(event, rule.fault.events())
        if not (acts or _meets(rule, event)) or not self._in_force(rule, connection):
            return None
        seen = self._matching(rule, sight)
        if seen is None or not acts:
            return None
        count = self._counts[rule.id]
        before = seen.messages
        key = repr((self._seed, rule.id, seen.nth, seen.count(event)))
        tally = Tally(seen.nth, before, count.fired, key, rule.when.picks_messages)
        if not may_act or not _may_fire(rule, tally):
            return None
        action = _action(rule, event, tally)
        if action is None:
            return None
        count.fire(connection)
        self.version += self._spent(rule, connection)
        self._timeline.fired(rule.id, now_s)
        return Decision(rule.id, rule.fault.kind, action)

    def _matching(self, rule: Rule, sight: Sight) -> Seen | None:
        """What the rule has seen of the event's stream, if the event matches.

        A stream has its number as soon as it is seen, whichever messages the rule looks for; a request or answer that
        is looked at whole has it if it matches as a whole.
        """
        event = sight.event
        seen = self._counts[rule.id].seen(*where(event))
        if seen is None:
            if next(subject_differences(rule, event), None):
                return None
            if not isinstance(event, RequestReceived | ResponseReceived):
                seen = self._number(rule, event)
        passed = seen.bytes if seen else 0
        if seen and isinstance(event, Counted) and _goes(event) == rule.when.direction:
            seen.bytes += size(event)
        if next(passing_differences(rule, sight, passed), None):
            return None
        return seen or self._number(rule, event)

    def _number(self, rule: Rule, event: Event) -> Seen:
        self.version += rule.when.nth is not None
        return self._counts[rule.id].number(event)

    def _watched_by(self, rule: Rule, request: Request, kinds: list[type[Event]]) -> bool:
        acts_on, direction = rule.fault.events(), rule.when.direction
        if not any(issubclass(kind, acts_on) and direction_of(kind) in (None, direction) for kind in kinds):
            return False
        if not self._in_force(rule, request.connection):
            return False
        seen = self._counts[rule.id].seen(request.connection, request.exchange)
        if seen is None:
            return not any(request_differences(rule, request))
        return rule.when.nth in (None, seen.nth)

    def _in_force(self, rule: Rule, connection: int) -> bool:
        """Whether it is the rule's time, its limits leave room, and the connection still stands."""
        return (
            self._timeline.in_force(rule.id, connection)
            and not self._spent(rule, connection)
            and (connection in self._connections or connection > self._last_connection or not connection)
        )

    def _spent(self, rule: Rule, connection: int) -> bool:
        """Whether the rule has fired as often as it may."""
        count = self._counts[rule.id]
        return (rule.times is not None and count.fired >= rule.times) or (
            rule.times_per_connection is not None and count.fired_on(connection) >= rule.times_per_connection
        )

    def _rule(self, rule_id: str) -> Rule:
        for rule in self._rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(f"unknown rule {rule_id!r}{did_you_mean(rule_id, (rule.id for rule in self._rules))}")


def _meets(rule: Rule, event: Event) -> bool:
    """Whether a rule that does not act on the event gives its stream or request a number nevertheless: streams are
    numbered as they open, and not as they speak; requests as they come, and not as they are answered."""
    acts_on = rule.fault.events()
    if isinstance(event, StreamOpened):
        return any(issubclass(kind, _PASSING) for kind in acts_on)
    answers = any(issubclass(kind, ResponseStarting | ResponseReceived) for kind in acts_on)
    return isinstance(event, RequestReceived) and answers and rule.when.payload is None


def _may_fire(rule: Rule, tally: Tally) -> bool:
    """Whether it is the rule's stream and its draw is won."""
    when = rule.when
    return (when.nth is None or tally.nth_stream == when.nth) and (
        when.probability == 1 or tally.draw("probability") < when.probability
    )


def _goes(event: Counted) -> str:
    return event.direction if isinstance(event, MessagePassing) else "to_client"


def _action(rule: Rule, event: Event, tally: Tally) -> Action | None:
    """What the rule's fault decides; whatever goes wrong in it is reported under the rule's name."""
    try:
        return rule.fault.decide(event, tally)
    except Exception as error:
        raise ProxyError(f"rule {rule.id!r} ({rule.fault.kind}) failed: {error!r}", rule=rule.id) from error
