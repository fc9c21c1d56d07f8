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
    error = limits.clock_error_s
    if not each.look.is_fresh or not each.heard.silent(each.t - bound - error, each.t + error):
        return None
    last = each.heard.last(each.t)
    since = f"for {each.t - last.t:.3f} s" if last else "ever"
    return Difference(
        each.t,
        f"page {each.look.page} {at(run, each.t)} shows its data as fresh, but nothing valid had reached it {since}; "
        f"after {bound:.3f} s it should say that they are stale",
        last.number if last else 0,
        each.look.number,
    )


CHECK = Check(id="S2", title="Stale data are not shown as fresh", find=find, needs=frozenset({"display"}))
