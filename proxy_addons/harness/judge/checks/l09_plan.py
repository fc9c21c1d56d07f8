"""L9: a client always has a plan: a channel, an attempt, or one to come within `CAP`.

So it is never without a channel, and without a request, for longer than `CAP` + `CT` + `d` (and the browser's `T`).
Not counted: what comes after the end of its page or after it has said that it gave up for good, the time for which the
port was closed or the browser offline, and a server's word to wait, or, where the page can't be read, to stay away.
"""

from proxy_addons.harness.judge.disturbances import RETRY_AFTER_S, Disturbance, cut_off, told_to_wait
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import clients_until, lives_of
from proxy_addons.harness.judge.run import Exchange, Run

POLICY = 1008
"""The close code of a server whose policy a client has violated (RFC 6455, 7.4.1)."""
FORBIDDEN = (401, 403, 404, 410)


def find(run: Run, limits: Limits) -> list[Difference]:
    """The clients that fell silent."""
    until = clients_until(run, lives_of(run))
    found, at_risk = [], 0
    for client in run.clients:
        if _was_sent_away(run, client):
            continue
        closed = cut_off(run, client)
        allowed = limits.cap_s + limits.connect_s + limits.detection_s + limits.browser_throttle_s
        for begin, end, last in _pauses(run, client, until[client], limits):
            at_risk += 1
            lasted = end - begin - _closed_for(closed, begin, end)
            bound = allowed + (RETRY_AFTER_S if told_to_wait(run, client, begin) else 0.0)
            if lasted > bound:
                text = (
                    f"client {client} had no channel and asked for none for {lasted:.3f} s from "
                    f"{begin - run.start:.3f} s on; it should have tried again within {bound:.3f} s"
                )
                found.append(Difference(begin + bound, text, last.number, last.last))
    if not at_risk:
        raise Undecided("no client was ever without a channel")
    return found


def _was_sent_away(run: Run, client: str) -> bool:
    """Whether the server told it to stay away, of a page that can't be read: it may have given up, and say so."""
    codes, statuses = {each.code for each in run.channels(client)}, {each.status for each in run.channels(client)}
    forbidden = any(code == POLICY or 4000 <= code < 5000 for code in codes if code is not None)
    return "display" not in run.contract.offers and (forbidden or not statuses.isdisjoint(FORBIDDEN))


def _pauses(run: Run, client: str, until: float, limits: Limits) -> list[tuple[float, float, Exchange]]:
    """From when to when it had nothing, and its last exchange before."""
    found: list[tuple[float, float, Exchange]] = []
    covered, last = None, None
    for each in run.channels(client):
        if covered is not None and last is not None and each.t > covered:
            found.append((covered, min(each.t, until), last))
        end = _over(each, limits)
        if covered is None or end > covered:
            covered, last = end, each
    if covered is not None and last is not None and covered < until:
        found.append((covered, until, last))
    return [(begin, end, last) for begin, end, last in found if begin < end]


def _over(exchange: Exchange, limits: Limits) -> float:
    """When it was over; an attempt that nobody answered is none any more after `CT`."""
    stands = exchange.opened_t <= exchange.ended_t and exchange.opened_t < float("inf")
    return exchange.ended_t if stands else min(exchange.ended_t, exchange.t + limits.connect_s)


def _closed_for(closed: list[Disturbance], begin: float, end: float) -> float:
    return sum(max(0.0, min(each.end, end) - max(each.begin, begin)) for each in closed)


CHECK = Check("L9", "a client always has a plan", find)
