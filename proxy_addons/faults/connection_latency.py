"""`connection.latency`: every byte takes its time."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Pace
from proxy_addons.draws import Distribution
from proxy_addons.faults.base import ConnectionFault, Tally
from proxy_addons.faults.directions import Way, directions


class LatencyConnection(ConnectionFault):
    """Delivers every byte of a connection later by a fixed time, or by that and a jitter drawn from the plan's seed.

    The order of the bytes stays. `uniform` adds 0 to `jitter_ms`, `normal` half a bell with `jitter_ms` as its standard
    deviation, `exponential` `jitter_ms` on average and sometimes much more.
    """

    kind: ClassVar[str] = "connection.latency"
    colour: ClassVar[str] = "#76d7c4"

    ms: float = Field(default=100, ge=0, allow_inf_nan=False, description="How much later, at least.")
    jitter_ms: float = Field(default=0, ge=0, allow_inf_nan=False, description="How wide what comes on top is spread.")
    distribution: Distribution = Field(default="uniform", description="How the jitter is spread.")
    direction: Way = Field(default="both", description="Which way is late.")

    def act(self, tally: Tally) -> Action:
        return Pace(
            directions(self.direction),
            latency_ms=self.ms,
            jitter_ms=self.jitter_ms,
            distribution=self.distribution,
            key=tally.key,
        )
