"""Header fields as settings: names and values that fit a head."""

import re
from collections.abc import Iterable

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\r\n\0]*")


def check_names(names: Iterable[str]) -> None:
    """RFC 9110, 5.1.

    Raises:
        ValueError: one of them is no header name.
    """
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name: letters, digits and - would be right")


def check_fields(fields: dict[str, str]) -> None:
    """RFC 9110, 5.1 and 5.5.

    Raises:
        ValueError: a name is no header name, or a value does not fit one line.
    """
    check_names(fields)
    for name, value in fields.items():
        if not _VALUE.fullmatch(value):
            raise ValueError(f"the value of {name!r} must fit one line, without CR, LF and NUL")
