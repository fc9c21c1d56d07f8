"""One record of each class, and what it says to a person."""

from proxy_addons.records import (
    ConnectionBegan,
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    ListenerChanged,
    MessageSeen,
    Record,
    Released,
    RequestSeen,
    ResponseSeen,
    RuleChanged,
    StreamBegan,
    StreamEnded,
    UpstreamFailed,
)

RECEIPT = FaultFired(12.5, "cut", "websocket.abort", "abort", 2, 3, 4, 0, "")
ONE_OF_EACH: list[tuple[Record, str]] = [
    (ListenerChanged(10.0, True, 8080), "port 8080 listens"),
    (ListenerChanged(10.0, False, 8080), "port 8080 refuses connections"),
    (ConnectionBegan(10.0, 2), "connection 2 accepted"),
    (
        RequestSeen(10.0, 2, 3, "websocket", "GET", "/ws?a=1", {"Host": "x"}),
        "websocket 3: GET /ws?a=1 on connection 2",
    ),
    (ResponseSeen(10.0, 3, 503, "text/html", "rule"), "request 3 answered 503 text/html by the rule"),
    (StreamBegan(10.0, 3, "eventsource"), "eventsource 3 open"),
    (MessageSeen(10.0, 3, "to_client", 4, "{}", 4, True), "stream 3 to_client message 4: {}"),
    (MessageSeen(10.0, 3, "to_client", 4, "{}", 4, False), "stream 3 to_client message 4 (not delivered): {}"),
    (RECEIPT, "rule cut: abort on connection 2, stream 3, message 4, 0 bytes sent [websocket.abort]"),
    (
        FaultFired(10.0, "down", "connection.refuse", "refuse", None, None, None, 0, "port 8080"),
        "rule down: refuse on the listener (port 8080), 0 bytes sent [connection.refuse]",
    ),
    (Released(10.0, "hush", 3, 5), "rule hush: stream 3 flows again, 5 held messages released"),
    (StreamEnded(10.0, 3, "close", "origin", 1012, "restart"), "stream 3 over: close by the origin 1012 restart"),
    (StreamEnded(10.0, 3, "fin", "client"), "stream 3 over: fin by the client"),
    (ConnectionEnded(10.0, 2, "rst", "rule"), "connection 2 over: rst by the rule"),
    (UpstreamFailed(10.0, 2, "refused"), "origin failed on connection 2: refused"),
    (RuleChanged(10.0, "cut", "websocket.abort", "added"), "rule cut added [websocket.abort]"),
    (FaultCrashed(10.0, "cut", "boom"), "rule cut crashed: boom"),
]
