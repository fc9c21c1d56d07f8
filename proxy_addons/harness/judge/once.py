"""What several checks ask of a run, worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from proxy_addons.harness.judge.run import Run

P = ParamSpec("P")
T = TypeVar("T")


def once(work: "Callable[Concatenate[Run, P], T]") -> "Callable[Concatenate[Run, P], T]":
    """Remembers in the run what a pure function made of it, for each list of further arguments; these are given by
    place and can be hashed. Everybody gets the same result, so nobody may change it."""

    @wraps(work)
    def of(run: "Run", /, *args: P.args, **named: P.kwargs) -> T:
        assert not named
        key = (work, args)
        if key not in run.known:
            run.known[key] = work(run, *args, **named)
        return cast(T, run.known[key])

    return of
