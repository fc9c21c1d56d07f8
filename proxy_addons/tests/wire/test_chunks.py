"""A chunked body, read as mitmproxy does and kept as it came."""

import h11
import pytest
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from hypothesis import assume, given
from hypothesis import strategies as st

from proxy_addons.tests.origin import LAST_CHUNK, chunk
from proxy_addons.wire.chunks import ChunkReader


class Body:
    """One body on its way."""

    def __init__(self, *, together: bool = True) -> None:
        self.buffer = ReceiveBuffer()
        self.reader = ChunkReader(ChunkedReader(), lambda: together)
        self.payloads: list[bytes] = []
        self.raws: list[bytes] = []
        self.ended = False

    def come(self, data: bytes) -> None:
        self.buffer += data
        while not self.ended and (event := self.reader(self.buffer)) is not None:
            if isinstance(event, h11.Data):
                self.payloads.append(bytes(event.data))
                self.raws.append(self.reader.raw)
            else:
                self.ended = True


def test_hands_over_what_came_at_once() -> None:
    body = Body()
    body.come(chunk(b"one") + b"3;x=y\r\ntwo\r\n" + chunk(b"three"))
    assert body.payloads == [b"onetwothree"]
    assert body.raws == [chunk(b"one") + b"3;x=y\r\ntwo\r\n" + chunk(b"three")]


def test_hands_over_one_by_one_where_somebody_looks() -> None:
    body = Body(together=False)
    body.come(chunk(b"one") + chunk(b"two"))
    assert body.payloads == [b"one", b"two"]
    assert body.raws == [chunk(b"one"), chunk(b"two")]


def test_does_not_hold_a_part_of_a_chunk() -> None:
    body = Body()
    body.come(b"5\r\nhel")
    body.come(b"lo\r\n")
    assert body.payloads == [b"hel", b"lo"]
    assert body.raws == [chunk(b"hel"), chunk(b"lo")]


def test_leaves_what_follows_the_body() -> None:
    body = Body()
    body.come(chunk(b"one") + LAST_CHUNK + b"HTTP/1.1 200 OK")
    assert body.ended
    assert bytes(body.buffer) == b"HTTP/1.1 200 OK"
    assert body.reader.trailer == b""


def test_keeps_the_trailer() -> None:
    body = Body()
    body.come(b"0\r\nDigest: ab")
    assert body.reader.trailer == b""
    body.come(b"c\r\nX: 1\r\n\r\n")
    assert body.ended
    assert body.reader.trailer == b"Digest: abc\r\nX: 1\r\n"


@pytest.mark.parametrize("wrong", [b"x\r\n", b"\r\n", b"-1\r\n", b"1" * 20_000])
def test_refuses_what_is_no_chunk(wrong: bytes) -> None:
    with pytest.raises(h11.RemoteProtocolError, match="illegal chunk header"):
        Body().come(wrong)


def test_refuses_the_end_of_the_connection() -> None:
    with pytest.raises(h11.RemoteProtocolError, match="without sending complete"):
        Body().reader.read_eof()


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=20), max_size=6),
    cuts=st.lists(st.integers(0, 90), max_size=6),
    together=st.booleans(),
    begun=st.integers(0, 3),
)
def test_reads_as_mitmproxy_s_reader_does_which_it_follows(
    chunks: list[bytes], cuts: list[int], together: bool, begun: int
) -> None:
    # given a body in any pieces, whose beginning was read by another
    stream = b"".join(map(chunk, chunks)) + LAST_CHUNK
    first, theirs = ReceiveBuffer(), ChunkedReader()
    pieces = [stream[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True)]
    first += pieces[0]
    read = b""
    for _ in range(begun):
        event = theirs(first)
        assume(isinstance(event, h11.Data))  # ours takes over when there was a first one
        read += bytes(event.data) if isinstance(event, h11.Data) else b""
    # when ours goes on
    body = Body()
    body.reader = ChunkReader(theirs, lambda: together)
    body.come(bytes(first))
    for piece in pieces[1:]:
        body.come(piece)
    # then nothing is lost, and the raw bytes say the same
    assert read + b"".join(body.payloads) == b"".join(chunks)
    assert body.ended
    again = Body()
    again.come(b"".join(body.raws))
    assert b"".join(again.payloads) == b"".join(body.payloads)
