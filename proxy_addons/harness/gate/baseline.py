"""The committed baseline: the figures that each scenario has, in a file that people read and merge."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate.figures import Figures
from proxy_addons.problems import problems

BASELINE = Path("e2e/gate.json")
"""Where it lies unless told otherwise."""
SEED = 7
"""From what pages draw where no baseline says otherwise. Any will do; with another one all figures are others."""


class Baseline(BaseModel):
    """Figures by the names of scenarios."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    seed: int = SEED
    """From what the pages drew their jitter."""
    scale: float = Field(default=1.0, gt=0)
    """Of all times."""
    scenarios: Mapping[str, Figures] = {}

    def updated(self, seen: Mapping[str, Figures]) -> "Baseline":
        """With the figures of these scenarios instead of what it knew of them."""
        return self.model_copy(update={"scenarios": {**self.scenarios, **seen}})


def as_text(baseline: Baseline) -> str:
    """One scenario a line, sorted by name, so that two changes of it merge."""
    lines = [
        f"    {json.dumps(name)}: {json.dumps(figures.model_dump(exclude_none=True))}"
        for name, figures in sorted(baseline.scenarios.items())
    ]
    known = "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"
    return f'{{\n  "seed": {baseline.seed},\n  "scale": {baseline.scale:g},\n  "scenarios": {known}\n}}\n'


def load_baseline(path: Path) -> Baseline:
    """The baseline in a file.

    Raises:
        PlanError: it can't be read or is none; a line for each problem.
    """
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}; write one with brownout gate --update") from error
    except ValidationError as error:
        raise PlanError(problems(str(path), error, lambda _: Baseline.model_fields, lambda place: place)) from error
