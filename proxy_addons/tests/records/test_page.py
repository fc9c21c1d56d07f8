"""What a person reads of a page."""

import pytest

from proxy_addons.records import Record, page
from proxy_addons.tests.examples import OF_THE_PAGE


def test_the_examples_leave_no_class_out() -> None:
    own = {each for each in vars(page).values() if isinstance(each, type) and each.__module__ == page.__name__}
    assert {type(record) for record, _ in OF_THE_PAGE} == own


@pytest.mark.parametrize(("record", "words"), OF_THE_PAGE, ids=lambda value: type(value).__name__)
def test_tells_a_person_what_happened(record: Record, words: str) -> None:
    assert str(record) == words
