"""The attempts of a client to get messages: which belong together, which failed, and how fast they may come."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from math import exp, lgamma, log

from proxy_addons.harness.judge.disturbances import cut_off, within
from proxy_addons.harness.judge.facts import Limits, Purpose
from proxy_addons.harness.judge.given_up import given_up
from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import NEVER, Exchange, Run
from proxy_addons.records import PageLogged, PageMoved, RequestSeen

SURE = 1e-7
"""How improbable a haste must be before it is called one."""
BLAMED_CODES = (1002, 1003, 1007, 1009)
"""Close codes after which the transport is to blame, however long the connection lived."""
WAKING = ("visible", "online")
MALFORMED_LIMIT = 3
HOLDING = ("stall", "pace", "limit", "hold", "buffer")
NO_NETWORK = (
    "ERR_INTERNET_DISCONNECTED",
    "ERR_CONNECTION_REFUSED",
    "ERR_NETWORK_CHANGED",
    "ERR_ADDRESS_UNREACHABLE",
    "ERR_NAME_NOT_RESOLVED",
)
"""In a line that the browser itself writes to the console of a page: the attempt did not get as far as a server."""
HEARD_LATE_S = 1.0
"""How long after such a line it may be heard at the latest, where its own time is not known."""


@once
def attempts_of(run: Run, client: str, *purposes: Purpose) -> list[Exchange]:
    """The channels of a client in order; what a browser repeats on its own (equal `attempt`) counts once: the one
    that worked, or else the first."""
    found: dict[tuple[str, int], Exchange] = {}
    for each in run.channels(client, *(purposes or ("live",))):
        first = found.setdefault((each.rung, each.attempt or -each.exchange), each)
        if each.worked and not first.worked:
            found[each.rung, each.attempt] = each
    return sorted(found.values(), key=lambda each: each.t)


def lasted(exchange: Exchange, limits: Limits, until: float = NEVER, grace_s: float = 0.0) -> bool:
    """Whether a connection has cleared the record of its transport: it delivered, and lived on for long enough."""
    first = exchange.first_valid
    end = min(exchange.ended_t, until)
    return first is not None and end - first.t >= limits.uptime_s + grace_s and not is_blamed(exchange)


def is_blamed(exchange: Exchange) -> bool:
    """Whether its transport may be to blame for its end, whatever came before."""
    malformed = sum(each.delivered and each.said is None for each in exchange.deliveries)
    return malformed >= MALFORMED_LIMIT or exchange.code in BLAMED_CODES


class Blind:
    """When attempts of a client may have failed before a request reached the proxy, so that the record lacks them: the
    port was closed, its browser was offline, a rule acted on a connection without a request, or a browser says that it
    got nowhere.

    Firefox says so of a WebSocket that it never asked for: after one has failed it puts off the next ones to the same
    server, and who gives up meanwhile leaves no trace.
    """

    def __init__(self, run: Run, client: str) -> None:
        self._closed = cut_off(run, client)
        self._times = _lost(run)
        self._unasked = _unasked(run, client)

    def reaches(self, begin: float, end: float) -> bool:
        """Whether it was so at any time from here to there."""
        return (
            bool(within(self._closed, begin, end))
            or _any_in(self._times, begin, end)
            or _any_in(self._unasked, begin, end + HEARD_LATE_S)
        )


def _any_in(times: list[float], begin: float, end: float) -> bool:
    place = bisect_left(times, begin)
    return place < len(times) and times[place] <= end


@once
def _unasked(run: Run, client: str) -> list[float]:
    """When a browser said that a WebSocket of the client had failed whose request nobody saw, in order."""
    seen = {record.url for _, record in run.of(RequestSeen)}
    found = []
    for address, t in given_up(run.records):
        request = RequestSeen(t, 0, 0, "websocket", "GET", address, {})
        if address not in seen and run.contract.whose(request).client == client:
            found.append(t)
    return sorted(found)


@once
def _lost(run: Run) -> list[float]:
    """When rules acted on connections without a request, and browsers said that they got nowhere."""
    by_rules = [fault.t for _, fault in run.faults if fault.exchange is None]
    said = [record.t for _, record in run.of(PageLogged) if any(words in record.text for words in NO_NETWORK)]
    return sorted(by_rules + said)


def is_held(run: Run, exchange: Exchange) -> bool:
    """Whether a rule may keep bytes of it back, so that its end is seen late or never, on either side."""
    connections, exchanges = _holds(run)
    return exchange.connection in connections or exchange.exchange in exchanges


@once
def _holds(run: Run) -> tuple[set[int | None], set[int | None]]:
    """The connections and the exchanges of which rules keep bytes back."""
    holding = [fault for _, fault in run.faults if fault.effect in HOLDING]
    return {fault.connection for fault in holding}, {fault.exchange for fault in holding}


@once
def failures_in_a_row(run: Run, client: str, limits: Limits) -> list[list[Exchange]]:
    """Attempts on one transport that failed one after the other, with nothing good and no other transport between.

    Where the record may lack attempts, a series ends; so too where a page is seen again or its browser comes online,
    after which an attempt at once is right.
    """
    blind = Blind(run, client)
    wakings = [moved.t for _, moved in run.of(PageMoved) if moved.to in WAKING]
    series: list[list[Exchange]] = [[]]
    for before, each in pairwise([None, *attempts_of(run, client)]):
        assert each is not None
        if before is not None:
            woken = any(before.t <= t <= each.t for t in wakings)
            if before.rung != each.rung or woken or blind.reaches(before.t, each.t):
                series.append([])
        if _failed(each, limits):
            series[-1].append(each)
        else:
            series.append([])
    return [each for each in series if each]


def _failed(exchange: Exchange, limits: Limits) -> bool:
    if exchange.ended_t == NEVER:
        return False
    return not exchange.worked if exchange.rung == "polling" else not lasted(exchange, limits)


def window_s(failures: int, limits: Limits) -> float:
    """The widest back-off after so many failures in a row, 1 or more."""
    return min(limits.cap_s, limits.base_s * 2.0 ** min(failures - 1, 30))


def floor_s(run: Run, limits: Limits) -> float:
    """No wait is shorter; of a subject whose attempts are not known nobody can say so: its back-off may have no floor,
    as full jitter has none."""
    return limits.floor_s if "attempts" in run.contract.offers else 0.0


def least_s(gaps: int, limits: Limits, floor: float | None = None) -> float:
    """The least time that so many waits of a back-off with full jitter take, but for one case in ten million.

    The waits are uniform in [floor, floor + window): that their sum beyond the floors is under s has at most the
    probability s^n / (n! * the product of the windows), the part of a simplex in a box.
    """
    if gaps < 1:
        return 0.0
    box = sum(log(window_s(k, limits)) for k in range(1, gaps + 1))
    return gaps * (limits.floor_s if floor is None else floor) + exp((log(SURE) + lgamma(gaps + 1) + box) / gaps)


def hasty(times: Iterable[float], limits: Limits, floor: float | None = None) -> int | None:
    """How many of these failed attempts came faster than a back-off allows, the first of them included; None: none."""
    start: float | None = None
    for count, t in enumerate(times):
        start = t if start is None else start
        if t - start + limits.clock_error_s < least_s(count, limits, floor):
            return count + 1
    return None
