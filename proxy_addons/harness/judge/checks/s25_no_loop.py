"""S25: what a client can never accept does not make it loop: a message in a language that it does not speak, or one
that is too large (close code 1009), or an answer of another type.

Of attempts that met with nothing but that, one after the other on one transport, it makes at most its budget; what it
makes beyond comes as slowly as a back-off that grows with each failure, but for one case in ten million.
"""

from proxy_addons.harness.judge.attempts import BLAMED_CODES, attempts_of, floor_s, hasty, least_s
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import CROWDED, is_crowded
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.records import ResponseSeen

STREAM = "text/event-stream"


def find(run: Run, limits: Limits) -> list[Difference]:
    """The loops."""
    if is_crowded(run):
        raise Undecided(CROWDED)
    floor = floor_s(run, limits)
    types = {record.exchange: record.content_type for _, record in run.of(ResponseSeen)}
    found: list[Difference] = []
    decided = False
    for client in run.clients:
        for series in _series(attempts_of(run, client, "live"), types):
            decided = True
            count = hasty((each.t for each in series), limits, floor)
            if count is None or count <= limits.budget:
                continue
            first, last = series[0], series[count - 1]
            text = (
                f"client {client} made {count} {last.rung} attempts in {last.t - first.t:.3f} s though it could never "
                f"accept what came; at most {limits.budget} are right, or waits that take at least "
                f"{least_s(count - 1, limits, floor):.3f} s"
            )
            found.append(Difference(last.t, text, first.number, last.number))
    if not decided:
        raise Undecided("no client met with anything that it can never accept")
    return found


def _series(live: list[Exchange], types: dict[int, str]) -> list[list[Exchange]]:
    """Attempts on one transport, one after the other, that met with nothing acceptable."""
    found: list[list[Exchange]] = []
    last: Exchange | None = None
    for each in live:
        if _is_unacceptable(each, types):
            if last is None or last.rung != each.rung:
                found.append([])
            found[-1].append(each)
            last = each
        else:
            last = None
    return found


def _is_unacceptable(exchange: Exchange, types: dict[int, str]) -> bool:
    if exchange.code in BLAMED_CODES:
        return True
    is_stream = types.get(exchange.exchange, STREAM).lower().startswith(STREAM)
    if exchange.rung == "eventsource" and exchange.status == 200 and not is_stream:
        return True
    return not exchange.worked and any(each.delivered for each in exchange.deliveries)


CHECK = Check("S25", "nothing unacceptable makes a loop", find)
