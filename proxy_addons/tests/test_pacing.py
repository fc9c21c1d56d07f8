"""When the bytes of a paced connection go out, and in which pieces."""

import pytest

from proxy_addons.actions import Pace
from proxy_addons.pacing import END, Pacer


def played(pacer: Pacer, until: float = 1e9) -> list[tuple[float, bytes]]:
    """What goes out and when, in ms, if somebody asks exactly when there is something."""
    out = list[tuple[float, bytes]]()
    while (at := pacer.next_at()) is not None and at <= until:
        out += [(round(at * 1000, 3), piece) for piece in pacer.due(at)]
    return out


def fed(pace: Pace, *chunks: tuple[float, bytes]) -> Pacer:
    """A pacer that got these bytes, each at its time in ms."""
    pacer = Pacer(pace, "to_client")
    for at_ms, data in chunks:
        pacer.feed(data, at_ms / 1000)
    return pacer


def test_passes_bytes_at_once_without_settings() -> None:
    assert played(fed(Pace(), (0, b"a"), (5, b"b"))) == [(0, b"a"), (5, b"b")]


def test_has_nothing_due_before_anything_came() -> None:
    pacer = Pacer(Pace(latency_ms=10), "to_client")
    assert (pacer.next_at(), pacer.due(1.0), pacer.drain()) == (None, [], [])


class TestLatency:
    def test_makes_each_piece_wait_while_others_come(self) -> None:
        assert played(fed(Pace(latency_ms=100), (0, b"a"), (5, b"b"))) == [(100, b"a"), (105, b"b")]

    def test_holds_what_is_not_due(self) -> None:
        pacer = fed(Pace(latency_ms=100), (0, b"a"), (5, b"b"))
        assert pacer.due(0.099) == []
        assert pacer.due(0.1) == [b"a"]

    def test_gives_what_is_overdue_in_order(self) -> None:
        assert fed(Pace(latency_ms=100), (0, b"a"), (5, b"b")).due(3.0) == [b"a", b"b"]


class TestJitter:
    PACE = Pace(latency_ms=10, jitter_ms=50, key="seed 1")
    CHUNKS = tuple((10 * n, b"%02d" % n) for n in range(50))

    def test_lies_between_none_and_all_of_it(self) -> None:
        ((at, _),) = played(fed(self.PACE, (0, b"a")))
        assert 10 <= at <= 60

    def test_spreads_the_pieces(self) -> None:
        out = played(fed(self.PACE, *((1000 * n, b"a") for n in range(20))))
        assert len({round(at) % 1000 for at, _ in out}) > 10

    def test_never_reorders(self) -> None:
        out = played(fed(self.PACE, *self.CHUNKS))
        assert [data for _, data in out] == [data for _, data in self.CHUNKS]
        assert [at for at, _ in out] == sorted(at for at, _ in out)

    def test_repeats_from_its_key(self) -> None:
        assert played(fed(self.PACE, *self.CHUNKS)) == played(fed(self.PACE, *self.CHUNKS))

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(Pacer(Pace(latency_ms=10, jitter_ms=50, key="seed 2"), "to_client"), id="key"),
            pytest.param(Pacer(PACE, "to_server"), id="direction"),
        ],
    )
    def test_differs_with_its_key_and_direction(self, other: Pacer) -> None:
        for at_ms, data in self.CHUNKS:
            other.feed(data, at_ms / 1000)
        assert played(other) != played(fed(self.PACE, *self.CHUNKS))


class TestRate:
    def test_lets_bytes_through_at_their_pace(self) -> None:
        out = played(fed(Pace(bytes_per_second=1000), (0, bytes(1000))))
        assert out[-1][0] == 1000
        for at, _ in out:
            assert sum(len(data) for when, data in out if when <= at) == pytest.approx(at)

    def test_trickles_instead_of_bursting(self) -> None:
        assert {len(data) for _, data in played(fed(Pace(bytes_per_second=1000), (0, bytes(1000))))} == {20}

    def test_queues_what_comes_while_the_line_is_busy(self) -> None:
        out = played(fed(Pace(bytes_per_second=1000), (0, bytes(20)), (5, b"b"), (500, b"c")))
        assert out == [(20, bytes(20)), (21, b"b"), (501, b"c")]

    def test_is_served_before_the_latency(self) -> None:
        assert played(fed(Pace(bytes_per_second=1000, latency_ms=7), (0, b"a"))) == [(8, b"a")]

    def test_of_less_than_a_byte_a_grain_still_flows(self) -> None:
        assert played(fed(Pace(bytes_per_second=2), (0, b"ab"))) == [(500, b"a"), (1000, b"b")]


class TestPieces:
    def test_are_of_one_size_and_the_rest(self) -> None:
        assert played(fed(Pace(piece_bytes=2), (0, b"abcde"))) == [(0, b"ab"), (0, b"cd"), (0, b"e")]

    def test_stand_apart(self) -> None:
        pace = Pace(piece_bytes=2, piece_apart_ms=3)
        assert played(fed(pace, (0, b"abcde"))) == [(0, b"ab"), (3, b"cd"), (6, b"e")]

    def test_of_different_writes_stand_apart_as_well(self) -> None:
        pace = Pace(piece_bytes=2, piece_apart_ms=3)
        assert played(fed(pace, (0, b"abc"), (1, b"d"))) == [(0, b"ab"), (3, b"c"), (6, b"d")]

    def test_stand_apart_even_if_somebody_asks_late(self) -> None:
        pacer = fed(Pace(piece_bytes=2, piece_apart_ms=3, latency_ms=10), (0, b"abcdef"))
        assert pacer.due(0.020) == [b"ab"]
        assert played(pacer) == [(23, b"cd"), (26, b"ef")]

    def test_are_cut_further_by_a_slow_line_but_never_joined(self) -> None:
        out = played(fed(Pace(piece_bytes=30, bytes_per_second=1000), (0, bytes(50))))
        assert [len(data) for _, data in out] == [20, 10, 20]


class TestGathering:
    PACE = Pace(gather_ms=10, gather_bytes=4)

    def test_makes_one_write_of_what_comes_in_its_time(self) -> None:
        assert played(fed(self.PACE, (0, b"a"), (9, b"b"))) == [(10, b"ab")]

    def test_begins_anew_after_its_time(self) -> None:
        assert played(fed(self.PACE, (0, b"a"), (11, b"b"))) == [(10, b"a"), (21, b"b")]

    def test_ends_when_there_is_enough(self) -> None:
        assert played(fed(self.PACE, (0, b"a"), (3, b"bcde"), (4, b"f"))) == [(3, b"abcde"), (14, b"f")]

    def test_has_no_limit_unless_told(self) -> None:
        assert played(fed(Pace(gather_ms=10), (0, bytes(9999)), (1, b"a"))) == [(10, bytes(9999) + b"a")]

    def test_comes_before_cutting(self) -> None:
        pace = Pace(gather_ms=10, piece_bytes=2)
        assert played(fed(pace, (0, b"a"), (1, b"bc"))) == [(10, b"ab"), (10, b"c")]


class TestEnd:
    def test_waits_in_turn(self) -> None:
        assert played(fed(Pace(latency_ms=100), (0, b"a"), (5, END))) == [(100, b"a"), (105, END)]

    def test_is_slowed_by_what_is_before_it(self) -> None:
        assert played(fed(Pace(bytes_per_second=1000), (0, b"abc"), (1, END))) == [(3, b"abc"), (3, END)]

    def test_ends_the_gathering(self) -> None:
        assert played(fed(Pace(gather_ms=100), (0, b"a"), (5, END))) == [(5, b"a"), (5, END)]


class TestDrain:
    def test_gives_everything_in_order(self) -> None:
        pace = Pace(gather_ms=10, piece_bytes=3, piece_apart_ms=5)
        pacer = fed(pace, (0, b"abcdefg"), (11, b"hi"))
        assert pacer.due(0.010) == [b"abc"]
        assert pacer.next_at() == 0.015
        assert b"".join(pacer.drain()) == b"defghi"
        assert (pacer.next_at(), pacer.due(99), pacer.drain()) == (None, [], [])

    def test_keeps_the_end(self) -> None:
        assert fed(Pace(latency_ms=5), (0, b"a"), (0, END)).drain() == [b"a", END]

    def test_keeps_the_end_that_is_next(self) -> None:
        pacer = fed(Pace(latency_ms=5), (0, END))
        assert pacer.next_at() == 0.005
        assert pacer.drain() == [END]
