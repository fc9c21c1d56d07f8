"""S19, the indicator: a page says that it is live only while something valid reached it within the time after which
silence means that the connection is dead, and the time that it takes to notice."""

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.hearing import Seen, seen
from proxy_addons.harness.judge.run import Run

_LIVE = ("live", "connected")


def find(run: Run, limits: Limits) -> list[Difference]:
    pages = [[each for each in page if each.look.mark("connection") is not None] for page in seen(run)]
    if not any(each.look.mark("connection") in _LIVE for page in pages for each in page):
        raise Undecided("no page whose client is known ever said that it was live")
    return [found for page in pages for found in episodes(run, ((each.t, _wrong(run, limits, each)) for each in page))]


def _wrong(run: Run, limits: Limits, each: Seen) -> Difference | None:
    bound = limits.liveness_s + limits.detection_s
    shown = each.look.mark("connection")
    if shown not in _LIVE or (unheard := each.unheard(bound, limits.clock_error_s)) is None:
        return None
    since, last = unheard
    return Difference(
        each.t,
        f"page {each.look.page} {at(run, each.t)} says {shown!r}, but nothing valid had reached it {since}; "
        f"it may say so for {bound:.3f} s at most",
        last,
        each.look.number,
    )


CHECK = Check(id="S19", title="Live is said only of a living connection", find=find, needs=frozenset({"display"}))
