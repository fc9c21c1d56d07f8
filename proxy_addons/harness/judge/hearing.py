"""What one client was told, and when: the difference between what it could know and what it could not."""

from bisect import bisect_left, bisect_right
from itertools import accumulate

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import NEVER, Delivery, Exchange, Look, Run


class Hearing:
    """The valid messages that reached one client."""

    def __init__(self, run: Run, client: str) -> None:
        self.client = client
        deliveries = [each for each in run.deliveries(client) if each.said is not None]
        self.valid = [each for each in deliveries if each.delivered and each.surely]
        """Those of which it is known when."""
        self._times = [each.t for each in self.valid]
        self._unsure, self._until = _doubts(deliveries)
        self._late = [each for each in self.valid if each.late_s > 0]
        self._latest_s = max((each.late_s for each in self._late), default=0.0)
        self._lives = [each.t for each in run.channels(client, "live")]
        self._steps: list[float] = []
        self._known: list[dict[str, int]] = []
        self._learn()

    def last(self, t: float) -> Delivery | None:
        """`lastOK`: the last valid message up to then."""
        place = bisect_right(self._times, t)
        return self.valid[place - 1] if place else None

    def silent(self, begin: float, end: float) -> bool:
        """Whether it is sure that no valid message came after `begin` and up to `end`."""
        heard = bisect_right(self._times, end) > bisect_right(self._times, begin)
        return not heard and not self._doubted(begin, end)

    def doubtful(self, t: float) -> bool:
        """Whether the record can't tell what had reached it by then."""
        place = bisect_right(self._unsure, t)
        return place > 0 and t <= self._until[place - 1]

    def lateness(self, t: float, memory_s: float) -> float:
        """The longest time by which a rule delays messages then; it counts for a while after the last late one."""
        first = bisect_left(self._late, t, key=lambda each: each.t + memory_s)
        last = bisect_right(self._late, t, lo=first, key=lambda each: each.t - self._latest_s)
        return max((each.late_s for each in self._late[first:last] if each.t - each.late_s <= t), default=0.0)

    def known(self, t: float) -> dict[str, int]:
        """Per epoch, the event up to which it had been told everything by then."""
        place = bisect_right(self._steps, t)
        return self._known[place - 1] if place else {}

    def first_known(self, epoch: str, t: float) -> int | None:
        """The event up to which it was told everything when it first heard of an epoch, if it had by then."""
        return next((known[epoch] for known in self._known[: bisect_right(self._steps, t)] if epoch in known), None)

    def superseded(self, delivery: Delivery) -> bool:
        """Whether the client had asked for another live connection before this message came."""
        place = bisect_right(self._lives, delivery.exchange.t)
        return place < bisect_left(self._lives, delivery.t)

    def _doubted(self, begin: float, end: float) -> bool:
        place = bisect_right(self._unsure, end)
        return place > 0 and begin < self._until[place - 1]

    def _learn(self) -> None:
        known: dict[str, int] = {}
        for delivery in self.valid:
            said = delivery.said
            if said is None or said.epoch is None or said.seq is None or delivery.exchange.purpose == "check":
                continue
            before = known.get(said.epoch, -1)
            follows = said.kind == "snapshot" or (said.kind == "event" and said.seq == before + 1 and before >= 0)
            if follows and said.seq > before and not self.superseded(delivery):
                known = {**known, said.epoch: said.seq}
                self._steps.append(delivery.t)
                self._known.append(known)


@once
def hearing(run: Run, client: str) -> Hearing:
    """What a client was told; worked out once."""
    return Hearing(run, client)


class Seen:
    """A look at a page, with what the client behind it had been told."""

    __slots__ = ("heard", "last", "look", "t", "until")

    def __init__(self, look: Look, heard: Hearing, until: float) -> None:
        self.look, self.heard, self.t = look, heard, look.t
        self.until = until
        """When the next look was taken."""
        self.last = heard.last(look.t)
        """The last valid message up to then."""

    def unheard(self, bound_s: float, error_s: float) -> tuple[str, int] | None:
        """Where nothing valid can have come for longer than the bound: for how long, in words, and the number of what
        came last; None: something may have come."""
        last, begin = self.last, self.t - bound_s - error_s
        if (last is not None and last.t > begin) or not self.heard.silent(begin, self.t + error_s):
            return None
        return (f"for {self.t - last.t:.3f} s", last.number) if last else ("ever", 0)


@once
def seen(run: Run) -> list[list[Seen]]:
    """For each page whose client is known, all looks at it; worked out once."""
    return [found for page in run.pages if (found := _seen(run, page))]


def _seen(run: Run, page: str) -> list[Seen]:
    named = run.client_of(page)
    begins = _begins(run) if len(run.pages) == 1 else []
    looks = run.looks_of(page)
    untils = [*(look.t for look in looks[1:]), run.life_of(page)[1]]
    found = []
    for look, until in zip(looks, untils, strict=False):
        client = look.mark("client") or named
        if client is None:  # each life of a page is a client of its own
            client = next((name for name, t in reversed(begins) if t <= look.t), None)
        if client is not None:
            found.append(Seen(look, hearing(run, client), until))
    return found


def _begins(run: Run) -> list[tuple[str, float]]:
    first: dict[str, float] = {}
    for each in run.channels():
        first.setdefault(each.client, each.t)
    return list(first.items())


def _doubts(deliveries: list[Delivery]) -> tuple[list[float], list[float]]:
    """When messages may have come of which the record does not say when: since when, in order, and for each of these
    times until when this, or what began before, may have gone on."""
    since: dict[Exchange, float] = {}
    for each in deliveries:
        if not each.surely:
            since.setdefault(each.exchange, each.t)
    return list(since.values()), list(accumulate(map(_end, since), max))


def _end(exchange: Exchange) -> float:
    """Of a stream, its end; an answer can be late for ever."""
    return NEVER if exchange.rung == "polling" else exchange.ended_t
