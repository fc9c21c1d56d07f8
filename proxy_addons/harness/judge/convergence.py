"""Whether a page came to show the truth as fresh, and kept to it."""

from dataclasses import dataclass
from typing import Literal

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.lives import Life
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.harness.judge.run import Look


@dataclass(frozen=True)
class Convergence:
    """What became of a page."""

    outcome: Literal["came", "failed", "open"]
    """`open`: its record ends too early to tell."""
    wrong: str = ""
    """What was wrong the last time that anything was."""
    look: Look | None = None
    """Where that was seen."""


def convergence(life: Life, rightness: Rightness, limits: Limits, begin: float, bound: float) -> Convergence:
    """Whether from some time between `begin` and `bound` on the page was fresh and right, as long as that must hold."""
    before = life.look_at(begin)
    looks = ([before] if before else []) + [look for look in life.looks if look.t > begin]
    since, wrong, where = None, "shows nothing", before
    for look in looks:
        if since is not None and look.t - since >= limits.hold_s and since <= bound:
            return Convergence("came")
        found = _wrong(look, rightness)
        if found is None:
            since = max(look.t, begin) if since is None else since
        else:
            since, wrong, where = None, found, look
    if since is not None and since <= bound:
        return Convergence("came" if life.end - since >= limits.hold_s else "open", wrong, where)
    return Convergence("open" if life.acts_until < bound else "failed", wrong, where)


def _wrong(look: Look, rightness: Rightness) -> str | None:
    if not look.is_fresh:
        return f"shows its data as {look.mark('stale') or 'unknown'}"
    return rightness.wrong_in(look)
