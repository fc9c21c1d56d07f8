"""L10: after a restart that began a new log, the page shows that log, and nothing of the old one, within `Y`.

`Y` counts from the last fault, or from the first event of the new epoch. The page shows the new epoch, is right as in
L1, and its list holds no event of the old one: none with a text that only the old log has, and no more than the new
log has events.
"""

from itertools import pairwise

from proxy_addons.harness.judge.convergence import convergence
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.items import is_of, texts_of
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.harness.judge.run import Look, Run


def find(run: Run, limits: Limits) -> list[Difference]:
    """The pages that stayed with the old log, or kept some of it."""
    told = [each for _, each in run.truth]
    changes = [then.t for before, then in pairwise(told) if before.epoch != then.epoch]
    if not changes:
        raise Undecided("the server began no new epoch")
    begin, rightness = max(changes[-1], run.healed_at), Rightness(run, limits)
    epoch, bound = told[-1].epoch, begin + limits.convergence_s
    found, decided = [], 0
    for life in lives_of(run):
        if life.begin > changes[-1]:
            continue
        seen = convergence(life, rightness, limits, begin, bound)
        decided += seen.outcome != "open"
        if seen.outcome == "failed" and seen.look is not None:
            text = (
                f"page {life.page} should have shown epoch {epoch!r}, and the truth, within "
                f"{limits.convergence_s:.1f} s of the restart at {changes[-1] - run.start:.3f} s; it {seen.wrong}"
            )
            found.append(Difference(bound, text, seen.look.number, life.looks[-1].number))
        elif seen.outcome == "came":
            found += _remains(run, life, epoch)
    if not decided:
        raise Undecided("the record ends too early after the new epoch began")
    return found


def _remains(run: Run, life: Life, epoch: str) -> list[Difference]:
    """What the list still holds of the old log while the page shows the new epoch."""
    log = [told for _, told in run.truth]
    new = [told for told in log if told.epoch == epoch]
    old_texts = texts_of(told for told in log if told.epoch != epoch).keys() - texts_of(new).keys()
    most = max(told.seq for told in new)
    for look in life.looks:
        wrong = _old_in(look, old_texts, most) if look.mark("epoch") == epoch else None
        if wrong:
            text = f"page {life.page} shows epoch {epoch!r}, and yet its list {wrong}"
            return [Difference(look.t, text, look.number, look.number)]
    return []


def _old_in(look: Look, old_texts: set[str], most: int) -> str | None:
    old = [item for item in look.record.items if any(is_of(item, text) for text in old_texts)]
    if old:
        return f"still holds {old[0]!r} of the epoch before"
    if len(look.record.items) > most:
        return f"holds {len(look.record.items)} events, and the new log has {most}"
    return None


CHECK = Check("L10", "a new log replaces the old one", find, frozenset({"truth", "cursor", "display"}))
