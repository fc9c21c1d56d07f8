"""What can get in the way of a client that does everything right."""

from dataclasses import dataclass

from proxy_addons.harness.judge.offline import offline_spells
from proxy_addons.harness.judge.run import NEVER, Run
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


def disturbances(run: Run) -> list[Disturbance]:
    """What rules and the server did to the traffic, in order; the times when the port was closed, or a browser
    offline."""
    found = []
    for number, record in enumerate(run.records):
        if isinstance(record, FaultFired | UpstreamFailed | OriginRestarted | Released):
            found.append(Disturbance(number, record.t, record.t, str(record)))
    return sorted([*found, *cut_off(run)], key=lambda each: each.begin)


def cut_off(run: Run, client: str | None = None) -> list[Disturbance]:
    """When no attempt of a client, or of any, could reach the proxy, and so none is in the record: the port was closed,
    or its browser offline."""
    spells = [each for each in offline_spells(run.records) if each.concerns(client)]
    offline = [Disturbance(each.number, each.begin, each.end, str(run.records[each.number])) for each in spells]
    return sorted([*closed_port(run), *offline], key=lambda each: each.begin)


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
    return any(
        each.status in (429, 503) and each.answered_t <= t < each.answered_t + RETRY_AFTER_S
        for each in run.exchanges
        if each.client == client and each.rung in ("polling", "command")
    )
