"""Raw traffic -> records: what completes in which chunk, how often, how long."""

import copy
import zlib

from proxy_addons.framing.websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, encode_close, encode_frame
from proxy_addons.recording.decoding import SseDecoder, WebSocketDecoder
from proxy_addons.records import ControlSeen, MessageSeen

MASK = b"mask"


def websocket(extensions: str = "", body_limit: int = 1000) -> WebSocketDecoder:
    return WebSocketDecoder(3, "to_server", extensions, body_limit)


def compressed(*texts: bytes) -> list[bytes]:
    """A frame for each, of one stream that keeps its context."""
    deflater = zlib.compressobj(wbits=-15)
    cut = [(deflater.compress(text) + deflater.flush(zlib.Z_SYNC_FLUSH))[:-4] for text in texts]
    return [encode_frame(TEXT, payload, rsv1=True) for payload in cut]


def test_a_message_belongs_to_the_chunk_that_completes_it() -> None:
    decoder, raw = websocket(), encode_frame(TEXT, b"hello", mask=MASK)
    assert decoder.feed(1.0, raw[:4], True) == []
    assert decoder.feed(2.0, raw[4:], False) == [
        MessageSeen(2.0, 3, "to_server", 1, data="hello", bytes=len(raw), delivered=False)
    ]


def test_a_chunk_may_complete_several() -> None:
    messages = websocket().feed(1.0, encode_frame(TEXT, b"a") + encode_frame(BINARY, b"\xff"), True)
    assert messages == [
        MessageSeen(1.0, 3, "to_server", 1, data="a", bytes=3, delivered=True),
        MessageSeen(1.0, 3, "to_server", 2, data="\\xff", bytes=3, delivered=True, text=False),
    ]


def test_a_ping_between_fragments_comes_before_their_message() -> None:
    first, rest = encode_frame(TEXT, b"he", fin=False), encode_frame(CONTINUATION, b"llo")
    records = websocket().feed(1.0, first + encode_frame(PING, b"?") + rest, True)
    assert records == [
        ControlSeen(1.0, 3, "to_server", "ping", "?", True),
        MessageSeen(1.0, 3, "to_server", 1, data="hello", bytes=len(first + rest), delivered=True),
    ]


def test_of_control_frames_only_pings_and_pongs_are_records() -> None:
    frames = [encode_frame(PONG, b""), encode_frame(0xB, b""), encode_frame(CLOSE, encode_close(1000))]
    records = websocket().feed(1.0, b"".join(frames), False)
    assert records == [ControlSeen(1.0, 3, "to_server", "pong", "", False)]


def test_inflates_with_the_context_of_all_messages_before() -> None:
    decoder = websocket("permessage-deflate")
    texts = [b"the same words again", b"the same words again", b"and again the same words"]
    frames = compressed(*texts)
    seen = [record for frame in frames for record in decoder.feed(1.0, frame, True)]
    assert [(each.data, each.bytes) for each in seen if isinstance(each, MessageSeen)] == [
        (text.decode(), len(frame)) for text, frame in zip(texts, frames, strict=True)
    ]


def test_a_copy_reads_on_by_itself() -> None:
    decoder, frames = websocket("permessage-deflate"), compressed(b"the same words", b"the same words")
    decoder.feed(1.0, frames[0] + frames[1][:3], True)
    other = copy.deepcopy(decoder)
    expected = MessageSeen(2.0, 3, "to_server", 2, data="the same words", bytes=len(frames[1]), delivered=True)
    assert decoder.feed(2.0, frames[1][3:], True) == other.feed(2.0, frames[1][3:], True) == [expected]


def test_shows_no_more_than_the_limit_and_tells_the_whole_size() -> None:
    (message,) = websocket(body_limit=2).feed(1.0, encode_frame(TEXT, b"hello"), True)
    assert message == MessageSeen(1.0, 3, "to_server", 1, data="he", bytes=7, delivered=True)


def test_an_event_has_its_type_and_id() -> None:
    decoder, raw = SseDecoder(3, 1000), b"event: tick\nid: 7\ndata: a\ndata: b\n\n"
    assert decoder.feed(1.0, raw[:9], True) == []
    assert decoder.feed(2.0, raw[9:], False) == [
        MessageSeen(2.0, 3, "to_client", 1, data="a\nb", bytes=len(raw), delivered=False, event="tick", id="7")
    ]


def test_what_is_no_event_is_no_record_and_does_not_count() -> None:
    records = SseDecoder(3, 2).feed(1.0, b": hello\n\nid: 7\n\ndata: abc\n\n", True)
    assert records == [
        MessageSeen(1.0, 3, "to_client", 1, data="ab", bytes=11, delivered=True, event="message", id=None)
    ]


def test_says_which_stream_it_reads() -> None:
    assert (websocket().name, SseDecoder(4, 1).name) == ("stream 3 to_server", "stream 4")
