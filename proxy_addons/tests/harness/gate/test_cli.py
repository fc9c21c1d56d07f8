"""`brownout gate`, as it is typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from proxy_addons.harness import cli
from proxy_addons.harness.gate.cli import exit_code
from proxy_addons.harness.gate.comparing import Answer, Result


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (["no worse", "no worse"], 0),
        (["no worse", "worse", "inconclusive"], 1),
        (["no worse", "inconclusive"], 2),
        ([], 2),
    ],
)
def test_the_exit_code_says_the_worst(answers: list[Answer], code: int) -> None:
    assert exit_code([Result("s", answer) for answer in answers]) == code


def test_what_is_wrong_with_its_options_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.app, ["gate", "--baseline", str(tmp_path / "none.json"), "--target", "http://a"])
    complaint = f"{tmp_path}/none.json: No such file or directory; write one with brownout gate --update\n"
    assert (done.exit_code, done.stderr) == (2, complaint)
