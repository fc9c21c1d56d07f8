"""Messages that a rule made up and a client must take for the server's: what it shows then is not its fault."""

from proxy_addons.harness.judge.run import Run
from proxy_addons.records import FaultFired


def was_told_lies(run: Run, client: str | None, until: float) -> bool:
    """Whether a valid message that the server never sent was delivered to a client (None: to any) up to then."""
    deliveries = [each for each in run.deliveries(client) if each.t <= until]
    made_up = [each for each in deliveries if isinstance(run.records[each.number], FaultFired) and each.is_valid]
    if not made_up:
        return False
    genuine = {each.raw for each in run.deliveries() if not isinstance(run.records[each.number], FaultFired)}
    return any(each.raw not in genuine for each in made_up)
