"""All classes of record together."""

from proxy_addons.records import Record, line
from proxy_addons.tests.examples import ONE_OF_EACH, RECEIPT


def test_the_examples_leave_no_class_out() -> None:
    assert {type(record) for record, _ in ONE_OF_EACH} == set(Record.__args__)


def test_a_line_starts_with_the_time_since_the_start() -> None:
    assert line(RECEIPT, start=11.266).startswith("+1.234 s  rule cut: abort")
