"""Does a rule apply to an event, and if not, why not. The explanation comes first; the answer is that there is none."""

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from proxy_addons.events import (
    ConnectionOpened,
    ControlPassing,
    Counted,
    Direction,
    Event,
    ListenerReady,
    MessagePassing,
    Request,
    RequestReceived,
    ResponseReceived,
    SsePassing,
    SseRestPassing,
)
from proxy_addons.framing.json_text import value_at
from proxy_addons.json_pointer import steps
from proxy_addons.plan import Rule
from proxy_addons.when import MESSAGE_CONDITIONS, REQUEST_CONDITIONS, Glob, Payload, When

Directed = MessagePassing | ControlPassing
"""What passes on a WebSocket, either way."""

_NO_JSON: Any = object()
_MISSING: Any = object()

_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Sight:
    """An event as the rules look at it: its JSON is read when the first of them asks, and only then."""

    __slots__ = ("_document", "event")

    def __init__(self, event: Event) -> None:
        self.event = event
        self._document: Any = None

    @property
    def payload(self) -> bytes | None:
        """None: the event has none."""
        match self.event:
            case MessagePassing(data=data):
                return data
            case SsePassing(block=block):
                return block.data
            case RequestReceived(body=body):
                return body
            case ResponseReceived(answer=answer):
                return answer.body
        return None

    @property
    def document(self) -> Any:
        """The payload as JSON; `_NO_JSON` if it is none."""
        if self._document is None:
            self._document = (_read(self.payload or b""),)
        return self._document[0]


def mismatches(rule: Rule, event: Event, passed_bytes: int = 0) -> list[str]:
    """Why the rule does not apply to the event; empty if it does. `passed_bytes` of messages have come before it.

    Counts of the rule (`nth`, `times`), time and page are not looked at.
    """
    if not isinstance(event, rule.fault.events()):
        return [f"{rule.fault.kind} does not act on {type(event).__name__}"]
    return [*subject_differences(rule, event), *passing_differences(rule, Sight(event), passed_bytes)]


def subject_differences(rule: Rule, event: Event) -> Iterator[str]:
    """Why the rule does not apply to the event's connection, request or stream."""
    match event:
        case ListenerReady():
            return
        case ConnectionOpened(connection):
            yield from _connection_differences(rule.when, connection)
            yield from _before_any_request(rule.when)
        case _:
            yield from request_differences(rule, event.request)


def request_differences(rule: Rule, request: Request) -> Iterator[str]:
    """Why the rule does not apply to a request, or to the stream that grows out of it."""
    when, transport = rule.when, rule.fault.transport or rule.when.transport
    if transport is not None and request.transport != transport:
        yield f"transport is {request.transport!r}, not {transport!r}"
    yield from _connection_differences(when, request.connection)
    if when.method is not None and request.method != when.method:
        yield f"method is {request.method!r}, not {when.method!r}"
    if when.path is not None and not fnmatchcase(request.path, when.path):
        yield f"path {request.path!r} does not match {when.path!r}"
    if when.header:
        values = {name: request.values_of(name) for name in when.header}
        yield from _glob_differences("header", when.header, values)
    if when.cookie:
        cookies = list(request.cookies())
        values = {name: [value for each, value in cookies if each == name] for name in when.cookie}
        yield from _glob_differences("cookie", when.cookie, values)


def passing_differences(rule: Rule, sight: Sight, passed_bytes: int) -> Iterator[str]:
    """Why the rule does not apply to what passes just now."""
    when, event = rule.when, sight.event
    direction = direction_of(type(event)) or (event.direction if isinstance(event, Directed) else None)
    if direction not in (None, when.direction):
        yield f"direction is {direction!r}, not {when.direction!r}"
    if not when.picks_messages:
        return
    if isinstance(event, Counted):
        yield from _number_differences(when, event.index, passed_bytes)
    elif any(getattr(when, name) is not None for name in MESSAGE_CONDITIONS):
        yield f"{type(event).__name__} is no message or event that has a number"
    if when.payload is not None:
        yield from _payload_differences(when.payload, sight)


def direction_of(event: type[Event]) -> Direction | None:
    """The only direction in which events of this kind go; None: either, or none."""
    return "to_client" if issubclass(event, SsePassing | SseRestPassing) else None


def _connection_differences(when: When, connection: int) -> Iterator[str]:
    if when.connection not in (None, connection):
        yield f"connection is {connection}, not {when.connection}"


def _before_any_request(when: When) -> Iterator[str]:
    """A connection that has sent nothing yet has no request whose parts could match."""
    for name in REQUEST_CONDITIONS:
        if getattr(when, name):
            yield f"no request has been read yet, so there is no {name} to match {getattr(when, name)!r}"


def _glob_differences(what: str, globs: Mapping[str, Glob], values: Mapping[str, list[str]]) -> Iterator[str]:
    for name, glob in globs.items():
        found = values[name]
        if glob is False and found:
            yield f"{what} {name!r} is {found[0]!r}, not absent"
        elif glob is not False and not found:
            yield f"there is no {what} {name!r} to match {glob!r}"
        elif glob is not False and not any(fnmatchcase(value, glob) for value in found):
            yield f"{what} {name!r} is {', '.join(map(repr, found))}, which does not match {glob!r}"


def _number_differences(when: When, index: int, passed_bytes: int) -> Iterator[str]:
    if when.message not in (None, index):
        yield f"it is message {index}, not {when.message}"
    if when.every is not None and index % when.every:
        yield f"it is message {index}, which is no multiple of {when.every}"
    if when.after_bytes is not None and passed_bytes < when.after_bytes:
        yield f"{passed_bytes} bytes have passed, not {when.after_bytes}"


def _payload_differences(wanted: Payload, sight: Sight) -> Iterator[str]:
    if sight.payload is None:
        yield f"{type(sight.event).__name__} has no payload"
    elif sight.document is _NO_JSON:
        yield "the payload is no JSON"
    else:
        found = _value_at(sight.document, wanted.pointer)
        if not _compares(found, wanted):
            shown = "missing" if found is _MISSING else repr(found)
            yield f"{wanted.pointer!r} of the payload is {shown}: not {wanted.op} {wanted.value!r}"


def _value_at(document: Any, pointer: str) -> Any:
    try:
        return value_at(document, steps(pointer))
    except LookupError:
        return _MISSING


def _compares(found: Any, wanted: Payload) -> bool:
    if wanted.op in ("exists", "missing"):
        return (found is _MISSING) == (wanted.op == "missing")
    if found is _MISSING:
        return False
    value: Any = wanted.value
    match wanted.op:
        case "==":
            return _same(found, value)
        case "!=":
            return not _same(found, value)
        case "matches":
            return isinstance(found, str) and fnmatchcase(found, value)
    if not (isinstance(found, str) and isinstance(value, str)) and not (_is_number(found) and _is_number(value)):
        return False
    return bool(_ORDERS[wanted.op](found, value))


def _same(found: Any, value: Any) -> bool:
    """As JSON compares: true is not 1."""
    return isinstance(found, bool) == isinstance(value, bool) and found == value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return _NO_JSON
