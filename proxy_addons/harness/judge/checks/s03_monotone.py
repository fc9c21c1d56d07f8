"""S3, monotone application: what a page shows, and what its script says it applied, never goes back. Within an epoch
the number of the last event does not fall; an epoch that was left comes back only by a connection opened anew."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from proxy_addons.harness.judge.episodes import at
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageLooked, PageOpened, PageSaid


class _Place(NamedTuple):
    t: float
    number: int
    epoch: str
    seq: int


def find(run: Run, limits: Limits) -> list[Difference]:
    lives = [(*key, places) for key, places in _lives(run).items() if places]
    if not lives:
        raise Undecided("no page shows or tells a place in the server's log")
    return [found for page, what, _, places in lives for found in _backwards(run, limits, page, what, places)]


def _lives(run: Run) -> dict[tuple[str, str, int], list[_Place]]:
    """For each page, source and page life, the places in order of time."""
    found: dict[tuple[str, str, int], list[_Place]] = {}
    life: dict[str, int] = {}
    told = [*run.of(PageOpened), *run.of(PageLooked), *run.of(PageSaid)]
    for number, record in sorted(told, key=lambda each: (each[1].t, each[0])):
        if isinstance(record, PageOpened):
            life[record.page] = life.get(record.page, 0) + 1
        elif isinstance(record, PageLooked):
            place = _place(record.t, number, record.marks.get("epoch"), record.marks.get("seq"))
            found.setdefault((record.page, "shows", life.get(record.page, 0)), []).extend(place)
        elif isinstance(record, PageSaid) and record.what == "trace" and record.fields.get("what") == "applied":
            place = _place(record.t, number, record.fields.get("epoch"), record.fields.get("seq"))
            found.setdefault((record.page, "says it applied", life.get(record.page, 0)), []).extend(place)
    return found


def _place(t: float, number: int, epoch: object, seq: object) -> list[_Place]:
    if not isinstance(epoch, str) or epoch == "" or not isinstance(seq, str | int):
        return []
    return [_Place(t, number, epoch, int(seq))] if str(seq).isdecimal() else []


def _backwards(run: Run, limits: Limits, page: str, what: str, places: Iterable[_Place]) -> Iterator[Difference]:
    last: _Place | None = None
    left: dict[str, float] = {}
    for place in places:
        before = None if last is None else f"{last.epoch}.{last.seq}"
        if last is not None and place.epoch == last.epoch and place.seq < last.seq:
            text = f"page {page} {at(run, place.t)} {what} {place.epoch}.{place.seq} after {before}: it went back"
            yield Difference(place.t, text, last.number, place.number)
        elif last is not None and place.epoch != last.epoch:
            left[last.epoch] = place.t
            if place.epoch in left and not _opened_anew(run, place.epoch, left[place.epoch], place.t, limits):
                text = (
                    f"page {page} {at(run, place.t)} {what} {place.epoch}.{place.seq} after {before}: it had left that "
                    f"epoch {at(run, left[place.epoch])}, and no connection opened since then served it"
                )
                yield Difference(place.t, text, last.number, place.number)
        last = place


def _opened_anew(run: Run, epoch: str, since: float, until: float, limits: Limits) -> bool:
    error = limits.clock_error_s
    return any(
        since - error <= each.t <= until + error
        and any(delivery.said is not None and delivery.said.epoch == epoch for delivery in each.deliveries)
        for each in run.channels()
    )


CHECK = Check(id="S3", title="What was applied never goes back", find=find, needs=frozenset({"display", "cursor"}))
