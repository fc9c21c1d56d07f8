"""S14: the page throws no error and rejects no promise that nobody catches.

Nothing else of the subject is needed for it than a page that is observed.
"""

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageFailed, PageLooked, PageOpened

WORDS = {"error": "threw an error that nothing caught", "rejection": "left a rejected promise without a handler"}


def find(run: Run, limits: Limits) -> list[Difference]:  # noqa: ARG001 - an error is one at any time
    """Each of them."""
    failed = run.of(PageFailed)
    found = [
        Difference(record.t, f"page {record.page} {WORDS[record.what]}: {record.text}; none is right", number, number)
        for number, record in failed
        if record.what in WORDS
    ]
    if not found and not run.of(PageOpened) and not run.of(PageLooked):
        raise Undecided("no page was observed")
    if not found and failed:
        raise Undecided(f"the process of page {failed[0][1].page} ended, and with it what it could have said")
    return found


CHECK = Check("S14", "no uncaught error", find)
