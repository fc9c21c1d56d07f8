"""What goes out in the place of a message, for each action on messages."""

import pytest

from proxy_addons.actions import (
    Delay,
    Drop,
    Duplicate,
    Forward,
    Insert,
    MessageAction,
    Parcel,
    Reorder,
    Replace,
    parcels,
)

AS_IT_CAME = Parcel()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param(Forward(), [AS_IT_CAME], id="forward"),
        pytest.param(Drop(), [], id="drop"),
        pytest.param(Replace(b"x"), [Parcel(b"x")], id="replace"),
        pytest.param(Replace(b"x", as_text=False), [Parcel(b"x", as_text=False)], id="replace by a binary one"),
        pytest.param(Duplicate(), [AS_IT_CAME, AS_IT_CAME], id="duplicate"),
        pytest.param(
            Duplicate(copies=2, apart_ms=50),
            [AS_IT_CAME, Parcel(after_ms=50), Parcel(after_ms=100)],
            id="duplicate, apart",
        ),
        pytest.param(Delay(250), [Parcel(after_ms=250)], id="delay"),
        pytest.param(Reorder(behind=3), [Parcel(behind=3)], id="reorder"),
        pytest.param(Insert(b"x"), [AS_IT_CAME, Parcel(b"x", as_text=True)], id="insert behind"),
        pytest.param(Insert(b"x", before=True), [Parcel(b"x", as_text=True), AS_IT_CAME], id="insert before"),
    ],
)
def test_an_action_says_what_goes_out(action: MessageAction, expected: list[Parcel]) -> None:
    assert list(parcels(action)) == expected
