"""S2, staleness honesty: a page that was told nothing valid for the time after which data are stale, and for the time
that it takes to notice, does not show its data as fresh."""

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import Seen, seen
from proxy_addons.harness.judge.run import Run


def find(run: Run, limits: Limits) -> list[Difference]:
    pages = [[each for each in page if each.look.mark("stale") is not None] for page in seen(run)]
    if not any(pages):
        raise Undecided("no page shows whether its data are fresh, or whose client it is can't be told")
    return [found for page in pages for found in episodes(run, ((each.t, _wrong(run, limits, each)) for each in page))]


def _wrong(run: Run, limits: Limits, each: Seen) -> Difference | None:
    bound = limits.stale_after_s + limits.detection_s
    if not each.look.is_fresh or (unheard := each.unheard(bound, limits.clock_error_s)) is None:
        return None
    since, last = unheard
    return Difference(
        each.t,
        f"page {each.look.page} {at(run, each.t)} shows its data as fresh, but nothing valid had reached it {since}; "
        f"after {bound:.3f} s it should say that they are stale",
        last,
        each.look.number,
    )


CHECK = Check(id="S2", title="Stale data are not shown as fresh", find=find, needs=frozenset({"display"}))
