"""L8: each command leaves `pending` within `C` of its issue, or within `C` of the last fault.

What became of a command is what the page itself says (its trace), which counts against it only; asked where the page
went on to say things after that time.
"""

from proxy_addons.harness.judge.disturbances import RETRY_AFTER_S, told_to_wait
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.orders import Order, orders_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageSaid

PENDING = "pending"


def find(run: Run, limits: Limits) -> list[Difference]:
    """The commands that nobody was ever told about."""
    found, at_risk, orders = [], 0, orders_of(run, limits)
    for life in lives_of(run):
        words = [each for each in run.of(PageSaid) if each[1].page == life.page]
        words = [(number, each) for number, each in words if life.begin <= each.t <= life.end]
        said = [each for each in words if each[1].what == "trace"]
        for name, (number, issued) in _issued(run, life, said, orders).items():
            own = [each for each in said if each[1].fields.get("id") == name]
            left = next((each.t for _, each in own if each.fields.get("state") != PENDING), None)
            bound = _bound(run, limits, life, issued)
            if left is not None and left <= bound:
                at_risk += 1
            elif any(each.t > bound for _, each in words):
                at_risk += 1
                fate = "never left it" if left is None else f"left it only after {left - issued:.3f} s"
                text = (
                    f"page {life.page}: command {name}, issued at {issued - run.start:.3f} s, should have left "
                    f"`pending` within {bound - issued:.3f} s, and {fate}"
                )
                found.append(Difference(bound, text, number, max([number, *(each for each, _ in own)])))
    if not at_risk:
        raise Undecided("no command was issued, and its time over, before the page's last word")
    return found


def _issued(
    run: Run, life: Life, said: list[tuple[int, PageSaid]], orders: list[Order]
) -> dict[str, tuple[int, float]]:
    """By the id of each command, when it was issued: by the page's own word, or when it first went out."""
    sent = [(order.id, order.sent) for order in orders if order.sent is not None and order.client == life.client]
    found = {name: (number, run.records[number].t) for name, number in sent}
    for number, each in said:
        if each.fields.get("what") == "command" and each.fields.get("state") == PENDING:
            name = str(each.fields.get("id"))
            if name not in found or each.t < found[name][1]:
                found[name] = number, each.t
    return {name: at for name, at in found.items() if life.begin <= at[1] <= life.end}


def _bound(run: Run, limits: Limits, life: Life, issued: float) -> float:
    begin = max(issued, run.healed_at)
    if life.client is not None and told_to_wait(run, life.client, begin):
        begin += RETRY_AFTER_S
    return begin + limits.command_s + limits.clock_error_s


CHECK = Check("L8", "commands come to an end", find, frozenset({"commands", "trace"}))
