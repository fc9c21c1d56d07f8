"""S23: polling is polite. One poll is in flight at a time; after one that worked the next starts 0.9 of the beat later
at least; requests to catch up and looks at the network keep the same distance; after 429 or 503 with a Retry-After the
client asks for nothing for that long (60 s at most, in real seconds); and no cached answer is used.

Polls after one that failed are attempts, with a back-off of their own. Only what a script can read can ask it to wait:
the answer to a poll or a command, not that to a WebSocket handshake or an EventSource. Distances are judged over
several requests together, so that one that was late does not make the next early.
"""

from collections.abc import Iterator
from itertools import pairwise

from proxy_addons.harness.judge.attempts import attempts_of, is_held
from proxy_addons.harness.judge.disturbances import RETRY_AFTER_S
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.records import RequestSeen, ResponseSeen

SHARE = 0.9
CONDITIONS = ("if-none-match", "if-modified-since")


def find(run: Run, limits: Limits) -> list[Difference]:
    """Requests that are too many, too early, or answered from a cache."""
    if not any(each.rung in ("polling", "command") for each in run.exchanges if each.client in run.clients):
        raise Undecided("no client polled, and none sent a command by a request")
    found: list[Difference] = []
    for client in run.clients:
        polls = [each for each in attempts_of(run, client, "live") if each.rung == "polling"]
        found += _overlapping(run, client, polls, limits)
        for link in _links(attempts_of(run, client, "live")):
            found += _crowded(client, link, "polls", limits)
        for purpose in ("check", "resync"):
            beside = [each for each in attempts_of(run, client, purpose) if each.rung == "polling"]
            found += _crowded(client, beside, f"requests for {purpose}", limits)
        found += _unasked(run, client, limits)
    return found + list(_conditional(run))


def _overlapping(run: Run, client: str, polls: list[Exchange], limits: Limits) -> Iterator[Difference]:
    for before, each in pairwise(polls):
        overlap = min(before.ended_t, each.ended_t) - each.t
        given_up = each.t - before.t >= limits.poll_s - limits.clock_error_s and is_held(run, before)
        if overlap > limits.handover_s + limits.clock_error_s and not given_up:
            text = f"client {client} had polls {before.exchange} and {each.exchange} in flight; one at a time is right"
            yield Difference(each.t, text, before.number, each.number)


def _links(live: list[Exchange]) -> Iterator[list[Exchange]]:
    """Polls in a row, each after one that worked."""
    link: list[Exchange] = []
    for each in live:
        if each.rung == "polling":
            link.append(each)
        if each.rung != "polling" or not each.worked:
            yield link
            link = []
    yield link


def _crowded(client: str, requests: list[Exchange], what: str, limits: Limits) -> Iterator[Difference]:
    """Where more start in a time than one per beat; the slack is one for the whole time."""
    least = SHARE * limits.beat_s
    begin, most = 0, 0.0
    for place, each in enumerate(requests):
        due = place * least - each.t
        if place == begin or due < most:
            begin, most = place, due
        if due - most > limits.clock_error_s + limits.slow_s:
            gaps = place - begin
            text = (
                f"client {client} started {gaps + 1} {what} in {each.t - requests[begin].t:.3f} s; "
                f"{gaps * least:.3f} s is the least"
            )
            yield Difference(each.t, text, requests[begin].number, each.number)
            return


def _unasked(run: Run, client: str, limits: Limits) -> Iterator[Difference]:
    """Requests in a time for which the server has asked for none."""
    own = [each for each in run.exchanges if each.client == client and each.rung != "asset"]
    readable = {each.exchange: each for each in own if each.rung in ("polling", "command")}
    for number, record in run.of(ResponseSeen):
        wait = (record.retry_after or "").strip()
        if record.exchange not in readable or record.status not in (429, 503) or not wait.isdecimal():
            continue
        begin = record.t + limits.handover_s + limits.clock_error_s
        end = record.t + min(RETRY_AFTER_S, float(wait)) - limits.clock_error_s
        early = [each for each in own if begin < each.t < end]
        if early:
            text = (
                f"client {client} made {len(early)} requests, the first {early[0].t - record.t:.3f} s after "
                f"{record.status} with Retry-After: {wait}; none is right before {wait} s are over"
            )
            yield Difference(early[0].t, text, number, early[0].number)


def _conditional(run: Run) -> Iterator[Difference]:
    for each in run.channels():
        request = run.records[each.number]
        assert isinstance(request, RequestSeen)
        named = [name for name in request.headers if name.lower() in CONDITIONS]
        if each.rung == "polling" and (named or each.status == 304):
            what = named[0] if named else "status 304"
            text = f"poll {each.exchange} of client {each.client} came with {what}; a cached answer is never right"
            yield Difference(each.t, text, each.number, each.last)


CHECK = Check("S23", "polling is polite", find, frozenset({"attempts"}))
