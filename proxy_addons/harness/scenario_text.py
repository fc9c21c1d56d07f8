"""A scenario as TOML, for `brownout run`."""

from typing import Any

import tomlkit

from proxy_addons.harness.scenario import Scenario
from proxy_addons.plan import toml_value

_BLOCKS = ("rules", "steps")
"""What stands in blocks of its own, one for each."""
_NAMED_BY_ITS_FILE = {"name"}


def dump_scenario(scenario: Scenario) -> str:
    """The scenario without what is as it would be anyway; `parse_scenario` reads the same from it."""
    settings = _without_none(scenario.model_dump(exclude_defaults=True, exclude=_NAMED_BY_ITS_FILE))
    document = tomlkit.document()
    for name, value in settings.items():
        if name not in _BLOCKS:
            document[name] = toml_value(value)
    for name in _BLOCKS:
        if settings.get(name):
            document[name] = _blocks(settings[name])
    return tomlkit.dumps(document)


def _blocks(values: list[dict[str, Any]]) -> tomlkit.items.AoT:
    blocks = tomlkit.aot()
    for value in values:
        table = tomlkit.table()
        table.update({name: toml_value(each) for name, each in value.items()})
        blocks.append(table)
    return blocks


def _without_none(value: Any) -> Any:
    """TOML can't write it; where it stands, it is the default of a field that is nested in a given one."""
    if isinstance(value, dict):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list | tuple) else value
