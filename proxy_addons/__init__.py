"""brownout: breaks live WebSocket, EventSource and HTTP connections on purpose, and proves what it did."""
