"""What a client reads of answers and event streams at the level of the socket, byte for byte."""

from collections.abc import Callable
from typing import NamedTuple

from proxy_addons.actions import Replace
from proxy_addons.engine import Engine
from proxy_addons.events import Event
from proxy_addons.plan import Plan, Rule
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import MessageSeen, Record
from proxy_addons.tests.origin import LAST_CHUNK, TIMEOUT_S, Origin, Peer

GET = b"GET /timer HTTP/1.1\r\nHost: app.test\r\n\r\n"
ASIDE = b"GET /aside HTTP/1.1\r\nHost: app.test\r\n\r\n"
DONE = b"HTTP/1.1 204 No Content\r\n\r\n"


class HttpAnswer(NamedTuple):
    """An answer as it came; only its chunks, if any, are joined."""

    head: bytes
    """With the blank line."""
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    def values(self, name: str) -> list[str]:
        """The values of all header fields of this name, whatever its letters."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        fields = (line.partition(": ") for line in lines)
        return [value for each, _, value in fields if each.lower() == name.lower()]


def read_answer(client: Peer) -> HttpAnswer:
    """A head, and a body that its head delimits by a length or in chunks."""
    head = HttpAnswer(client.read_head(), b"")
    if head.values("transfer-encoding"):
        return head._replace(body=unchunked(client.read_until(LAST_CHUNK))[0])
    return head._replace(body=client.read(int("".join(head.values("content-length")) or 0)))


def ask(origin: Origin, proxy: FaultProxy, answer: bytes, request: bytes = GET) -> HttpAnswer:
    """What a client reads when the origin answers its request so."""
    client, _ = origin.exchange(proxy.url, request, answer)
    return read_answer(client)


def with_body(body: bytes, content_type: str = "application/json") -> bytes:
    """An ordinary answer of the origin."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def unchunked(raw: bytes) -> tuple[bytes, bool]:
    """The content of whole chunks, and whether the last one (RFC 9112, 7.1) is among them."""
    body = b""
    while raw:
        size, _, raw = raw.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return body, True
        assert raw[length : length + 2] == b"\r\n", f"not a chunk of {length} bytes: {raw!r}"
        body, raw = body + raw[:length], raw[length + 2 :]
    return body, False


def read_stream(client: Peer, size: int) -> bytes:
    """The next bytes of a body in chunks, up to a chunk after which there are so many."""
    body = b""
    while len(body) < size:
        body += client.read_chunk()
    return body


def read_to_last_chunk(client: Peer) -> bytes:
    """The rest of a body in chunks that ends as it should; the connection may stand on."""
    body, ended = unchunked(client.read_until(LAST_CHUNK))
    assert ended, f"no last chunk after {body!r}"
    return body


def read_broken_stream(client: Peer) -> tuple[bytes, str]:
    """The rest of a body in chunks that is broken off, and by what: `fin` or `rst`."""
    raw, how = client.rest()
    body, ended = unchunked(raw)
    assert not ended, f"a clean end after {body!r}"
    return body, how


def is_silent(client: Peer, proxy: FaultProxy, origin: Origin) -> bool:
    """Whether nothing has come that was not read, although another client has been served in the meantime: the proxy
    does one thing after another, so whatever it had for this client would have been here before."""
    serve_another(proxy, origin)
    return not client.has_news()


def read_so_far(client: Peer, proxy: FaultProxy, origin: Origin) -> bytes:
    """What has come of a body in chunks, after another client has been served, as above."""
    serve_another(proxy, origin)
    body = b""
    while client.has_news():
        body += client.read_chunk()
    return body


def fill(speaker: Peer, block: bytes, most: int, proxy: FaultProxy, origin: Origin) -> bytes:
    """Send a block again and again until not one more byte finds room although another client is served in between,
    or `most` bytes are out; returns them."""
    sent = 0
    while sent < most:
        at = sent % len(block)
        more = speaker.send_until_full(block[at:] + block[:at], most)
        if not more:
            break
        sent += more
        serve_another(proxy, origin)
    return (block * (sent // len(block) + 1))[:sent]


def hear(listener: Peer, least: int) -> bytes:
    """At least so many bytes; fewer only if the peer ends before."""
    parts, heard = [b""], 0
    while heard < least and (part := listener.read_some()):
        parts.append(part)
        heard += len(part)
    return b"".join(parts)


def serve_another(proxy: FaultProxy, origin: Origin) -> None:
    """One request and its answer on a connection of its own."""
    with Peer.connect(proxy.url) as other:
        other.send(ASIDE)
        server = origin.accept()
        assert server.read_head() == ASIDE
        server.send(DONE)
        assert other.read_head() == DONE


def event_number(index: int) -> Callable[[Record], bool]:
    """What is true of the record of the nth event of a stream, delivered or not."""

    def event_seen(record: Record) -> bool:
        return isinstance(record, MessageSeen) and record.index == index

    return event_seen


def wait_for_event(proxy: FaultProxy, index: int) -> None:
    """Until the proxy has dealt with the nth event of the only stream."""
    proxy.history.wait_for(event_number(index), TIMEOUT_S)


def receipts(proxy: FaultProxy) -> list[tuple[str, str, int | None, str]]:
    """Rule, kind, index and what was sent, of all that was done so far."""
    return [(each.rule, each.kind, each.index, each.sent) for each in proxy.history.receipts]


def planned(rule: Rule, event: Event) -> bytes:
    """What the pure half of the project puts in the place of this event, the first that the rule sees."""
    decision = Engine(Plan(rules=(rule,))).decide(event)
    assert decision is not None
    assert isinstance(decision.action, Replace)
    return decision.action.data
