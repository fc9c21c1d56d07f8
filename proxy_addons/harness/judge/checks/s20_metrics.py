"""S20: what a client counts of itself agrees with the wire.

Attempts and successes by EventSource, reconnections, changes of transport, lost connections, malformed and duplicated
messages, gaps and commands done are what the record says, within what may have been in flight; no latency is negative;
and the time shown stale is that which the page showed, within half a second an episode. The figures are those that the
page told last in its life: evidence against it.
"""

from collections.abc import Iterator, Mapping

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.judge.tallies import Wire
from proxy_addons.records import PageSaid

STALE_ERROR_S = 0.5
UNSEEN_S = 0.5
"""Two beats of a page that is observed. Where its looks are farther apart its scripts did not run: it could show
nothing, and what its data were meanwhile nobody saw: data that were last seen fresh may have been stale for as long at
most, and the other way round."""
LATENCY_ERROR_MS = 50.0


def find(run: Run, limits: Limits) -> list[Difference]:
    """The figures that are wrong."""
    found: list[Difference] = []
    decided = False
    for life in lives_of(run):
        said = _last_figures(run, life)
        if said is None or life.client is None or life.client not in run.clients:
            continue
        decided = True
        number, record = said
        first = run.channels(life.client)[0].number
        complaints = [
            *_beyond(record.fields, Wire(run, life.client, record.t, limits)),
            *_latency(record.fields),
            *_staleness(record, life, limits),
        ]
        found += [
            Difference(record.t, f"page {life.page} says {text}", min(first, number), max(first, number))
            for text in complaints
        ]
    if not decided:
        raise Undecided("no page whose client is known told its figures")
    return found


def _last_figures(run: Run, life: Life) -> tuple[int, PageSaid] | None:
    said = [
        (number, record)
        for number, record in run.of(PageSaid)
        if record.what == "figures" and record.page == life.page and life.begin <= record.t <= life.end
    ]
    return said[-1] if said else None


def _beyond(fields: Mapping[str, object], wire: Wire) -> Iterator[str]:
    ranges = wire.ranges()
    figures = {name: _number(fields.get(name)) for name in ranges}
    errors, malformed = fields.get("stream_errors"), figures["malformed_total"]
    if isinstance(errors, Mapping) and malformed is not None:
        figures["stream_errors"] = sum(_number(each) or 0.0 for each in errors.values()) - malformed
    commands = fields.get("commands")
    if isinstance(commands, Mapping):
        figures["done"] = _number(commands.get("done"))
    for name, figure in figures.items():
        low, high = ranges[name].low, ranges[name].high
        if figure is not None and not low <= figure <= high:
            right = f"{low:g}" if low == high else f"at least {low:g}" if figure < low else f"at most {high:g}"
            yield f"{WORDS.get(name, name)} {figure:g}; by the wire {right} is right"
    yield from _switches(fields.get("transport_switches"), wire)


WORDS = {"stream_errors": "stream_errors (without the malformed messages)", "done": "commands.done"}


def _switches(told: object, wire: Wire) -> Iterator[str]:
    right = wire.switches()
    if right is None or not isinstance(told, Mapping):
        return
    for pair in sorted({*right, *map(str, told)}):
        figure = _number(told.get(pair)) or 0.0
        if figure != right[pair]:
            yield f"transport_switches {pair} {figure:g}; by the wire {right[pair]} is right"


def _latency(fields: Mapping[str, object]) -> Iterator[str]:
    latency = fields.get("update_latency_ms")
    median = _number(latency.get("median")) if isinstance(latency, Mapping) else None
    if median is not None and median < -LATENCY_ERROR_MS:
        yield f"update_latency_ms has the median {median:g}; a message cannot come before it is sent"


def _staleness(record: PageSaid, life: Life, limits: Limits) -> Iterator[str]:
    figure = _number(record.fields.get("stale_ms_total"))
    looks = [look for look in life.looks if look.mark("stale") is not None and look.t <= record.t]
    first = next((place for place, look in enumerate(looks) if look.is_fresh), None)
    if figure is None or first is None:
        return
    shown, episodes = 0.0, 0
    unseen = {True: 0.0, False: 0.0}
    for place in range(first, len(looks)):
        until = looks[place + 1].t if place + 1 < len(looks) else record.t
        length, fresh = until - looks[place].t, looks[place].is_fresh
        unseen[fresh] += length if length > UNSEEN_S else 0.0
        if not fresh:
            shown += length
            episodes += looks[place - 1].is_fresh
    error = STALE_ERROR_S * max(1, episodes) + limits.slow_s
    if not -error - unseen[False] <= figure / 1000 - shown <= error + unseen[True]:
        yield f"stale_ms_total {figure:g}, but it was shown stale for {shown * 1000:.0f} ms in {episodes} episodes"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


CHECK = Check("S20", "the client's figures agree with the wire", find, frozenset({"figures", "attempts"}))
