"""One way through an open WebSocket: who speaks, who listens, and what frames look like there."""

from dataclasses import dataclass

from proxy_addons.events import Direction
from proxy_addons.framing.websocket import CONTINUATION, TEXT, encode_frame
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.tests.origin import Origin, Peer

WAYS: tuple[Direction, ...] = ("to_client", "to_server")
MASK = b"\x37\xfa\x21\x3d"
"""The client's."""


@dataclass(frozen=True)
class Way:
    """Messages to the client, or masked ones (RFC 6455, 5.3) to the server."""

    direction: Direction
    speaker: Peer
    listener: Peer

    @classmethod
    def through(cls, proxy: FaultProxy, origin: Origin, direction: Direction) -> "Way":
        """Of a new WebSocket through the proxy."""
        client, server = origin.open_websocket(proxy.url)
        return cls(direction, server, client) if direction == "to_client" else cls(direction, client, server)

    @property
    def when(self) -> When:
        """Where a rule acts on this way and not on the other."""
        return When(direction=self.direction)

    def back(self) -> "Way":
        """The other way of the same WebSocket."""
        return Way("to_server" if self.direction == "to_client" else "to_client", self.listener, self.speaker)

    def frame(self, payload: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
        """As the speaker sends it."""
        return encode_frame(opcode, payload, mask=MASK if self.direction == "to_server" else None, fin=fin)

    def made(self, payload: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
        """As the proxy sends it in the speaker's name."""
        return encode_frame(opcode, payload, mask=bytes(4) if self.direction == "to_server" else None, fin=fin)

    def pieces(self, *payloads: bytes, opcode: int = TEXT) -> list[bytes]:
        """The frames of one message in fragments (RFC 6455, 5.4), made by the proxy."""
        first, *rest = payloads
        frames = [self.made(first, opcode, fin=not rest)]
        return frames + [self.made(each, CONTINUATION, fin=not rest[n:]) for n, each in enumerate(rest, 1)]

    def say(self, *payloads: bytes) -> None:
        """Send text messages."""
        self.speaker.send(b"".join(self.frame(payload) for payload in payloads))

    def must_hear(self, *frames: bytes) -> None:
        """Assert that exactly these bytes come next."""
        expected = b"".join(frames)
        assert self.listener.read(len(expected)) == expected


def answers(server: Peer, request: bytes, answer: bytes) -> None:
    """The server gets exactly this request, and answers it."""
    assert server.read(len(request)) == request
    server.send(answer)
