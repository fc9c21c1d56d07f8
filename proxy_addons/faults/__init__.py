"""The fault kinds: one file each, and one line here."""

from proxy_addons.faults.base import Fault as Fault
from proxy_addons.faults.connection_coalesce import CoalesceConnection as CoalesceConnection
from proxy_addons.faults.connection_cut_after import CutAfterConnection as CutAfterConnection
from proxy_addons.faults.connection_end import EndConnection as EndConnection
from proxy_addons.faults.connection_latency import LatencyConnection as LatencyConnection
from proxy_addons.faults.connection_refuse import RefuseConnection as RefuseConnection
from proxy_addons.faults.connection_reset import ResetConnection as ResetConnection
from proxy_addons.faults.connection_split import SplitConnection as SplitConnection
from proxy_addons.faults.connection_stall import StallConnection as StallConnection
from proxy_addons.faults.connection_throttle import ThrottleConnection as ThrottleConnection
from proxy_addons.faults.eventsource_abort import AbortEventSource as AbortEventSource
from proxy_addons.faults.eventsource_buffer import BufferEventSource as BufferEventSource
from proxy_addons.faults.eventsource_corrupt import CorruptEventSource as CorruptEventSource
from proxy_addons.faults.eventsource_cut import CutEventSource as CutEventSource
from proxy_addons.faults.eventsource_delay import DelayEventSource as DelayEventSource
from proxy_addons.faults.eventsource_drop import DropEventSource as DropEventSource
from proxy_addons.faults.eventsource_duplicate import DuplicateEventSource as DuplicateEventSource
from proxy_addons.faults.eventsource_end import EndEventSource as EndEventSource
from proxy_addons.faults.eventsource_inject import InjectEventSource as InjectEventSource
from proxy_addons.faults.eventsource_reorder import ReorderEventSource as ReorderEventSource
from proxy_addons.faults.eventsource_reset import ResetEventSource as ResetEventSource
from proxy_addons.faults.eventsource_rewrite import RewriteEventSource as RewriteEventSource
from proxy_addons.faults.eventsource_splice import SpliceEventSource as SpliceEventSource
from proxy_addons.faults.eventsource_stall import StallEventSource as StallEventSource
from proxy_addons.faults.request_corrupt import CorruptRequest as CorruptRequest
from proxy_addons.faults.request_header import HeaderOfRequest as HeaderOfRequest
from proxy_addons.faults.request_hold import HoldRequest as HoldRequest
from proxy_addons.faults.request_redirect import RedirectRequest as RedirectRequest
from proxy_addons.faults.request_replay import ReplayRequest as ReplayRequest
from proxy_addons.faults.request_respond import RespondToRequest as RespondToRequest
from proxy_addons.faults.request_truncate import TruncateRequest as TruncateRequest
from proxy_addons.faults.upstream_down import DownUpstream as DownUpstream
from proxy_addons.faults.upstream_restart import RestartUpstream as RestartUpstream
from proxy_addons.faults.upstream_route import RouteUpstream as RouteUpstream
from proxy_addons.faults.websocket_abort import AbortWebSocket as AbortWebSocket
from proxy_addons.faults.websocket_close import CloseWebSocket as CloseWebSocket
from proxy_addons.faults.websocket_corrupt import CorruptWebSocket as CorruptWebSocket
from proxy_addons.faults.websocket_delay import DelayWebSocket as DelayWebSocket
from proxy_addons.faults.websocket_drop import DropWebSocket as DropWebSocket
from proxy_addons.faults.websocket_duplicate import DuplicateWebSocket as DuplicateWebSocket
from proxy_addons.faults.websocket_fragment import FragmentWebSocket as FragmentWebSocket
from proxy_addons.faults.websocket_inject import InjectWebSocket as InjectWebSocket
from proxy_addons.faults.websocket_mute_ping import MutePingWebSocket as MutePingWebSocket
from proxy_addons.faults.websocket_reorder import ReorderWebSocket as ReorderWebSocket
from proxy_addons.faults.websocket_reset import ResetWebSocket as ResetWebSocket
from proxy_addons.faults.websocket_stall import StallWebSocket as StallWebSocket

_KINDS: tuple[type[Fault], ...] = (
    AbortWebSocket,
    ResetWebSocket,
    CloseWebSocket,
    StallWebSocket,
    DropWebSocket,
    DelayWebSocket,
    DuplicateWebSocket,
    ReorderWebSocket,
    CorruptWebSocket,
    InjectWebSocket,
    FragmentWebSocket,
    MutePingWebSocket,
    AbortEventSource,
    ResetEventSource,
    EndEventSource,
    StallEventSource,
    CutEventSource,
    BufferEventSource,
    DropEventSource,
    DelayEventSource,
    DuplicateEventSource,
    ReorderEventSource,
    CorruptEventSource,
    InjectEventSource,
    RewriteEventSource,
    SpliceEventSource,
    RespondToRequest,
    HoldRequest,
    RedirectRequest,
    TruncateRequest,
    CorruptRequest,
    ReplayRequest,
    HeaderOfRequest,
    RefuseConnection,
    ResetConnection,
    EndConnection,
    StallConnection,
    LatencyConnection,
    ThrottleConnection,
    SplitConnection,
    CoalesceConnection,
    CutAfterConnection,
    RouteUpstream,
    DownUpstream,
    RestartUpstream,
)

FAULTS: dict[str, type[Fault]] = {fault.kind: fault for fault in _KINDS}
"""Kind -> class, in the order in which people meet them."""
