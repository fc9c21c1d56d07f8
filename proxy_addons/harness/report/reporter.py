"""Listens to pytest, keeps what each test leaves behind, and writes the report at the end."""

import os
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser

from proxy_addons.harness.report import folders
from proxy_addons.harness.report.github import publish
from proxy_addons.harness.report.junit import properties
from proxy_addons.harness.report.keeping import forget, hear, keep, trace_of
from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.page import is_green
from proxy_addons.harness.report.results import save_report
from proxy_addons.harness.report.terminal import told
from proxy_addons.harness.report.traces import Traces
from proxy_addons.harness.vitals import vitals_of


def begin(config: pytest.Config) -> None:
    """For all of a session; in a worker of pytest-xdist, as a part of the run that started it."""
    folders.begin(config, getattr(config, "workerinput", {}).get("brownout_run"))
    traces = Traces(on=config.getoption("--brownout-traces") == "on")
    config.pluginmanager.register(_Reporter(traces), "brownout-reporter")


class _Reporter:
    """A plugin of pytest's own kind."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """pytest-xdist's: one run, however many workers."""
        node.workerinput["brownout_run"] = folders.run_of(node.config)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self) -> Generator[None, object, object]:
        made = yield
        if isinstance(made, Browser):
            self._traces.follow(made)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._traces.begin(folders.folder_of(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        trace, vitals = trace_of(item), vitals_of(item.config)
        hear(trace, item, call, report, lambda: vitals.losses(trace.proxies, ask=True))
        if call.when == "teardown":
            kept = self._traces.end(keep=bool(trace.proxies) and not trace.is_green)
            if trace.proxies:
                report.user_properties += properties(keep(item, trace, kept))
            forget(item)
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        outcomes = [Outcome.load(path) for path in sorted(folders.run_folder(config).glob("*/outcome.json"))]
        if not outcomes or hasattr(config, "workerinput"):
            return
        page = save_report(outcomes, folders.report_folder(config))
        folders.finish(config)
        terminalreporter.section("brownout", green=is_green(outcomes), red=not is_green(outcomes))
        for each in [*told(outcomes), *publish(outcomes, os.environ), f"Report: {page}"]:
            terminalreporter.write_line(each)
