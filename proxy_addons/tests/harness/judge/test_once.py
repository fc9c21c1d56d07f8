"""What is worked out once for each run."""

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import Run
from proxy_addons.tests.harness.judge.stories import Story

ASKED: list[tuple[Run, str]] = []


@once
def _asked(run: Run, name: str) -> list[str]:
    """Says so."""
    ASKED.append((run, name))
    return [name]


def test_works_once_for_each_run_and_each_argument() -> None:
    one, other = Story().run(), Story().run()
    first = _asked(one, "a")
    assert _asked(one, "a") is first
    assert _asked(one, "b") == ["b"]
    assert _asked(other, "a") is not first
    assert [(one, "a"), (one, "b"), (other, "a")] == ASKED


def test_keeps_two_functions_apart_and_goes_by_the_name_of_each() -> None:
    run = Story().run()
    another = once(lambda _run, name: [f"another {name}"])
    assert another(run, "a") != _asked(run, "a")
    assert (_asked.__name__, _asked.__doc__) == ("_asked", "Says so.")
