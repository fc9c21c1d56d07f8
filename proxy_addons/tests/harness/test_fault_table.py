"""The table of fault kinds, and the README that shows it."""

import re
from pathlib import Path

from proxy_addons.faults import FAULTS
from proxy_addons.harness.fault_table import markdown, rows

README = Path(__file__).parents[3] / "README.md"


def test_has_a_row_with_documentation_for_every_kind() -> None:
    table = rows(FAULTS)
    assert [kind for kind, _, _ in table] == list(FAULTS)
    assert all(summary.endswith(".") for _, _, summary in table)


def test_shows_settings_with_their_defaults() -> None:
    settings = {kind: settings for kind, settings, _ in rows(FAULTS)}
    assert settings["websocket.close"] == "code, reason='', after_messages=0"


def test_the_readme_shows_the_table_as_it_is() -> None:
    """To mend it: `brownout faults --markdown`."""
    shown = re.search(r"<!-- faults -->\n(.*)\n<!-- /faults -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert shown[1] == markdown(FAULTS)
