"""The reference app as a scenario must know it."""

from functools import partial
from uuid import uuid4

from e2e.app import LIMITS
from e2e.contract import ITEMS, MARKS, ReferenceContract, client_of
from e2e.operator_console import Operator
from e2e.pages import BUTTONS, add_note, press
from e2e.truth import Truth
from proxy_addons.harness.guide import Guide, Question


def _operator(url: str) -> Operator:
    return Operator(url, uuid4().hex[:6])


_NOT_ASCII = "é€…"
"""Two bytes and three in UTF-8: the words of people hold such letters, and who cuts them in two must be seen."""
_COMMANDS: dict[str, dict[str, object]] = {
    "score": {"team": "home", "points": 1},
    "start_round": {},
    "adjust": {"delta_ms": -30_000},
    "pause": {},
    "resume": {},
    "reset": {},
}
"""What the server can be made to say beside notes: the command that does it, with its arguments."""


def _commanded(name: str, args: dict[str, object], url: str, _: str) -> None:
    _operator(url).command(name, **args)


REFERENCE = Guide(
    contract=ReferenceContract(),
    limits=LIMITS,
    marks=MARKS,
    items=ITEMS,
    client=client_of,
    truth=Truth,
    prepare=lambda url: _operator(url).restart_timer(),
    happenings={
        "note": lambda url, text: _operator(url).note(f"{text} {_NOT_ASCII}"),
        **{name: partial(_commanded, name, args) for name, args in _COMMANDS.items()},
    },
    deeds={"note": add_note, **{name: partial(press, button) for name, button in BUTTONS.items()}},
    questions=(Question("trace", "window.__trace", "at"), Question("figures", "window.__timerMetrics()")),
)
