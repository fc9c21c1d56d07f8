"""`connection.cut_after`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Limit
from proxy_addons.events import ConnectionOpened
from proxy_addons.faults import CutAfterConnection
from proxy_addons.tests.play import opened, play


def test_counts_what_goes_to_the_client_from_the_start() -> None:
    assert play(CutAfterConnection(after_bytes=40), ConnectionOpened(1)) == [Limit(40, "to_client", "abort")]


def test_counts_the_other_way_from_the_opening_of_a_stream() -> None:
    fault = CutAfterConnection(after_bytes=0, direction="to_server", then="reset", on="stream")
    assert play(fault, ConnectionOpened(1), opened()) == [Forward(), Limit(0, "to_server", "reset")]


def test_rejects_a_clean_end_which_a_connection_cannot_have() -> None:
    with pytest.raises(ValidationError, match="'abort', 'reset' or 'stall'"):
        CutAfterConnection.model_validate({"after_bytes": 1, "then": "end"})
