"""S8, no ghost: what comes by a connection that another one has replaced is not applied, but for a moment after the
switch. A page never shows an event that only such a message told."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import seen
from proxy_addons.harness.judge.run import NEVER, Delivery, Look, Run


@dataclass
class _Told:
    """What one client was told by the connections of which each was the newest then, and by others."""

    ghosts: list[Delivery] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)
    highest: dict[str, list[int]] = field(default_factory=dict)

    def add(self, epoch: str, seq: int, t: float) -> None:
        seqs = self.highest.setdefault(epoch, [])
        self.times.setdefault(epoch, []).append(t)
        seqs.append(max(seq, seqs[-1] if seqs else -1))

    def up_to(self, epoch: str, t: float) -> int:
        place = bisect_right(self.times.get(epoch, []), t)
        return self.highest[epoch][place - 1] if place else -1


def find(run: Run, limits: Limits) -> list[Difference]:
    told = {client: _told(run, limits, client) for client in run.clients}
    if not any(each.ghosts for each in told.values()):
        raise Undecided("no valid message came by a connection that another had replaced")
    pages = [[(each.look, told[each.heard.client]) for each in page if each.heard.client in told] for page in seen(run)]
    return [
        found
        for page in pages
        for found in episodes(run, ((look.t, _wrong(run, limits, look, known)) for look, known in page))
    ]


def _told(run: Run, limits: Limits, client: str) -> _Told:
    """A stream is replaced when a newer one that is to stay, or that works as a probe, has delivered."""
    streams = run.channels(client, "live", "probe")
    working = [(each.t, first.t) for each in streams if (first := each.first_valid) is not None]
    begins = [began for began, _ in working]
    earliest = list(accumulate((works for _, works in reversed(working)), min, initial=NEVER))[::-1]
    told = _Told()
    for delivery in run.deliveries(client):
        said = delivery.said
        if said is None or said.epoch is None or said.seq is None or not (delivery.delivered or not delivery.surely):
            continue
        replaced = earliest[bisect_right(begins, delivery.exchange.t)]
        if delivery.t > replaced + limits.handover_s + limits.clock_error_s:
            told.ghosts.append(delivery)
        else:
            told.add(said.epoch, said.seq, delivery.t)
    return told


def _wrong(run: Run, limits: Limits, look: Look, told: _Told) -> Difference | None:
    place, t = look.place, look.t + limits.clock_error_s
    if place is None or told.up_to(place[0], t) >= place[1]:
        return None
    for ghost in told.ghosts:
        said = ghost.said
        if ghost.t <= t and said is not None and said.epoch == place[0] and (said.seq or 0) >= place[1]:
            source = f"{ghost.exchange.rung} {ghost.exchange.exchange} had told it ({at(run, ghost.t)})"
            text = (
                f"page {look.page} {at(run, look.t)} shows event {place[0]}.{place[1]}, which only {source}, "
                "after another connection had replaced that one"
            )
            return Difference(look.t, text, ghost.number, look.number)
    return None


CHECK = Check(id="S8", title="A replaced connection has no say", find=find, needs=frozenset({"display", "cursor"}))
