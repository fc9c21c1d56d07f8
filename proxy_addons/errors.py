"""Whose fault it is: the type of an exception says so, its text says where, what, and what would be right."""

import difflib
from collections.abc import Iterable


class PlanError(Exception):
    """The plan, or the file or setting that it came from, is wrong; one line for each thing that is."""


class SubjectError(Exception):
    """The app under test did not do what every subject must do before it can be judged."""


class ProxyError(Exception):
    """This project failed: neither the plan nor the app under test is to blame."""

    def __init__(self, message: str, *, rule: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        """The id of the rule whose fault failed, where it was one."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error about an unknown word: the nearest known one, or all of them where none is near."""
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {', '.join(map(repr, choices))}" if choices else "; there are none"
