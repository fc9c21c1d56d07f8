"""L11: every event up to the end of the last fault is in each page's list within `Y`.

Not asked: events that a snapshot left out and said so (`missed`), and pages that a rule sent made-up messages.
"""

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.forgeries import was_told_lies
from proxy_addons.harness.judge.listing import Omissions, what_is_missing
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import TruthTold


def find(run: Run, limits: Limits) -> list[Difference]:
    """The events that pages never showed."""
    until = run.healed_at
    log = [told for _, told in run.truth]
    epoch = next((told.epoch for told in reversed(log) if told.t <= until), None)
    found, decided = [], 0
    for life in lives_of(run):
        begin = max(until, life.begin)
        bound = begin + limits.convergence_s
        looks = [look for look in life.looks if begin <= look.t <= bound]
        if epoch is None or not looks or any(told.epoch != epoch for told in log if until < told.t <= bound):
            continue
        asked = [told for told in log if told.t <= until and told.epoch == epoch]
        wrong = _never_complete(run, life, looks, asked, limits.events_listed)
        if wrong and (bound > life.acts_until or was_told_lies(run, life.client, bound)):
            continue
        decided += 1
        if wrong:
            text = (
                f"page {life.page} should have listed every event up to {until - run.start:.3f} s within "
                f"{limits.convergence_s:.1f} s; it {wrong}"
            )
            found.append(Difference(bound, text, looks[0].number, looks[-1].number))
    if not decided:
        raise Undecided("no event was told up to the last fault, or the record ends too early after it")
    return found


def _never_complete(run: Run, life: Life, looks: list[Look], asked: list[TruthTold], most: int) -> str:
    """What was missing at the last look; empty: the list was complete at one of them."""
    (epoch,) = {told.epoch for told in asked}
    omissions = Omissions(run, life)
    wrong = f"never showed epoch {epoch!r}"
    for look in looks:
        if look.mark("epoch") != epoch:
            continue
        left_out = omissions.up_to(epoch, look.t)
        wrong = what_is_missing(look, [told for told in asked if told.seq > left_out], most)
        if not wrong:
            break
    return wrong


CHECK = Check("L11", "no event stays missing", find, frozenset({"truth", "cursor", "display"}))
