"""mitmproxy's requests and responses, as our facts and back."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from mitmproxy import http
from mitmproxy.net import encoding

from proxy_addons.actions import EditHeaders
from proxy_addons.events import Answer, Headers, Request, Transport

Fields = tuple[tuple[bytes, bytes], ...]

_CODINGS = ("gzip", "deflate", "br", "zstd")
"""What mitmproxy can decompress (RFC 9110, 8.4.1; the codings of Python, which it knows as well, are none)."""
_NOT_ACCEPTED = re.compile(r"q=0(\.0*)?")
"""RFC 9110, 12.4.2."""


def facts_of(request: http.Request, connection: int, exchange: int) -> Request:
    """The facts of a request, whose head has been read."""
    path, _, query = request.path.partition("?")
    headers = read_fields(request.headers)
    return Request(
        connection=connection,
        exchange=exchange,
        transport=_transport(headers),
        method=request.method,
        path=path,
        query=query,
        headers=headers,
    )


def read_fields(headers: http.Headers) -> Headers:
    """Header fields as text; bytes that are no UTF-8 survive the way there and back (PEP 383)."""
    return tuple(
        (name.decode("utf-8", "surrogateescape"), value.decode("utf-8", "surrogateescape"))
        for name, value in headers.fields
    )


def write_fields(headers: Headers) -> Fields:
    """The way back."""
    return tuple(
        (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape")) for name, value in headers
    )


def edit(headers: http.Headers, action: EditHeaders) -> None:
    """Remove and add fields; all others keep their place and their letters."""
    gone = {name.lower().encode() for name in action.remove}
    kept = tuple(field for field in headers.fields if field[0].lower() not in gone)
    headers.fields = kept + write_fields(action.add)


def replace_body(message: http.Message, body: bytes) -> None:
    """Another body, uncompressed: its length in Content-Length, unless chunks delimit it."""
    message.headers.pop("content-encoding", None)
    set_length(message, len(body))
    message.data.content = body


def set_length(message: http.Message, size: int) -> None:
    """How long the body is, for the head to say, unless chunks delimit it."""
    if "chunked" not in message.headers.get("transfer-encoding", "").lower():
        message.headers["content-length"] = str(size)


def compress(headers: http.Headers) -> None:
    """The head of a body that is going to be compressed on its way: its length is not known any more."""
    headers.pop("content-length", None)
    headers["Content-Encoding"] = "gzip"


def response_of(answer: Answer, method: str) -> http.Response:
    """An answer of a rule's own, as it goes out: with its length, where it may have one and has none."""
    headers = http.Headers(write_fields(answer.headers))
    has_body = body_allowed(method, answer.status)
    undelimited = not {"content-length", "transfer-encoding"} & {name.lower() for name in headers}
    if undelimited and (has_body or method == "HEAD") and answer.status not in (204, 304):
        headers["Content-Length"] = str(len(answer.body))
    return http.Response(
        http_version=b"HTTP/1.1",
        status_code=answer.status,
        reason=_reason(answer.status).encode(),
        headers=headers,
        content=answer.body if has_body else b"",
        trailers=None,
        timestamp_start=0,
        timestamp_end=0,
    )


def identity_of(response: http.Response, body: bytes) -> Answer:
    """An answer as a reader sees it: without the compression of its body; as it came, if that can't be undone."""
    status, headers = response.status_code, read_fields(response.headers)
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in _CODINGS:
        return Answer(status, headers, body)
    try:
        plain = encoding.decode(body, coding)
    except ValueError:
        return Answer(status, headers, body)
    assert isinstance(plain, bytes), "these codings do"
    return Answer(status, tuple(field for field in headers if field[0].lower() != "content-encoding"), plain)


def route(request: http.Request, target: str) -> None:
    """Let a request go to another origin. The Host header stays."""
    parts = urlsplit(target)
    tls = parts.scheme == "https"
    request.data.scheme = b"https" if tls else b"http"
    request.data.host = parts.hostname or ""
    request.data.port = parts.port or (443 if tls else 80)


def body_allowed(method: str, status: int) -> bool:
    """Whether an answer with this status to this method has a body (RFC 9112, 6.3)."""
    return method != "HEAD" and status >= 200 and status not in (204, 304)


def is_event_stream(response: http.Response | None) -> bool:
    """Whether a browser would read this answer as an event stream (WHATWG HTML, 9.2.3)."""
    if response is None or response.status_code != 200:
        return False
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower() == "text/event-stream"


def accepts_gzip(request: Request) -> bool:
    """Whether the client can read a gzip body (RFC 9110, 12.5.3)."""
    for value in request.values_of("accept-encoding"):
        for coding in value.split(","):
            name, _, quality = coding.partition(";")
            if name.strip().lower() == "gzip":
                return _NOT_ACCEPTED.fullmatch(quality.strip()) is None
    return False


def _reason(status: int) -> str:
    """The words behind a status code (RFC 9110, 15); mitmproxy does not know them all, such as those of 429."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _transport(headers: Headers) -> Transport:
    accept = ""
    for name, value in headers:
        match name.lower():
            case "upgrade" if value.lower() == "websocket":
                return "websocket"
            case "accept":
                accept += value
    return "eventsource" if "text/event-stream" in accept else "http"
