"""L4: where a channel stands and nothing comes through, the client opens another.

From the last delivery on (or the request, if nothing came), within `LIV` + `d`. Not asked: where the port was closed
or the browser offline, where somebody else ended the channel in time, where messages came another way, where the server
said to wait.
"""

from proxy_addons.harness.judge.disturbances import cut_off, told_to_wait, within
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import clients_until, lives_of
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.harness.judge.silences import Silence, silences

MANY = 3
"""After so many WebSockets that failed, Chromium puts the next one off."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """The clients that sat in front of a dead channel."""
    until = clients_until(run, lives_of(run))
    closed = {client: cut_off(run, client) for client in run.clients}
    found, at_risk = [], 0
    for silence in silences(run):
        exchange = silence.exchange
        bound = silence.begin + limits.liveness_s + limits.detection_s + limits.clock_error_s
        if silence.end <= bound:
            continue
        bound += limits.browser_throttle_s if _failed_before(run, exchange) >= MANY else 0.0
        elsewhere = any(silence.begin < t <= bound for t in _others(run, exchange))
        waits = told_to_wait(run, exchange.client, silence.begin)
        if silence.end <= bound or elsewhere or waits or within(closed[exchange.client], silence.begin, bound):
            continue
        opened = any(_replaces(each, silence) and each.t <= bound for each in _new(run, exchange))
        at_risk += opened or bound <= until[exchange.client]
        if not opened and bound <= until[exchange.client]:
            found.append(_difference(run, silence, bound))
    if not at_risk:
        raise Undecided("no channel stood silent for long enough while something was kept from its client")
    return found


def _replaces(newer: Exchange, silence: Silence) -> bool:
    """Whether the client has it instead: a live one from its request on, even where what it left behind flows again for
    a moment; a probe only if it was made because of the silence."""
    return newer.purpose == "live" or newer.t > silence.begin


def _new(run: Run, exchange: Exchange) -> list[Exchange]:
    return [each for each in run.channels(exchange.client, "live", "probe") if each.number > exchange.number]


def _others(run: Run, exchange: Exchange) -> list[float]:
    """When messages came by channels that it had before."""
    older = [each for each in run.deliveries(exchange.client) if each.exchange.number < exchange.number]
    return [each.t for each in older if each.is_valid]


def _failed_before(run: Run, exchange: Exchange) -> int:
    return sum(
        each.rung == "websocket" and not each.worked and each.t < exchange.t for each in run.channels(exchange.client)
    )


def _difference(run: Run, silence: Silence, bound: float) -> Difference:
    exchange = silence.exchange
    later = next((each.t for each in _new(run, exchange) if each.t > bound), None)
    opened = "none" if later is None else f"one only after {later - silence.begin:.3f} s"
    text = (
        f"client {exchange.client}: nothing came by {exchange.rung} {exchange.exchange} from "
        f"{silence.begin - run.start:.3f} s on; it should have opened another within {bound - silence.begin:.3f} s, "
        f"and opened {opened}"
    )
    return Difference(bound, text, silence.first, max(silence.kept, exchange.last))


CHECK = Check("L4", "a silent channel is replaced", find)
