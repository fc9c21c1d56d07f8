"""Starts and stops proxies in a process of its own, and prints what that took as one JSON object.

python -m benchmarks.start_and_stop 200
"""

import gc
import json
import os
import sys
import threading
import time
from dataclasses import asdict, dataclass

from benchmarks.children import resident_mb
from benchmarks.outcome import Starts
from proxy_addons.proxy import FaultProxy

_TARGET = "http://127.0.0.1:9"
"""Nothing is ever sent there."""
_WARM_UP = 20


@dataclass(frozen=True)
class Holdings:
    """What a process has."""

    threads: int
    files: int
    resident_mb: float

    @classmethod
    def now(cls) -> "Holdings":
        gc.collect()
        return cls(threading.active_count(), len(os.listdir("/dev/fd")), resident_mb())


def measure(times: int) -> Starts:
    first_ms = _start_and_stop_ms()  # libraries load what they load at first use; from here on nothing may grow
    before = Holdings.now()
    with FaultProxy(_TARGET):
        further_ms = [_start_and_stop_ms() for _ in range(_WARM_UP)]
        warm_mb = Holdings.now().resident_mb
        further_ms += [_start_and_stop_ms() for _ in range(times - _WARM_UP)]
        grown_mb = Holdings.now().resident_mb - warm_mb
    after = Holdings.now()
    return Starts(first_ms, further_ms, after.threads - before.threads, after.files - before.files, grown_mb)


def _start_and_stop_ms() -> float:
    start = time.perf_counter()
    FaultProxy(_TARGET).start().stop()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)
