"""How the traffic of a page is read of which nothing is known: only what any page's traffic says of itself."""

import json

from proxy_addons.harness.judge.facts import Evidence, Purpose, Said, Whose
from proxy_addons.records import RequestSeen

PAGE = "page"
"""The one client that there is: a page that is not known is watched alone."""
_JSON_BEGINS = ("{", "[")


class PlainContract:
    """The Contract of any page: what crossed the wire is all there is."""

    offers: frozenset[Evidence] = frozenset()

    def said(self, data: str) -> Said | None:
        """A text is a message, unless it begins like JSON and is none, or was no text (U+FFFD)."""
        if "\ufffd" in data:
            return None
        if data.lstrip().startswith(_JSON_BEGINS):
            try:
                json.loads(data, parse_constant=_none)
            except (ValueError, RecursionError):
                return None
        return Said("message")

    def said_binary(self, data: str) -> Said | None:  # noqa: ARG002 - it may be anything
        """What is not text is right as it is."""
        return Said("message")

    def polled(self, body: str) -> list[str]:
        """The answer to a poll is one message."""
        return [body]

    def whose(self, request: RequestSeen) -> Whose:
        """A stream, or what a script reads (Fetch Metadata: the destination is `empty`), is live; else a GET loads a
        part of the page, and another method gives a command."""
        return Whose(PAGE, 0, _purpose(request))


def _purpose(request: RequestSeen) -> Purpose:
    if request.transport != "http":
        return "live"
    if request.method not in ("GET", "HEAD"):
        return "command"
    headers = {name.lower(): value for name, value in request.headers.items()}
    return "live" if headers.get("sec-fetch-dest") == "empty" else "asset"


def _none(text: str) -> float:
    raise ValueError(f"{text} is no JSON")
