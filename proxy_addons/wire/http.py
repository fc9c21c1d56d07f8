"""mitmproxy's requests and responses, as our facts and back."""

from http import HTTPStatus
from typing import cast

from mitmproxy import http

from proxy_addons.actions import Respond
from proxy_addons.events import Request, Transport

_REQUEST = "brownout.request"
_ANSWERED = "brownout.answered"


def read_request(flow: http.HTTPFlow, connection: int, exchange: int) -> Request:
    """The facts of a flow's request; the flow remembers them for `request_of`."""
    path, _, query = flow.request.path.partition("?")
    request = Request(
        connection=connection,
        exchange=exchange,
        transport=_transport(flow.request),
        method=flow.request.method,
        path=path,
        query=query,
        headers=tuple(flow.request.headers.items(multi=True)),
    )
    flow.metadata[_REQUEST] = request
    return request


def request_of(flow: http.HTTPFlow) -> Request | None:
    """What `read_request` read, or None for a flow that never became a whole request."""
    return cast("Request | None", flow.metadata.get(_REQUEST))


def answer(flow: http.HTTPFlow, action: Respond) -> None:
    """Let mitmproxy answer instead of the origin."""
    flow.metadata[_ANSWERED] = True
    headers = http.Headers([(name.encode(), value.encode()) for name, value in action.headers])
    flow.response = http.Response.make(action.status, action.body, headers)
    flow.response.reason = _reason(action.status)


def author_of(flow: http.HTTPFlow) -> str:
    """Who answers: `origin` or `rule`."""
    return "rule" if _ANSWERED in flow.metadata else "origin"


def is_event_stream(response: http.Response | None) -> bool:
    """Whether a browser would read this answer as an event stream (WHATWG HTML, 9.2.3)."""
    if response is None or response.status_code != 200:
        return False
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower() == "text/event-stream"


def _reason(status: int) -> str:
    """The words behind a status code (RFC 9110, 15); mitmproxy does not know them all, such as those of 429."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _transport(request: http.Request) -> Transport:
    if request.headers.get("upgrade", "").lower() == "websocket":
        return "websocket"
    if "text/event-stream" in request.headers.get("accept", ""):
        return "eventsource"
    return "http"
