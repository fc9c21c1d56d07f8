"""What belongs to one browser is played in that one, whatever is asked for."""

import pytest

pytest_plugins = ["pytester"]
CONFTEST = "from e2e.browsers import always_in\npytest_generate_tests = always_in('firefox')"


@pytest.mark.parametrize("asked", ["chromium", "firefox", "webkit"])
def test_a_folder_keeps_to_its_browser(pytester: pytest.Pytester, asked: str) -> None:
    pytester.mkdir("own").joinpath("conftest.py").write_text(CONFTEST)
    for folder in ("own", "."):
        pytester.path.joinpath(folder, f"test_{len(folder)}.py").write_text("def test(browser_name): pass")
    done = pytester.runpytest("--collect-only", "-q", "-p", "no:brownout", "--browser", asked)
    done.stdout.fnmatch_lines_random(["own/test_3.py::test[[]firefox]", f"test_1.py::test[[]{asked}]"])
