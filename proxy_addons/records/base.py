"""What all records have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """What all records have; `str()` of a record is what happened, in plain words."""

    t: float
    """When: seconds on the clock of the run."""


def as_text(data: bytes, limit: int | None = None) -> str:
    r"""The data of a message for the record: as UTF-8, each byte that is none as `\xff`.

    With a limit, the data are cut to so many bytes, or up to three fewer so that no character is cut.
    """
    if limit is not None and len(data) > limit:
        data = data[: _start_of_character(data, limit)]
    return data.decode(errors="backslashreplace")


def _start_of_character(data: bytes, place: int) -> int:
    """The last place up to `place` where no UTF-8 character is cut; `place` itself if the bytes there are none."""
    starts = (each for each in range(place, max(place - 4, -1), -1) if data[each] & 0xC0 != 0x80)
    return next(starts, place)
