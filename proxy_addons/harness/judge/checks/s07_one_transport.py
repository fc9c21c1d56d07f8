"""S7, one active transport: the messages of the server come to a client by one channel at a time: an open WebSocket, an
open event stream, or a poll in flight. Two are right while a probe of a better one connects, and for a moment after it
works. A channel that a rule has silenced does not count: nobody hears when its client leaves it. One that speaks again
counts again, but for a moment.

Of a subject that does not say what its requests are for, only streams are compared, and those of one kind
if they have one path."""

from collections import defaultdict
from dataclasses import dataclass

from proxy_addons.harness.judge.episodes import at
from proxy_addons.harness.judge.exchanges import LEAVING_S
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import CROWDED, is_crowded
from proxy_addons.harness.judge.run import NEVER, Exchange, Run
from proxy_addons.records import FaultFired, RuleChanged

_SILENCED = ("stall", "hold", "buffer", "pace", "limit")


@dataclass(frozen=True)
class _Channel:
    exchange: Exchange
    begin: float
    end: float
    allowed_s: float
    """How long another one that was there before may stay."""

    @property
    def words(self) -> str:
        each = self.exchange
        attempt = f" ({each.purpose}, attempt {each.attempt})" if each.attempt else ""
        return f"{each.rung} {each.exchange}{attempt}"


def find(run: Run, limits: Limits) -> list[Difference]:
    if is_crowded(run):
        raise Undecided(CROWDED)
    found: list[Difference] = []
    any_channel = False
    silenced = _silenced(run)
    for client in run.clients:
        channels = _channels(run, limits, client, silenced)
        any_channel = any_channel or bool(channels)
        found += _overlaps(run, limits, channels)
    if not any_channel:
        raise Undecided("no message could come in: no channel was ever open")
    return found


def _channels(run: Run, limits: Limits, client: str, silenced: dict[Exchange, tuple[float, float]]) -> list[_Channel]:
    """In the order in which they began to count."""
    told_apart = "attempts" in run.contract.offers
    found = []
    for each in run.channels(client, "live", "probe"):
        if each.rung == "polling" and not told_apart:
            continue  # it may be anything
        first = each.first_valid
        if each.purpose == "probe":
            begin = NEVER if first is None else first.t
        else:
            begin = each.t if each.rung == "polling" else each.opened_t
        since, until = silenced.get(each, (NEVER, NEVER))
        end = min(each.ended_t, since)
        upgrade = each.purpose == "probe" or not told_apart
        if begin < end:
            allowed = limits.handover_s if upgrade else limits.detection_s
            found.append(_Channel(each, begin, end, max(allowed, limits.clock_error_s)))
            if until + LEAVING_S < each.ended_t:  # it speaks again, and its client still listens
                found.append(_Channel(each, until + LEAVING_S, each.ended_t, max(allowed, limits.clock_error_s)))
    return sorted(found, key=lambda channel: channel.begin)


def _silenced(run: Run) -> dict[Exchange, tuple[float, float]]:
    """From when on rules keep a channel, or the connection below it, from being heard, and until when they all do."""
    fired = [each for _, each in run.faults if each.effect in _SILENCED]
    healed = {each.rule: each.t for _, each in run.of(RuleChanged) if each.change in ("removed", "disarmed")}
    by_exchange: dict[int, list[FaultFired]] = defaultdict(list)
    by_connection: dict[int, list[FaultFired]] = defaultdict(list)
    for each in fired:
        if each.exchange is not None:
            by_exchange[each.exchange].append(each)
        if each.kind.startswith("connection.") and each.connection is not None:
            by_connection[each.connection].append(each)
    found = {}
    for exchange in run.exchanges:
        own = {each.rule: each for each in by_exchange[exchange.exchange] + by_connection[exchange.connection]}
        if own:
            ends = [t if (t := healed.get(rule, NEVER)) > each.t else NEVER for rule, each in own.items()]
            found[exchange] = min(each.t for each in own.values()), max(ends)
    return found


def _overlaps(run: Run, limits: Limits, channels: list[_Channel]) -> list[Difference]:
    found: list[Difference] = []
    standing: list[_Channel] = []
    reported: set[_Channel] = set()
    for new in channels:
        standing = [old for old in standing if old.end > new.begin]
        for old in standing:
            if (
                old not in reported
                and _may_replace(run, old.exchange, new.exchange)
                and _is_wrong(limits, old, new, run.end)
            ):
                reported.add(old)
                found.append(_difference(run, old, new))
        standing.append(new)
    return found


def _may_replace(run: Run, old: Exchange, new: Exchange) -> bool:
    """Whether the one is there instead of the other: of one kind on different paths, they bring different things."""
    return "attempts" in run.contract.offers or old.rung != new.rung or old.path == new.path


def _is_wrong(limits: Limits, old: _Channel, new: _Channel, end: float) -> bool:
    if new.exchange.attempt and new.exchange.attempt == old.exchange.attempt:
        return False  # the browser itself has repeated the request
    if new.exchange.rung == "polling" and old.exchange.rung != "polling":
        # A poll is short, however wrong it is: what counts is that the stream works before it and goes on after it.
        works = old.exchange.first_valid
        settled = works is not None and works.t + limits.handover_s < new.begin
        return settled and min(old.end, end) - new.begin > limits.detection_s
    return min(old.end, new.end, end) - new.begin > new.allowed_s


def _difference(run: Run, old: _Channel, new: _Channel) -> Difference:
    both = min(old.end, new.end, run.end)
    text = (
        f"client {new.exchange.client} {at(run, new.begin)} began to listen by {new.words} while {old.words} was open, "
        f"and went on with both for {both - new.begin:.3f} s; it should have one"
    )
    if new.exchange.rung != "polling":
        text += f", or two for {new.allowed_s:.3f} s"
    return Difference(new.begin, text, old.exchange.number, max(new.exchange.number, _last(new)))


def _last(channel: _Channel) -> int:
    first = channel.exchange.first_valid
    return channel.exchange.number if first is None else first.number


CHECK = Check(id="S7", title="One transport is active at a time", find=find)
