"""The fault kinds: one file each, and one line here."""

from proxy_addons.faults.base import Fault as Fault
from proxy_addons.faults.connection_refuse import RefuseConnection as RefuseConnection
from proxy_addons.faults.connection_reset import ResetConnection as ResetConnection
from proxy_addons.faults.eventsource_abort import AbortEventSource as AbortEventSource
from proxy_addons.faults.eventsource_corrupt import CorruptEventSource as CorruptEventSource
from proxy_addons.faults.eventsource_end import EndEventSource as EndEventSource
from proxy_addons.faults.eventsource_stall import StallEventSource as StallEventSource
from proxy_addons.faults.request_respond import RespondToRequest as RespondToRequest
from proxy_addons.faults.websocket_abort import AbortWebSocket as AbortWebSocket
from proxy_addons.faults.websocket_close import CloseWebSocket as CloseWebSocket
from proxy_addons.faults.websocket_stall import StallWebSocket as StallWebSocket

_KINDS: tuple[type[Fault], ...] = (
    AbortWebSocket,
    CloseWebSocket,
    StallWebSocket,
    AbortEventSource,
    EndEventSource,
    StallEventSource,
    CorruptEventSource,
    RespondToRequest,
    ResetConnection,
    RefuseConnection,
)

FAULTS: dict[str, type[Fault]] = {fault.kind: fault for fault in _KINDS}
"""Kind -> class, in the order in which people meet them."""
