"""Ports for processes that must know theirs before they start."""

import os
import socket
from itertools import count

_FIRST, _SPAN = 20_000, 12_000
"""Below the range from which systems hand out ports by themselves: an outgoing connection can't take one of these."""
_given = count()


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing uses now, and that this process has not been given before."""
    for _ in range(_SPAN):
        # Parallel test processes start far apart.
        port = _FIRST + (os.getpid() * 499 + next(_given)) % _SPAN
        if _can_bind(host, port):
            return port
    raise OSError(f"no free port between {_FIRST} and {_FIRST + _SPAN}")


def _can_bind(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
