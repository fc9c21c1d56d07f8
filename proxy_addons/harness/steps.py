"""What happens in a scenario while its faults are in force: data, in the order in which it happens."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)

Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""At scale 1: what names it ends in `ms`, and a run at another scale multiplies it."""


class Step(BaseModel):
    """One thing that happens."""

    model_config = FROZEN


class SaySomething(Step):
    """The server says something: an event of its log, in the words that the subject's guide knows."""

    do: Literal["event"]
    what: str = Field(default="note", description="Which of the happenings that the guide offers.")
    times: int = Field(default=1, ge=1, description="How often.")
    apart_ms: Milliseconds = Field(default=0, description="From one to the next.")


class GiveCommand(Step):
    """A person does something on the page, which goes to the server as a command."""

    do: Literal["command"]
    what: str = Field(default="note", description="Which of the deeds that the guide offers.")
    page: int = Field(default=1, ge=1, description="On which page.")


class Wait(Step):
    """Nothing is done until something has happened; what does not happen in time is left to the judge."""

    do: Literal["wait"]
    ms: Milliseconds = Field(default=0, description="So long.")
    fired: str = Field(default="", description="Until this rule has fired.")
    times: int = Field(default=1, ge=1, description="So often.")
    shows: str = Field(
        default="",
        description="Until each page shows this word, or has for a moment since the step before: stale, live, ...",
    )
    over: str = Field(default="", description="Until each page is served by this transport.")

    @model_validator(mode="after")
    def _waits_for_something(self) -> "Wait":
        if not (self.ms or self.fired or self.shows or self.over):
            raise ValueError("waits for nothing; give ms, fired, shows or over")
        return self


class HandlePage(Step):
    """Something is done to pages by the browser or by who sits in front of it.

    `leave` goes to an empty page, `open` opens one page more, `block` keeps the page's script busy.
    """

    do: Literal["hide", "show", "offline", "online", "reload", "leave", "open", "block", "measure"]
    page: int | None = Field(default=None, ge=1, description="To which page; to all without it.")
    ms: Milliseconds = Field(default=0, description="For how long: of `block`.")


class ChangeRules(Step):
    """Rules come into force, or are healed."""

    do: Literal["inject", "heal"]
    rules: tuple[str, ...] = Field(min_length=1, strict=False, description="Their ids.")


AnyStep = Annotated[SaySomething | GiveCommand | Wait | HandlePage | ChangeRules, Field(discriminator="do")]

STEPS: dict[str, type[Step]] = {
    do: step for step in get_args(get_args(AnyStep)[0]) for do in get_args(step.model_fields["do"].annotation)
}
"""What can be done -> the model of its step."""
