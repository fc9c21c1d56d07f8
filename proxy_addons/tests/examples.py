"""One record of each class, and what it says to a person."""

from proxy_addons.records import (
    BodySeen,
    CommandKnown,
    ConnectionBegan,
    ConnectionEnded,
    ControlSeen,
    FaultCrashed,
    FaultFired,
    ListenerChanged,
    MessageSeen,
    OriginRestarted,
    PageClosed,
    PageFailed,
    PageLogged,
    PageLooked,
    PageMeasured,
    PageMoved,
    PageOpened,
    PageSaid,
    PageShown,
    Record,
    RecordsLost,
    Released,
    RequestSeen,
    ResponseSeen,
    RuleChanged,
    StepTaken,
    StreamBegan,
    StreamEnded,
    TruthTold,
    UpstreamFailed,
)

RECEIPT = FaultFired(12.5, "cut", "websocket.abort", "abort", 2, 3, 4, 0, "")
OF_THE_WIRE: list[tuple[Record, str]] = [
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
    (
        MessageSeen(10.0, 3, "to_client", 4, "hi", 25, True, event="tick", id="7"),
        "stream 3 to_client message 4: hi",
    ),
    (ControlSeen(10.0, 3, "to_server", "ping", "", True), "stream 3 to_server ping"),
    (ControlSeen(10.0, 3, "to_client", "pong", "", False), "stream 3 to_client pong (not delivered)"),
    (BodySeen(10.0, 3, "to_server", "{}", 2, True), "request 3 to_server body of 2 bytes: {}"),
    (
        BodySeen(10.0, 3, "to_client", "{}", 2, False),
        "request 3 to_client body of 2 bytes (not delivered as it came): {}",
    ),
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
    (OriginRestarted(10.0, "kill"), "rule kill: the origin runs again"),
    (OriginRestarted(10.0, "kill", "no port"), "rule kill: the origin did not restart: no port"),
    (RecordsLost(10.0, 3, 300, "full"), "not recorded: 3 pieces of traffic, 300 bytes: full"),
]

SHOWN = PageLooked(10.0, "1", "change", {"stale": "fresh", "seq": "3"}, ["scored"], "09:59")
OF_THE_PAGE: list[tuple[Record, str]] = [
    (PageOpened(10.0, "1", "http://x/", 0.001, "isolated"), "page 1 opened at http://x/"),
    (
        PageOpened(10.0, "1", "http://x/", 0.001, "main"),
        "page 1 opened at http://x/, observed from the world of its scripts",
    ),
    (SHOWN, "page 1 shows stale fresh, seq 3"),
    (PageLooked(10.0, "1", "beat", {}, [], "Hello"), "page 1 shows 'Hello'"),
    (PageFailed(10.0, "1", "rejection", "boom"), "page 1 rejection: boom"),
    (PageLogged(10.0, "1", "warn", "hm"), "page 1 says warn: hm"),
    (PageMeasured(10.0, "1", 2, 30, 4000, 50), "page 1: 2 listeners, 50 functions, 30 nodes, 4000 bytes of heap"),
    (PageSaid(10.0, "1", "trace", {"applied": 3}), "page 1 trace: {'applied': 3}"),
    (PageMoved(10.0, "1", "offline"), "page 1 is offline from now on"),
    (PageShown(10.0, "polling", "stale"), "the page shows stale over polling"),
    (PageClosed(10.0, "1"), "page 1 closed"),
]
OF_THE_SERVER: list[tuple[Record, str]] = [
    (TruthTold(10.0, "a", 3, "scored", {"home": 1}, 0.001), "server a.3: scored"),
    (CommandKnown(10.0, "c1", 1), "server: command c1 had 1 effects"),
    (StepTaken(10.0, "steady"), "the run is steady"),
]
ONE_OF_EACH = OF_THE_WIRE + OF_THE_PAGE + OF_THE_SERVER
