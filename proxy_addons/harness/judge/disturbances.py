"""What can get in the way of a client that does everything right."""

from dataclasses import dataclass

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import NEVER, Exchange, Run
from proxy_addons.records import FaultFired, ListenerChanged, OriginRestarted, Released, UpstreamFailed

RETRY_AFTER_S = 60.0
"""The longest that an answer of 429 or 503 can make a client wait, in real seconds."""


@dataclass(frozen=True)
class Disturbance:
    """From when to when, and what."""

    number: int
    begin: float
    end: float
    what: str


@once
def disturbances(run: Run) -> list[Disturbance]:
    """What rules and the server did to the traffic, in order; the times when the port was closed, or a browser
    offline."""
    numbered = [each for kind in (FaultFired, UpstreamFailed, OriginRestarted, Released) for each in run.of(kind)]
    found = [Disturbance(number, record.t, record.t, str(record)) for number, record in sorted(numbered, key=_number)]
    return sorted([*found, *cut_off(run)], key=lambda each: each.begin)


def _number(numbered: tuple[int, object]) -> int:
    return numbered[0]


@once
def cut_off(run: Run, client: str | None = None) -> list[Disturbance]:
    """When no attempt of a client, or of any, could reach the proxy, and so none is in the record: the port was closed,
    or its browser offline."""
    spells = [each for each in run.offline if each.concerns(client)]
    offline = [Disturbance(each.number, each.begin, each.end, str(run.records[each.number])) for each in spells]
    return sorted([*closed_port(run), *offline], key=lambda each: each.begin)


@once
def closed_port(run: Run) -> list[Disturbance]:
    """When nobody could reach the proxy."""
    found: list[Disturbance] = []
    down: tuple[int, ListenerChanged] | None = None
    for number, record in run.of(ListenerChanged):
        if not record.up and down is None:
            down = number, record
        elif record.up and down is not None:
            found.append(Disturbance(down[0], down[1].t, record.t, str(down[1])))
            down = None
    if down is not None:
        found.append(Disturbance(down[0], down[1].t, NEVER, str(down[1])))
    return found


@once
def restarts(run: Run) -> list[Disturbance]:
    """When a rule had the server stopped and started again."""
    back = [record for _, record in run.of(OriginRestarted)]
    return [
        Disturbance(number, fault.t, min((each.t for each in back if each.t >= fault.t), default=NEVER), str(fault))
        for number, fault in run.faults
        if fault.effect == "restart"
    ]


def within(found: list[Disturbance], begin: float, end: float) -> list[Disturbance]:
    """Those that reach into a time."""
    return [each for each in found if each.begin <= end and each.end >= begin]


def told_to_wait(run: Run, client: str, t: float) -> bool:
    """Whether a server that is too busy may have told the client to wait past this time. A page cannot read that in the
    answer to a WebSocket or an event stream."""
    return any(each.answered_t <= t < each.answered_t + RETRY_AFTER_S for each in _readable(run).get(client, []))


@once
def _readable(run: Run) -> dict[str, list[Exchange]]:
    """The refusals that each client could read."""
    found: dict[str, list[Exchange]] = {}
    for each in run.exchanges:
        if each.status in (429, 503) and each.rung in ("polling", "command"):
            found.setdefault(each.client, []).append(each)
    return found
