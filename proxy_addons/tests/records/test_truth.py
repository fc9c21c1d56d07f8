"""What a person reads of the server."""

import pytest

from proxy_addons.records import Record, truth
from proxy_addons.tests.examples import OF_THE_SERVER


def test_the_examples_leave_no_class_out() -> None:
    own = {each for each in vars(truth).values() if isinstance(each, type) and each.__module__ == truth.__name__}
    assert {type(record) for record, _ in OF_THE_SERVER} == own


@pytest.mark.parametrize(("record", "words"), OF_THE_SERVER, ids=lambda value: type(value).__name__)
def test_tells_a_person_what_happened(record: Record, words: str) -> None:
    assert str(record) == words
