"""S17: the commands of one client take effect in the order in which it gave them.

The order is that in which they first went out on the wire. One that the page called failed or unknown is left out: the
client has gone on without it.
"""

from itertools import pairwise

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.orders import orders_of
from proxy_addons.harness.judge.run import Run


def find(run: Run, limits: Limits) -> list[Difference]:
    """The commands that took effect before one that was given earlier."""
    if len({told.epoch for _, told in run.truth}) > 1:
        raise Undecided("the server began a new log, whose numbers say nothing of the old ones")
    orders = [
        order
        for order in orders_of(run, limits)
        if order.sent is not None and order.seq is not None and order.state not in ("failed", "unknown")
    ]
    found, decided = [], False
    for client in dict.fromkeys(order.client for order in orders):
        for before, order in pairwise([each for each in orders if each.client == client]):
            decided = True
            assert before.seq is not None
            assert order.seq is not None
            if order.seq < before.seq:
                text = (
                    f"client {client} gave command {before.id} before {order.id}, but they took effect as events "
                    f"{before.seq} and {order.seq}; the first should have been the first"
                )
                slices = [*before.records, *order.records]
                found.append(Difference(run.records[max(slices)].t, text, min(slices), max(slices)))
    if not decided:
        raise Undecided("no client gave two commands of whose effects the places are known")
    return found


CHECK = Check("S17", "commands take effect in order", find, frozenset({"commands"}))
