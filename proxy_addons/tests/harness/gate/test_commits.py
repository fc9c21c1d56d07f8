"""The app as it was at another commit."""

import subprocess
import sys
from pathlib import Path

import pytest

from proxy_addons.errors import PlanError
from proxy_addons.harness.gate.commits import checked_out, serving
from proxy_addons.harness.subject import status_of


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: `page.html` says old, then new."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True)

    git("init")
    for text in ("old", "new"):
        (tmp_path / "page.html").write_text(text)
        git("add", "page.html")
        git("commit", "-m", text)
    return tmp_path


def test_a_folder_holds_what_the_commit_holds(repository: Path) -> None:
    with checked_out("HEAD~1", repository) as folder:
        assert (folder / "page.html").read_text() == "old"
    assert not folder.exists()
    assert (repository / "page.html").read_text() == "new"


def test_a_commit_that_there_is_not_is_named(repository: Path) -> None:
    with pytest.raises(PlanError, match="--base-commit nowhere: "), checked_out("nowhere", repository):
        pass


def test_a_command_serves_from_the_folder_of_the_commit(repository: Path) -> None:
    command = f"{sys.executable} -m http.server --bind 127.0.0.1 {{port}}"
    with checked_out("HEAD", repository) as folder, serving(command, folder) as app:
        assert status_of(f"{app.url}/page.html") == 200


def test_a_command_must_say_where_the_port_goes(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="must say where the port goes, such as --port "):
        serving("python -m http.server", tmp_path)
