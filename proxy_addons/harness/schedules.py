"""Random schedules: a seed -> a scenario of two or three faults, after which the page is live and up to date. Pure."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from proxy_addons.draws import draw
from proxy_addons.events import (
    ConnectionOpened,
    Event,
    ListenerReady,
    MessagePassing,
    RequestReceived,
    ResponseReceived,
    ResponseStarting,
    SsePassing,
    StreamOpened,
)
from proxy_addons.faults import FAULTS
from proxy_addons.harness.drawn_faults import fault_of, fits, picked
from proxy_addons.harness.scenario import LADDER, SHUT_OUT, Scenario
from proxy_addons.plan import Rule

_WHY = "Drawn at random: what nobody has thought of goes wrong together."
_NAMES = ("first", "second", "third")
_STARTS = (None, None, None, "eventsource", "eventsource", "polling")
"""Over what the page is live at first; None: over the best there is."""
_MOMENTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"after_ms": 200},
    {"after_ms": 1000},
    {"after_ms": 3000},
    {"page": {"state": "connecting"}},
    {"page": {"state": "connecting", "shown_ms": 400}},
    {"page": {"transport": "eventsource", "state": "live"}},
    {"page": {"transport": "polling", "state": "live"}},
)
"""From when on a rule is in force, beside waiting for another one and being injected by a step."""
_PICKINESS: tuple[dict[str, Any], ...] = (
    {},
    {"nth": 2},
    {"every": 2},
    {"message": 3},
    {"direction": "to_server"},
    {"probability": 0.5},
    {"for_ms": 2000},
)
"""On what else it may depend whether it fires."""
_TRANSPORTS = ("websocket", "eventsource", "http")
_TIMES = (1, 1, 2, 4, None)
_ENDING = ("abort", "reset", "close", "end", "stall", "cut", "cut_after", "down", "respond", "hold")
"""What the kinds do, by their second half, that take a page's connection away: the other rules then meet a page that
comes back."""
_MET: dict[str, set[type[Event]]] = {
    "websocket": {StreamOpened, MessagePassing, ConnectionOpened, ListenerReady},
    "eventsource": {StreamOpened, SsePassing, ConnectionOpened, ListenerReady},
    "polling": {RequestReceived, ResponseReceived, ConnectionOpened, ListenerReady},
}
"""Transport -> what happens to a page that is live over it."""
_MET_COMING_BACK: set[type[Event]] = {RequestReceived, ResponseReceived, ResponseStarting}


def schedule(seed: int, happenings: Sequence[str] = ("note",), deeds: Sequence[str] = ("note",)) -> Scenario:
    """The schedule of this seed; the same in every version of Python.

    What the server says meanwhile is among `happenings`, what is done on the page among `deeds`. A rule need not fire:
    whether it does depends on what the others do. A run in which none did proves nothing.
    """
    start = picked(_STARTS, seed, "start")
    rules = [*_rules(seed, start)]
    kinds = [rule["fault"]["kind"] for rule in rules]
    restarts = any(FAULTS[kind].needs_restart for kind in kinds)
    given: dict[str, Any] = {"transport": start} if start else {}
    given |= {"pages": 2} if draw(seed, "pages") < 0.1 else {}
    given |= {"keeps_its_log": True} if restarts and draw(seed, "log") < 0.5 else {}
    return Scenario.model_validate(
        {
            "name": f"random/{seed}",
            "title": f"Random schedule {seed}: {', '.join(kinds)}",
            "why": _WHY,
            "seed": seed,
            "given": given,
            "rules": rules,
            "may_miss": [rule["id"] for rule in rules],
            "steps": [*_steps(seed, rules, start, happenings, deeds)],
            "heal": {"after_ms": picked((500, 2000, 5000), seed, "heal")},
        }
    )


# -- what goes wrong ----------------------------------------------------------------------------------------------


def _rules(seed: int, start: str | None) -> Iterator[dict[str, Any]]:
    """The first is one that the page meets where it is, often one that drives it away; the others, mostly, one that it
    meets when it comes back."""
    for number, name in enumerate(_NAMES[: 2 + (draw(seed, "rules") < 0.5)]):
        key = (seed, name)
        ends = number == 0 and draw(*key, "ends") < 0.6
        anywhere = number > 0 and draw(*key, "anywhere") < 0.25
        fault = next(_drawn(key, start, ends=ends, back=number > 0, anywhere=anywhere))
        rule: dict[str, Any] = {"id": name, "fault": fault}
        rule = _with(rule, "times", picked(_TIMES, *key, "times"))
        for condition in _conditions(key, number, start):
            more = {**rule, "when": {**rule.get("when", {}), **condition}}
            rule = more if fits(Rule.model_validate, more) else rule
        yield rule


def _drawn(
    key: tuple[object, ...], start: str | None, *, ends: bool, back: bool, anywhere: bool
) -> Iterator[dict[str, Any]]:
    """Faults that fit, one draw after the other: that end a connection, that a page meets over its first transport or
    when it comes back, or anywhere at all."""
    kinds = [kind for kind in FAULTS.values() if not ends or kind.kind.partition(".")[2] in _ENDING]
    met = _MET[start or LADDER[0]] | (_MET_COMING_BACK if back else set())
    for number in count():
        settings = fault_of(picked(kinds, *key, "kind", number), *key, number)
        fault = Rule.model_validate({"fault": settings}).fault
        if anywhere or (fault.transport in (None, start or LADDER[0]) and met & set(fault.events())):
            yield settings


def _conditions(key: tuple[object, ...], number: int, start: str | None) -> Iterator[dict[str, Any]]:
    """One after the other; those that contradict the fault are left out."""
    on = {"eventsource": "eventsource", "polling": "http"}.get(start or "", "websocket")
    transport = picked((None, on, None, on, *_TRANSPORTS) if number else (None, on), *key, "on")
    yield {"transport": transport} if transport else {}
    if number and draw(*key, "waits") < 0.35:
        other = picked(_NAMES[:number], *key, "after")
        yield {"after": other, "after_ms": picked((0, 200, 1000), *key, "after_ms")}
    else:
        yield picked(_MOMENTS if number else _MOMENTS[:5], *key, "moment")
    if number and draw(*key, "picky") < 0.4:
        yield picked(_PICKINESS, *key, "pickiness")


def _with(rule: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return rule if value is None else {**rule, name: value}


# -- what happens meanwhile ---------------------------------------------------------------------------------------


def _steps(
    seed: int, rules: Sequence[dict[str, Any]], start: str | None, happenings: Sequence[str], deeds: Sequence[str]
) -> Iterator[dict[str, Any]]:
    awaited = {rule.get("when", {}).get("after") for rule in rules}
    others = [rule["id"] for rule in rules[1:] if rule["id"] not in awaited]
    late = [name for name in others if draw(seed, name, "is injected") < 0.25]
    healed = [rule["id"] for rule in rules if draw(seed, rule["id"], "is healed") < 0.2]
    length = 2 + int(draw(seed, "steps") * 4)
    for number in range(length):
        yield from _step(picked(_WHAT, seed, number, "what"), happenings, deeds, seed, number)
        yield from ({"do": "inject", "rules": [name]} for name in late if _turn(seed, name, "in", length - 1) == number)
        late_enough = (name for name in healed if _turn(seed, name, "out", length) == number and name not in late)
        yield from ({"do": "heal", "rules": [name]} for name in late_enough)
        if start and draw(seed, "climbs") < 0.3 and _turn(seed, "", "climb", length) == number:
            yield {"do": "heal", "rules": [SHUT_OUT.format(LADDER[0])]}


_WHAT = ("event", "event", "events", "command", "commands", "hide", "offline", "block", "wait", "wait")


def _turn(seed: int, name: str, what: str, length: int) -> int:
    """Behind which step it comes."""
    return int(draw(seed, name, what) * length)


def _step(what: str, happenings: Sequence[str], deeds: Sequence[str], *key: object) -> Iterator[dict[str, Any]]:
    ms = picked((300, 1000, 2500, 6000), *key, "ms")
    match what:
        case "event":
            yield {"do": "event", "what": picked(happenings, *key)}
        case "events":
            yield {"do": "event", "times": 3, "apart_ms": picked((0, 400, 1200), *key, "apart")}
        case "command" | "commands":
            for number in range(1 if what == "command" else 3):
                yield {"do": "command", "what": picked(deeds, *key, number)}
        case "hide" | "offline":
            yield {"do": what}
            yield {"do": "wait", "ms": ms}
            yield {"do": "show" if what == "hide" else "online"}
        case _:
            yield {"do": what, "ms": min(ms, 2500) if what == "block" else ms}
