"""mitmproxy's requests and responses, as our facts and back."""

from typing import cast

from mitmproxy import http

from proxy_addons.actions import Respond
from proxy_addons.events import Request, Transport

_REQUEST = "brownout.request"


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


def make_response(action: Respond) -> http.Response:
    headers = http.Headers([(name.encode(), value.encode()) for name, value in action.headers])
    return http.Response.make(action.status, action.body, headers)


def is_event_stream(response: http.Response | None) -> bool:
    """Whether a browser would read this answer as an event stream (WHATWG HTML, 9.2.3)."""
    if response is None or response.status_code != 200:
        return False
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower() == "text/event-stream"


def _transport(request: http.Request) -> Transport:
    if request.headers.get("upgrade", "").lower() == "websocket":
        return "websocket"
    if "text/event-stream" in request.headers.get("accept", ""):
        return "eventsource"
    return "http"
