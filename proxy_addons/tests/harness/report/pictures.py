"""Reads pictures."""

from proxy_addons.harness.report.picture import Mark, Picture


def lane(picture: Picture, name: str) -> list[Mark]:
    (found,) = [lane for lane in picture.lanes if lane.name == name]
    return found.marks


def seen(marks: list[Mark]) -> list[tuple[float, float | None, str]]:
    return [(mark.t, mark.end, mark.style) for mark in marks]
