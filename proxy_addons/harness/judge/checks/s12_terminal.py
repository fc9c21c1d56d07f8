"""S12: terminal is terminal. Once the server has closed with a code that forbids to come back (4400, 4401, 4403, 4410),
or the page itself says that it has given up, its client asks for nothing more, and the page says so.

What was under way at that instant is granted `W`. A reload by the user is another client.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import TERMINAL, Life, lives_of
from proxy_addons.harness.judge.run import Exchange, Run

CODES = (4400, 4401, 4403, 4410)


def find(run: Run, limits: Limits) -> list[Difference]:
    """Requests after the end, and pages that do not speak of it."""
    lives = lives_of(run)
    given_up = [life for life in lives if life.given_up_at is not None and life.client]
    closed = [each for client in run.clients if (each := _forbidden(run, client)) is not None]
    if not given_up and not closed:
        raise Undecided("no client was told to stay away, and no page gave up")
    found: list[Difference] = []
    for each in closed:
        why = f"its {each.rung} was closed with {each.code}"
        found += _later(run, each.client, each.ended_t, each.last, why, limits)
        found += [silent for life in lives if life.client == each.client for silent in _silent(life, each, limits)]
    for life in given_up:
        if life.client and life.client not in [each.client for each in closed]:
            look = next(look for look in life.looks if look.t == life.given_up_at)
            found += _later(run, life.client, look.t, look.number, "its page said that it had given up", limits)
    return found


def _forbidden(run: Run, client: str) -> Exchange | None:
    """The newest channel of the client, at its time, that somebody else closed for good."""
    channels = run.channels(client, "live", "probe")
    for each in channels:
        if each.how != "close" or each.ended_by == "client" or each.code not in CODES:
            continue
        if not any(each.t < other.t < each.ended_t and other.worked for other in channels):
            return each
    return None


def _later(run: Run, client: str, t: float, first: int, why: str, limits: Limits) -> Iterator[Difference]:
    late = [each for each in run.channels(client) if each.t > t + limits.handover_s + limits.clock_error_s]
    if late:
        each = late[0]
        yield Difference(
            each.t,
            f"client {client} made {len(late)} more requests, the first ({each.rung} {each.exchange}) "
            f"{each.t - t:.3f} s after {why}; none is right",
            min(first, each.number),
            max(first, each.number),
        )


def _silent(life: Life, closed: Exchange, limits: Limits) -> Iterator[Difference]:
    bound = closed.ended_t + limits.handover_s + limits.clock_error_s
    look = next((look for look in life.looks if look.t > bound and look.mark("connection") is not None), None)
    if look is not None and look.mark("connection") != TERMINAL:
        yield Difference(
            look.t,
            f"page {life.page} showed its connection as {look.mark('connection')!r} {look.t - closed.ended_t:.3f} s "
            f"after it was closed with {closed.code}; it should say that it has given up",
            closed.last,
            look.number,
        )


CHECK = Check("S12", "terminal is terminal", find, frozenset({"attempts"}))
