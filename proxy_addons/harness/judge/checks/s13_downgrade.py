"""S13: a client goes down to a lesser transport only when the better one has used up its budget of failures in a row,
and when something has shown that the network is there.

Failures count since the transport last lived for the least uptime. A network that is down is no reason: nothing works
then, and a lesser transport does not either. Where attempts may have failed without a trace on the wire, nothing is
said.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.attempts import Blind, attempts_of, lasted
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Exchange, Run

RUNGS = ("websocket", "eventsource", "polling")


def find(run: Run, limits: Limits) -> list[Difference]:
    """The steps down that came too soon, or without a proof."""
    found: list[Difference] = []
    decided = False
    for client in run.clients:
        blind = Blind(run, client)
        links = [each for each in attempts_of(run, client, "live", "probe") if each.purpose == "live" or each.worked]
        decided |= any(each.rung != "polling" and not lasted(each, limits, run.end) for each in links)
        for place, each in enumerate(links):
            if place and each.purpose == "live" and _index(each) > _index(links[place - 1]):
                found += _judged(run, blind, links[:place], each, limits)
    if not decided:
        raise Undecided("no attempt failed, so there was no reason to go down")
    return found


def _index(exchange: Exchange) -> int:
    return RUNGS.index(exchange.rung)


def _judged(run: Run, blind: Blind, before: list[Exchange], step: Exchange, limits: Limits) -> Iterator[Difference]:
    client, rung = step.client, before[-1].rung
    same = [each for each in before if each.rung == rung]
    failures = _failures(same, step.t, limits)
    begin = failures[0].t if failures else before[-1].t
    good = same[: len(same) - len(failures)]
    if blind.reaches(min(begin, good[-1].ended_t) if good else run.start, step.t):
        return
    first = failures[0].number if failures else before[-1].number
    where = f"client {client} went down from {rung} to {step.rung} (request {step.exchange})"
    if len(failures) < limits.budget:
        text = f"{where} after {len(failures)} failures in a row; {limits.budget} are right"
        yield Difference(step.t, text, first, step.number)
    elif not _is_proved(run, begin, step):
        text = f"{where} though nothing had come by HTTP since its first failure; one answer must show that it works"
        yield Difference(step.t, text, first, step.number)


def _failures(attempts: list[Exchange], t: float, limits: Limits) -> list[Exchange]:
    """Those up to then since one that lasted; who lived about as long as the least uptime counts as failed."""
    found: list[Exchange] = []
    for each in attempts:
        found = [] if lasted(each, limits, t, limits.detection_s + limits.clock_error_s) else [*found, each]
    return found


def _is_proved(run: Run, begin: float, step: Exchange) -> bool:
    """Whether anything good came by HTTP from the first failure to the step."""
    for each in run.channels(step.client):
        if each.rung != "websocket" and each.status == 200 and each.number < step.number:
            came = [each.answered_t, *(delivery.t for delivery in each.deliveries if delivery.is_valid)]
            if any(begin <= t <= step.t for t in came):
                return True
    return False


CHECK = Check("S13", "no step down without a reason", find, frozenset({"attempts"}))
