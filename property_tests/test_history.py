"""The record on disk: whatever happened, reading it back gives the same records."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from proxy_addons.history import History, load_history
from proxy_addons.records import Record

times = st.floats(allow_nan=False, allow_infinity=False)
kinds: tuple[Any, ...] = get_args(Record)
records: st.SearchStrategy[Record] = st.one_of([st.builds(kind, t=times) for kind in kinds])


@given(st.lists(records, max_size=6))
def test_a_record_survives_its_file(written: list[Record]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "history.jsonl"
        History(written).save(path)
        assert list(load_history(path)) == written


@given(records)
def test_every_record_can_be_told_in_words(record: Record) -> None:
    assert str(record)
