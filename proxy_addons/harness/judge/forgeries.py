"""Messages that a rule made up and a client must take for the server's: what it shows then is not its fault."""

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import NEVER, Run


def was_told_lies(run: Run, client: str | None, until: float) -> bool:
    """Whether a valid message that the server never sent was delivered to a client (None: to any) up to then."""
    return _first_lies(run).get(client, NEVER) <= until


@once
def _first_lies(run: Run) -> dict[str | None, float]:
    """When each client (None: any of them) was told the first."""
    by_rules = {number for number, _ in run.faults}
    made_up = [each for each in run.deliveries() if each.number in by_rules and each.is_valid]
    genuine = {each.raw for each in run.deliveries() if each.number not in by_rules} if made_up else set()
    found: dict[str | None, float] = {}
    for each in made_up:
        if each.raw not in genuine:
            found.setdefault(None, each.t)
            found.setdefault(each.exchange.client, each.t)
    return found
