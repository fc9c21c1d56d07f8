"""What a person reads of the wire."""

import pytest

from proxy_addons.records import Record, wire
from proxy_addons.tests.examples import OF_THE_WIRE


def test_the_examples_leave_no_class_out() -> None:
    own = {each for each in vars(wire).values() if isinstance(each, type) and each.__module__ == wire.__name__}
    assert {type(record) for record, _ in OF_THE_WIRE} == own


@pytest.mark.parametrize(("record", "words"), OF_THE_WIRE, ids=lambda value: type(value).__name__)
def test_tells_a_person_what_happened(record: Record, words: str) -> None:
    assert str(record) == words
