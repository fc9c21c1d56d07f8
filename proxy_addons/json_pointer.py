"""JSON Pointer (RFC 6901): the way to a value within a JSON document."""

import re

_BAD_ESCAPE = re.compile(r"~(?![01])")


def steps(pointer: str) -> tuple[str, ...]:
    """The names and indices on the way; none for `""`, which is the whole document.

    Raises:
        ValueError: it is no pointer (RFC 6901, 3): it does not start with `/`, or a `~` is not `~0` or `~1`.
    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer; '/{pointer}' would be right")
    if _BAD_ESCAPE.search(pointer):
        raise ValueError(f"{pointer!r} is no JSON pointer: ~ is written ~0, and / within a name ~1")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
