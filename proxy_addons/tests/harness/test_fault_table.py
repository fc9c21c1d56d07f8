"""The table of fault kinds."""

from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_table import rows


def test_has_a_row_with_documentation_for_every_kind() -> None:
    table = rows(FAULTS)
    assert [kind for kind, _, _ in table] == list(FAULTS)
    assert all(summary.endswith(".") for _, _, summary in table)


def test_shows_settings_with_their_defaults() -> None:
    settings = {kind: settings for kind, settings, _ in rows(FAULTS)}
    assert settings["websocket.close"] == "code, reason='', after_messages=0"
