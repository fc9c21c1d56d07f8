"""What became of the commands that a page gave, by the server's own record."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

from proxy_addons.records import BodySeen, CommandKnown, MessageSeen, Record, TruthTold

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PATIENCE_S = 5.0
_CONFLICT = 409


def known_commands(url: str, records: Iterable[Record]) -> Iterator[CommandKnown]:
    """Asks the app at `url` about each command that crossed the wire, without giving any that it does not know.

    The app keeps the result of each command under its id, and answers 409 to another command with the same id. So
    an id that it knows can be told by one that no state allows, and only such a command is then repeated.
    """
    records = list(records)
    noted = [record for record in records if isinstance(record, TruthTold) and record.name == "noted"]
    for command in _commands(records):
        seqs = _effects(url, command)
        if command["name"] == "note":
            # A note can be found in the log itself, however often it is there.
            seqs = [told.seq for told in noted if told.state["text"] == command["args"].get("text")]
        yield CommandKnown(time.monotonic(), command["id"], len(seqs), next(iter(seqs), None))


def _commands(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Each command once, however often it was sent."""
    seen = set()
    for record in records:
        if isinstance(record, BodySeen | MessageSeen) and record.direction == "to_server":
            command = _read(record.data)
            if command is not None and command["id"] not in seen:
                seen.add(command["id"])
                yield command


def _read(data: str) -> dict[str, Any] | None:
    try:
        command = json.loads(data)
    except ValueError:
        return None
    if not isinstance(command, dict) or not {"id", "name", "args"} <= command.keys():
        return None
    return {name: command[name] for name in ("id", "name", "args")}


def _effects(url: str, command: dict[str, Any]) -> list[int]:
    """The number of the event that it caused, if it caused one."""
    _, asked = _answer(urllib.request.Request(f"{url}/timer"))
    never = "resume" if asked["messages"][0]["timer"]["phase"] in ("idle", "running") else "start"
    status, result = _post(url, {**command, "name": never, "args": {}})
    if status == _CONFLICT:
        status, result = _post(url, command)
    return [result["event_seq"]] if result.get("ok") else []


def _post(url: str, command: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": command["id"]}
    return _answer(urllib.request.Request(f"{url}/timer/commands", json.dumps(command).encode(), headers))


def _answer(request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
    try:
        with _DIRECTLY.open(request, timeout=_PATIENCE_S) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
