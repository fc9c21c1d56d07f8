"""The lane of the server: its log, and its restarts."""

from collections.abc import Iterator

from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.lanes.marks import since
from proxy_addons.harness.report.picture import Mark, short
from proxy_addons.records import OriginRestarted


def server(run: Run) -> Iterator[Mark]:
    for number, told in run.truth:
        yield Mark(since(run, told.t), None, "truth", short(told), number)
    for number, restarted in run.of(OriginRestarted):
        yield Mark(since(run, restarted.t), None, "restart", short(restarted), number)
