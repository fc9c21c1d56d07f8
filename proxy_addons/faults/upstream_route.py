"""`upstream.route`: another instance answers."""

from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from proxy_addons.actions import Action, Route
from proxy_addons.events import Event, RequestReceived
from proxy_addons.faults.base import Fault, Tally


class RouteUpstream(Fault):
    """Sends a request to another origin: a second instance that knows another state, or a new version after a swap.

    Which requests is for the rule to say: those of the nth connection, or those with or without a cookie.
    """

    kind: ClassVar[str] = "upstream.route"
    colour: ClassVar[str] = "#af7ac5"

    target: str = Field(description="The other origin, such as http://127.0.0.1:8001.")

    @field_validator("target")
    @classmethod
    def _is_an_origin(cls, target: str) -> str:
        """RFC 6454, 4: scheme, host and port."""
        if not _is_origin(target):
            raise ValueError(f"{target!r} is no origin; http://127.0.0.1:8001 would be right")
        return target

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each request goes the same way
        return Route(self.target) if isinstance(event, RequestReceived) else None


def _is_origin(target: str) -> bool:
    try:
        parts = urlsplit(target)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname and parts.port) and "@" not in parts.netloc
    except ValueError:  # no port number, or half a bracket
        return False
    return whole and target == f"{parts.scheme}://{parts.netloc}"
