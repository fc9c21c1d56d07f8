"""The app as it was at another commit, beside the app as it is."""

import io
import shlex
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from proxy_addons.errors import PlanError
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

PORT = "{port}"


@contextmanager
def checked_out(commit: str, repository: Path) -> Iterator[Path]:
    """A folder with what a commit holds, for as long as it is entered; the repository is only read.

    Raises:
        PlanError: there is no such commit, or no repository.
    """
    command = ["git", "-C", str(repository), "archive", "--format=tar", commit]
    try:
        packed = subprocess.run(command, check=True, capture_output=True).stdout
    except FileNotFoundError as error:
        raise PlanError("--base-commit: git is not there, and is needed for that") from error
    except subprocess.CalledProcessError as error:
        why = error.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise PlanError(f"--base-commit {commit}: {why}") from error
    with TemporaryDirectory(prefix="brownout-base-") as name:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(name, filter="data")
        yield Path(name)


def serving(command: str, folder: Path) -> SubjectProcess:
    """The app that a command line serves from a folder, on a free port; not started yet.

    Raises:
        PlanError: the command does not say where the port goes.
    """
    if PORT not in command:
        raise PlanError(f"--serve {command!r}: must say where the port goes, such as --port {PORT}")
    port = free_port()
    words = [word.replace(PORT, str(port)) for word in shlex.split(command)]
    return SubjectProcess(words, f"http://127.0.0.1:{port}", folder=folder)
