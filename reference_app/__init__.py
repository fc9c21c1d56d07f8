"""A timer with game events, served over WebSocket, EventSource and polling: the app that brownout is shown on."""
