"""Performs actions on live connections. The only folder that knows mitmproxy's internals."""
