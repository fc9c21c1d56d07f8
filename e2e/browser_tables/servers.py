"""Servers whose every byte is known."""

import socketserver
from threading import Thread
from types import TracebackType
from typing import Self

from proxy_addons.tests.origin import Peer, chunk

EVENTS = (b"retry: 30\nid: 1\ndata: one\n\n", b"id: 2\ndata: two\n\n")
"""What a stream says, unless a test wants something else. 30 ms, so that no test waits for the browser's own 3 s."""


def streaming(*fields: str) -> bytes:
    """The head of an event stream that pages of any origin may read."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Access-Control-Allow-Origin: *", *fields, "", ""]
    return "\r\n".join(lines).encode()


class StreamServer(socketserver.ThreadingTCPServer):
    """Answers each request with one event stream, in chunks, and leaves that open; one for /aside with an empty 200.

    With `length` the body is promised to have so many bytes instead; with `cut`, the pieces come apart in time: each
    is sent when a client is seen to have... 
    """
