"""Does a rule apply to an event, and if not, why not. The explanation comes first; the answer is that there is none."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from proxy_addons.events import ConnectionOpened, Event, ListenerReady, MessagePassing, Request
from proxy_addons.plan import Rule, When


def mismatches(rule: Rule, event: Event) -> list[str]:
    """Why the rule does not apply to the event; empty if it does. Counts (`nth`, `times`) are not looked at."""
    if not isinstance(event, rule.fault.events()):
        return [f"{rule.fault.kind} does not act on {type(event).__name__}"]
    return list(_differences(rule, event))


def _differences(rule: Rule, event: Event) -> Iterator[str]:
    if isinstance(event, ListenerReady | ConnectionOpened):
        yield from _before_any_request(rule.when)
        return
    yield from _request_differences(rule, event.request)
    if isinstance(event, MessagePassing) and event.direction != rule.when.direction:
        yield f"direction is {event.direction!r}, not {rule.when.direction!r}"


def _request_differences(rule: Rule, request: Request) -> Iterator[str]:
    when, transport = rule.when, rule.fault.transport or rule.when.transport
    if transport is not None and request.transport != transport:
        yield f"transport is {request.transport!r}, not {transport!r}"
    if when.method is not None and request.method != when.method:
        yield f"method is {request.method!r}, not {when.method!r}"
    if when.path is not None and not fnmatchcase(request.path, when.path):
        yield f"path {request.path!r} does not match {when.path!r}"


def _before_any_request(when: When) -> Iterator[str]:
    """A connection that has sent nothing yet has no transport, method or path that could match."""
    for name in ("transport", "method", "path"):
        if getattr(when, name) is not None:
            yield f"no request has been read yet, so there is no {name} to match {getattr(when, name)!r}"
