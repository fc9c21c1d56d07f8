"""The recoveries in a run: from a fault to the page that is live with right data again, each taken apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from proxy_addons.harness.gate.outages import Outage, outages_of
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.records import PageSaid

_PLANNED = "planned"
"""What a client's trace calls a wait before an attempt; `delay` is how long, in ms."""
_ATTEMPT = "attempt"


@dataclass(frozen=True)
class Recovery:
    """One page's way back; times are seconds since the start of the run."""

    page: str
    begin_s: float
    end_s: float
    attempts: int
    """Requests for messages that the client made on the way."""
    switches: int
    """How often it went on to another transport for one."""
    waits_ms: tuple[float, ...] | None
    """What it planned to wait before attempts; None: it does not say."""
    served_s: float
    """How much of that went by: what is waited for may come sooner."""

    @property
    def duration_s(self) -> float:
        return self.end_s - self.begin_s

    @property
    def excess_s(self) -> float:
        """What it took beside the waits: to notice, to connect, to catch up, to show it."""
        return self.duration_s - self.served_s


def recoveries_of(run: Run, limits: Limits) -> list[Recovery]:
    """Those of all pages, in order."""
    found = [each for life in lives_of(run) for each in _recoveries(run, life, limits)]
    return sorted(found, key=lambda each: each.begin_s)


def _recoveries(run: Run, life: Life, limits: Limits) -> Iterator[Recovery]:
    for outage in outages_of(run, life, limits):
        tried = [each for each in run.channels(life.client, "live", "probe") if outage.begin < each.t <= outage.end]
        says = "trace" in run.contract.offers
        planned, served = _waits(run, life, outage) if says else (None, 0.0)
        yield Recovery(
            page=life.page,
            begin_s=outage.begin - run.start,
            end_s=outage.end - run.start,
            attempts=len(tried),
            switches=_switches(outage.lost, tried),
            waits_ms=planned,
            served_s=served,
        )


def _switches(lost: Exchange | None, tried: list[Exchange]) -> int:
    rungs = [each.rung for each in ([lost] if lost else []) + tried]
    return sum(before != then for before, then in pairwise(rungs))


def _waits(run: Run, life: Life, outage: Outage) -> tuple[tuple[float, ...], float]:
    """What the client says that it planned, and how much of it went by: until the next attempt at the latest."""
    said = [
        (record.t, record.fields)
        for _, record in run.of(PageSaid)
        if record.page == life.page and record.what == "trace" and outage.fine_until < record.t <= outage.end
    ]
    planned = [(t, float(delay)) for t, fields in said if isinstance(delay := _delay(fields), int | float)]
    attempts = [t for t, fields in said if fields.get("what") == _ATTEMPT]
    served = 0.0
    for t, delay in planned:
        until = min((each for each in attempts if each > t), default=outage.end)
        served += min(delay / 1000, until - t)
    return tuple(delay for _, delay in planned), served


def _delay(fields: dict[str, object]) -> object:
    return fields.get("delay") if fields.get("what") == _PLANNED else None
