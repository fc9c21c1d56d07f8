"""The table of fault kinds."""

from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_table import overview, rows


def test_has_a_row_with_documentation_for_every_kind() -> None:
    table = rows(FAULTS)
    assert [kind for kind, _, _ in table] == list(FAULTS)
    assert all(summary.endswith(".") for _, _, summary in table)


def test_shows_settings_with_their_defaults() -> None:
    settings = {kind: settings for kind, settings, _ in rows(FAULTS)}
    assert settings["websocket.close"] == "code=None, reason='', after_messages=0"


def test_shows_no_default_of_a_setting_that_is_required() -> None:
    settings = {kind: settings for kind, settings, _ in rows(FAULTS)}
    assert settings["upstream.route"] == "target"


def test_the_overview_has_every_kind_in_the_row_of_its_scope() -> None:
    lines = overview(FAULTS).splitlines()
    for kind in FAULTS:
        scope, _, verb = kind.partition(".")
        (line,) = (line for line in lines if line.startswith(f"| `{scope}.`"))
        assert f"`{verb}`" in line
