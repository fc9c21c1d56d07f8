"""L1: within `Y` of the end of the last fault, each page shows the truth as fresh, and goes on to.

From some instant, at the latest `Y` after the last fault was lifted (or the page opened), its data is not marked as
stale and what it shows agrees with the server's log as in S1, for as long as `hold_s`. A page that says that it has
given up for good is not asked.
"""

from proxy_addons.harness.judge.convergence import convergence
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.harness.judge.run import Run


def find(run: Run, limits: Limits) -> list[Difference]:
    """The pages that did not come back."""
    rightness, found, came, still_open = Rightness(run, limits), [], 0, []
    for life in lives_of(run):
        begin = max(run.healed_at, life.begin)
        bound = begin + limits.convergence_s
        seen = convergence(life, rightness, limits, begin, bound)
        if seen.outcome == "failed":
            number = seen.look.number if seen.look else 0
            last = life.looks[-1].number if life.looks else number
            text = (
                f"page {life.page} was not fresh and right for {limits.hold_s:.1f} s in a row from any time up to "
                f"{limits.convergence_s:.1f} s after {begin - run.start:.3f} s; it {seen.wrong}"
            )
            found.append(Difference(bound, text, min(number, last), max(number, last)))
        came += seen.outcome == "came"
        if seen.outcome == "open" and life.end == run.end and life.given_up_at is None:
            still_open.append(life.page)
    if not found and (still_open or not came):
        raise Undecided(f"the record ends too early to tell for {', '.join(still_open) or 'any page'}")
    return found


CHECK = Check("L1", "pages come back after the faults", find, frozenset({"display"}))
