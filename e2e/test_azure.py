"""What platforms do, replayed from the plans that are shipped."""

import pytest

from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.plan import load_plan
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultFired, Record
from proxy_addons.scenarios import SCENARIOS

ERROR_320 = load_plan(SCENARIOS / "azure" / "error-320.toml").rules


def reconnect_refused(record: Record) -> bool:
    """the reconnect of the stream answered 503"""
    return isinstance(record, FaultFired) and record.rule == "reconnect-refused"


@pytest.mark.faults(*ERROR_320)
def test_survives_the_case_that_started_it_all(timer: TimerPage, proxy: FaultProxy, operator: Operator) -> None:
    # given a restart on Azure: WebSocket refused, stream cut without its last chunk, reconnect answered 503
    timer.open()
    proxy.history.wait_for(reconnect_refused, 15)
    # then the page is live over EventSource at the end of it
    timer.expect_transport("eventsource")
    operator.note("320")
    timer.expect_note("320")
    timer.expect_in_sync(operator)
