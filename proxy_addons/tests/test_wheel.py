"""What is in the wheel is enough: installed where nothing of this project is, it runs a user's tests.

Its dependencies are those of the environment that runs this test; the project itself is not among them, since an
editable install is a `.pth` file, and these count only in an environment's own folder.
"""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy_addons.tests.harness.projects import some_app

ROOT = Path(__file__).parents[2]
STORIES = """
import pytest
from importlib.metadata import version
from proxy_addons.faults import RespondToRequest
from proxy_addons.plan import Rule

@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-CA"}

def test_a_page_is_observed(page, context, proxy, subject, history, observe):
    probe = observe(page, marks={"open": "#open"})
    page.goto(proxy.url)
    assert page.title() == "Shop"
    assert page.evaluate("navigator.language") == "fr-CA"
    assert context.pages == [page]
    assert proxy.target == subject.url
    assert probe.wait_for(lambda: any(type(each).__name__ == "PageLooked" for each in history.records), 20)

@pytest.mark.faults(Rule(id="shut", fault=RespondToRequest(status=503)))
@pytest.mark.browser_context_args(user_agent="brownout")
def test_a_fault_fires(page, proxy):
    assert page.goto(proxy.url).status == 503
    assert page.evaluate("navigator.userAgent") == "brownout"

def test_is_the_installed_one():
    import proxy_addons
    assert PLACE in proxy_addons.__file__
    assert version("brownout")
"""


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with some_app() as url:
        yield url


def said_by(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a command says that must succeed."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    said_by(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """An environment with the wheel and, behind it, the dependencies."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(place), "platbase": str(place)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ("install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    said_by(sys.executable, "-m", "pip", "--python", place / "bin" / "python", *install, wheel)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, place: Path) -> Path:
    """A user's project, with nothing in it but a file of tests."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "test_shop.py").write_text(STORIES.replace("PLACE", repr(str(place))))
    return folder


@pytest.fixture(scope="module")
def run(folder: Path, place: Path, app: str) -> str:
    """What pytest says there."""
    pytest_there = (place / "bin" / "python", "-m", "pytest", "-n", "2", "-v")
    return said_by(*pytest_there, f"--subject-url={app}", "--junit-xml=junit.xml", cwd=folder)


def test_a_user_s_tests_pass_in_two_workers(run: str) -> None:
    assert "3 passed" in run
    assert "2 workers" in run


def test_the_report_is_written(run: str, folder: Path) -> None:
    assert "2 stories: 2 passed; 1 fault fired." in run
    page = (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert "rule shut: respond" in page
    assert "d3" in page
    assert "brownout.verdict" in (folder / "junit.xml").read_text(encoding="utf-8")


def test_the_options_stand_in_a_group_of_their_own(place: Path, folder: Path) -> None:
    _, _, group = said_by(place / "bin" / "python", "-m", "pytest", "--help", cwd=folder).partition("\nbrownout: real")
    assert "--subject-url" in group.partition("\n\n")[0]


def test_the_command_is_there(place: Path, folder: Path) -> None:
    assert "websocket.abort" in said_by(place / "bin" / "brownout", "faults", cwd=folder)


def test_every_file_that_is_no_test_is_in_it(place: Path) -> None:
    installed = {
        path.relative_to(packages) for packages in place.glob("lib/*/site-packages") for path in packages.rglob("*")
    }
    for_work = {"tests", "node_modules", "package.json", "package-lock.json", ".npmrc", "jsconfig.json"}
    files = [path for package in ("proxy_addons", "reference_app") for path in (ROOT / package).rglob("*")]
    mine = {path.relative_to(ROOT) for path in files if path.is_file() and path.suffix != ".pyc"}
    wanted = {path for path in mine if not for_work & set(path.parts)}
    assert wanted
    assert wanted - installed == set()
