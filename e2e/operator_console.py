"""Somebody at the server's own console: reaches the app directly, past the proxy, and knows the truth."""

import json
import time
import urllib.request
from itertools import count
from typing import Any


def signed(text: str, story: str) -> str:
    """A note that can be told from the same note of another story: they share an app."""
    return f"{text} [{story}]"


class Operator:
    """Gives commands and reads the state, over the app's own port; signs with the name of the story."""

    def __init__(self, url: str, story: str) -> None:
        self._url = url
        self._story = story
        self._ids = count(1)

    def command(self, name: str, **args: object) -> dict[str, Any]:
        """Give a command; returns its result message."""
        command_id = f"operator-{self._story}-{next(self._ids)}"
        body = json.dumps({"id": command_id, "name": name, "args": args}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": command_id}
        return self._read(urllib.request.Request(f"{self._url}/timer/commands", body, headers))

    def note(self, text: str) -> None:
        assert self.command("note", text=signed(text, self._story))["ok"]

    def restart_timer(self) -> None:
        """A running timer of ten minutes, whatever ran before."""
        self.command("reset", duration_ms=600_000)
        assert self.command("start")["ok"]

    def snapshot(self) -> dict[str, Any]:
        messages: list[dict[str, Any]] = self._read(urllib.request.Request(f"{self._url}/timer"))["messages"]
        return messages[0]

    def cursor(self) -> tuple[str, int]:
        snapshot = self.snapshot()
        return snapshot["epoch"], snapshot["seq"]

    def event_numbers(self) -> list[int]:
        return [event["seq"] for event in self.snapshot()["events"]]

    def remaining_ms(self) -> float:
        """What a clock on the server would show now. Server and test share this machine's clock."""
        timer = self.snapshot()["timer"]
        if timer["phase"] == "running":
            return float(max(0.0, timer["deadline_ms"] - time.time() * 1000))
        return float(timer["remaining_ms"])

    def _read(self, request: urllib.request.Request) -> dict[str, Any]:
        with urllib.request.urlopen(request, timeout=5) as response:
            answer: dict[str, Any] = json.load(response)
        return answer
