"""S16: what the page says of a command is true: no command takes effect twice, one that is called done has taken effect
once, one that is called failed has not, and none stays unknown whose answer came.

An answer counts as come if the connection that brought it lived on for `W`, so that the client must have read it.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.orders import Order, orders_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageClosed, PageSaid


def find(run: Run, limits: Limits) -> list[Difference]:
    """The commands of which something else was said than was so."""
    orders = orders_of(run, limits)
    if not orders:
        raise Undecided("no command was given")
    return [
        Difference(run.records[max(order.records)].t, text, min(order.records), max(order.records))
        for order in orders
        for text in _complaints(run, order, limits)
    ]


def _complaints(run: Run, order: Order, limits: Limits) -> Iterator[str]:
    name, effects = f"command {order.id}", order.effects
    if effects is not None and effects > 1:
        yield f"{name} took effect {effects} times; at most once is right"
    if order.state == "done" and effects == 0:
        yield f"the page called {name} done, but it took no effect; one is right"
    if order.state == "failed" and effects is not None and effects > 0:
        yield f"the page called {name} failed, but it took effect; none is right"
    if order.state == "unknown" and order.answered is not None and _outlived(run, order, limits):
        t = run.records[order.answered].t
        yield f"the page called {name} unknown to the end, {run.end - t:.3f} s after its answer came; it should know"


def _outlived(run: Run, order: Order, limits: Limits) -> bool:
    """Whether the page was still there when it must have read the answer."""
    assert order.answered is not None
    assert order.said is not None
    said, answer = run.records[order.said], run.records[order.answered]
    assert isinstance(said, PageSaid)
    closed = [record.t for _, record in run.of(PageClosed) if record.page == said.page]
    return min((t for t in closed if t >= answer.t), default=run.end) > answer.t + limits.handover_s


CHECK = Check("S16", "commands: what the page says is so", find, frozenset({"commands"}))
