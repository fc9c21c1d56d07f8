"""Any pace, any traffic: the bytes that come out are those that went in, in order and no sooner than allowed."""

from hypothesis import given
from hypothesis import strategies as st

from proxy_addons.actions import Pace
from proxy_addons.pacing import END, Pacer

ms = st.one_of(st.just(0), st.floats(min_value=0, max_value=500))
paces = st.builds(
    Pace,
    gather_ms=ms,
    gather_bytes=st.none() | st.integers(1, 50),
    piece_bytes=st.none() | st.integers(1, 50),
    piece_apart_ms=ms,
    bytes_per_second=st.none() | st.floats(min_value=1, max_value=1e6),
    latency_ms=ms,
    jitter_ms=ms,
    distribution=st.sampled_from(["uniform", "normal", "exponential"]),
    key=st.text(max_size=3),
)
writes = st.lists(st.tuples(st.floats(min_value=0, max_value=2), st.binary(min_size=1, max_size=100)), max_size=20)
"""How long after the one before each comes, and what."""

Times = list[tuple[float, bytes]]


def play(pacer: Pacer, chunks: list[tuple[float, bytes]]) -> tuple[Times, Times]:
    """What went in and what came out, with their times."""
    now, came, went = 0.0, Times(), Times()
    for pause, data in chunks:
        now += pause
        went += due_until(pacer, now)
        pacer.feed(data, now)
        came.append((now, data))
    pacer.feed(END, now)
    return came, went + due_until(pacer, float("inf"))


def due_until(pacer: Pacer, limit: float) -> Times:
    out = Times()
    while (at := pacer.next_at()) is not None and at <= limit:
        out += [(at, piece) for piece in pacer.due(at)]
    return out


def joined(times: Times) -> bytes:
    return b"".join(data for _, data in times)


@given(paces, writes)
def test_bytes_come_out_as_they_went_in_and_then_the_end(pace: Pace, chunks: list[tuple[float, bytes]]) -> None:
    came, went = play(Pacer(pace, "to_client"), chunks)
    assert joined(went) == joined(came)
    assert [data for _, data in went].count(END) == 1
    assert went[-1][1] == END


@given(paces, writes)
def test_nothing_overtakes_and_nothing_is_early(pace: Pace, chunks: list[tuple[float, bytes]]) -> None:
    came, went = play(Pacer(pace, "to_client"), chunks)
    assert [at for at, _ in went] == sorted(at for at, _ in went)
    for at, _ in went:
        arrived = joined([each for each in came if each[0] + pace.latency_ms / 1000 <= at + 1e-9])
        gone = joined([each for each in went if each[0] <= at])
        assert len(gone) <= len(arrived)


@given(paces, writes)
def test_no_piece_is_larger_than_allowed(pace: Pace, chunks: list[tuple[float, bytes]]) -> None:
    _, went = play(Pacer(pace, "to_client"), chunks)
    assert all(pace.piece_bytes is None or len(data) <= pace.piece_bytes for _, data in went)


@given(st.builds(Pace, bytes_per_second=st.floats(min_value=1, max_value=1e4)), writes)
def test_the_rate_is_never_exceeded(pace: Pace, chunks: list[tuple[float, bytes]]) -> None:
    assert pace.bytes_per_second is not None
    came, went = play(Pacer(pace, "to_client"), chunks)
    start = came[0][0] if came else 0.0
    for at, _ in went:
        passed = len(joined([each for each in went if each[0] <= at]))
        assert passed <= (at - start) * pace.bytes_per_second * (1 + 1e-9) + 1e-6


@given(paces, writes, st.floats(min_value=0, max_value=20))
def test_nothing_is_lost_when_the_pace_ends(pace: Pace, chunks: list[tuple[float, bytes]], moment: float) -> None:
    pacer = Pacer(pace, "to_client")
    now, out = 0.0, b""
    for pause, data in chunks:
        now += pause
        pacer.feed(data, now)
        if now <= moment:
            out += b"".join(pacer.due(now))
    pacer.feed(END, now)
    rest = pacer.drain()
    assert out + b"".join(rest) == b"".join(data for _, data in chunks)
    assert rest[-1] == END
