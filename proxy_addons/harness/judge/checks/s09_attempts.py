"""S9: a client makes no more attempts than its back-off allows, and none that it does not need.

In any time w it makes at most 2 + w / floor attempts on one transport. While a healthy channel stands it makes none,
but for upward probes, and those at least half a probe interval apart. A run in which nothing goes wrong has exactly
one live connection per client, and no polls beside a stream.

A channel counts as healthy if it delivered within `A` before the attempt, and goes on delivering after `W`: then no
order of arrival explains the attempt.

Of a subject that does not say what its requests are for, streams of one path are compared with each other, and polls
that failed: what it asks for beside may be anything.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from proxy_addons.harness.judge.attempts import Blind, attempts_of
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import CROWDED, is_crowded, lives_of
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.records import FaultCrashed, FaultFired, ListenerChanged, OriginRestarted, UpstreamFailed

QUIET_S = 120.0
"""How long a run without faults must be to show that nothing is opened anew; at scale 1."""
AT_ONCE = 2
AT_ONCE_UNKNOWN = 5
"""Where the floor of a client's back-off is not known: full jitter may have none, and a browser repeats a request."""
TROUBLE = (FaultFired, FaultCrashed, OriginRestarted, UpstreamFailed)


def find(run: Run, limits: Limits) -> list[Difference]:
    """Attempts too many."""
    if not run.clients:
        raise Undecided("no client made an attempt")
    found: list[Difference] = []
    if is_crowded(run):
        raise Undecided(CROWDED)
    told = "attempts" in run.contract.offers
    for client in run.clients:
        for live in _feeds(attempts_of(run, client, "live"), told):
            for rung in ("websocket", "eventsource", "polling"):
                attempts = [each for each in live if each.rung == rung and (told or not _is_answered_poll(each))]
                found += _rushes(client, attempts, limits, AT_ONCE if told else AT_ONCE_UNKNOWN)
            found += _needless(run, client, live, limits)
            if _is_quiet(run, live, limits) and (told or len(lives_of(run)) < 2):
                found += _reconnections(client, live)
        if told:
            found += _close_probes(client, attempts_of(run, client, "probe"), limits)
    return found


def _feeds(live: list[Exchange], told: bool) -> Iterator[list[Exchange]]:
    """What belongs together: all of a client, or what has one path where a client does not say what it is for."""
    yield from [live] if told else ([e for e in live if e.path == path] for path in dict.fromkeys(e.path for e in live))


def _is_answered_poll(each: Exchange) -> bool:
    return each.rung == "polling" and each.worked


def _rushes(client: str, attempts: list[Exchange], limits: Limits, at_once: int) -> Iterator[Difference]:
    """Where attempts come faster than the floor allows: a bucket of a few that fills with one attempt per floor."""
    begin, least = 0, 0.0
    for place, each in enumerate(attempts):
        level = place - each.t / limits.floor_s
        if place == begin or level < least:
            begin, least = place, level
        count = place - begin + 1
        span = each.t - attempts[begin].t
        allowed = at_once + (span + limits.clock_error_s) / limits.floor_s
        if count > allowed:
            yield Difference(
                each.t,
                f"client {client} made {count} {each.rung} attempts in {span:.3f} s; "
                f"at most {at_once + span / limits.floor_s:.0f} are right",
                attempts[begin].number,
                each.number,
            )
            begin = place + 1


def _needless(run: Run, client: str, live: list[Exchange], limits: Limits) -> Iterator[Difference]:
    streams = [each for each in run.channels(client, "live", "probe") if each.rung != "polling" and each.worked]
    if "attempts" not in run.contract.offers:
        streams = [each for each in streams if each in live]
    steady = [(each, _valid_times(each)) for each in streams if each.ended_t > each.opened_t + limits.handover_s]
    for each in live:
        healthy = (one for one, times in steady if one is not each and _is_healthy(one, times, each.t, limits))
        if (other := next(healthy, None)) is not None:
            yield Difference(
                each.t,
                f"client {client} opened {each.rung} {each.exchange} while its {other.rung} {other.exchange} stood and "
                "delivered; no attempt is right then but an upward probe",
                other.number,
                each.number,
            )
            return


def _valid_times(channel: Exchange) -> list[float]:
    return [each.t for each in channel.deliveries if each.is_valid]


def _is_healthy(channel: Exchange, times: list[float], t: float, limits: Limits) -> bool:
    settled = t + limits.handover_s
    # An attempt may have been made before the channel's first message was read, and have come by after it.
    if not times or times[0] + limits.handover_s > t or channel.ended_t <= settled:
        return False
    before, after = bisect_right(times, t), bisect_right(times, settled)
    return before > 0 and t - times[before - 1] <= limits.stale_after_s and after < len(times)


def _close_probes(client: str, probes: list[Exchange], limits: Limits) -> Iterator[Difference]:
    for before, each in pairwise(probes):
        gap = each.t - before.t
        if gap + limits.clock_error_s < limits.probe_least_s:
            yield Difference(
                each.t,
                f"client {client} probed upwards {gap:.3f} s after its last probe; "
                f"at least {limits.probe_least_s:.3f} s are right",
                before.number,
                each.number,
            )


def _is_quiet(run: Run, live: list[Exchange], limits: Limits) -> bool:
    """Whether nothing went wrong for long enough: no fault, no end of a stream but by the client, and no silence, such
    as that of a machine that stood still, before which the client had to lose its trust."""
    if not live or run.end - live[0].t < QUIET_S * limits.scale:
        return False
    closed = any(isinstance(record, ListenerChanged) and not record.up for record in run.records[live[0].number :])
    troubled = closed or any(isinstance(record, TROUBLE) for record in run.records)
    refused = any(each.ended_by not in ("", "client") or each.status not in (101, 200) for each in live)
    silent = any(_is_silent(each, run.end, limits) for each in live)
    return not troubled and not refused and not silent and not Blind(run, live[0].client).reaches(live[0].t, run.end)


def _is_silent(channel: Exchange, end: float, limits: Limits) -> bool:
    times = [*_valid_times(channel), min(channel.ended_t, end)]
    return any(after - before > limits.stale_after_s for before, after in pairwise(times))


def _reconnections(client: str, live: list[Exchange]) -> Iterator[Difference]:
    streams = [each for each in live if each.rung != "polling"]
    if len(streams) > 1 or (streams and len(live) > len(streams)):
        second = live[1]
        rungs = ", ".join(dict.fromkeys(each.rung for each in live))
        yield Difference(
            second.t,
            f"client {client} made {len(live)} attempts ({rungs}) in a run in which nothing went wrong; one is right",
            live[0].number,
            second.number,
        )


CHECK = Check("S9", "no more attempts than the back-off allows", find)
