"""The house: who may import whom, and that each source file has its test file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYERS = (
    {"events", "actions", "framing", "errors", "draws", "json_pointer", "mutations", "pacing"},
    {"faults"},
    {"problems", "when", "plan", "one_line", "matching", "timeline", "counts"},
    {"engine", "records", "recording", "history"},
    {"wire"},
    {"addon", "carrier", "proxy", "control"},
    {"harness", "scenarios"},
)
"""From the core outwards: a module imports from its own layer and from those before it."""

PURE = set().union(*LAYERS[:4])
NOT_IN_THE_CORE = {"asyncio", "time", "datetime", "random", "secrets", "socket", "mitmproxy", "playwright"}
ONLY_IN = {
    "mitmproxy": ("proxy_addons/wire/", "proxy_addons/addon.py", "proxy_addons/carrier.py", "proxy_addons/proxy.py"),
    "playwright": tuple(
        f"proxy_addons/harness/{name}.py"
        for name in (
            *("probe", "plugin", "browser", "browser_fixtures"),
            *("guide", "visitor", "stage", "runner", "scenario_fixtures", "scenario_commands", "report/reporter"),
        )
    ),
}
"""Outside package -> the only sources that may import it."""


def sources(package: str, suffix: str) -> list[str]:
    """The source files of a package, from the root; tests are none, nor is what npm installs."""
    files = (file.relative_to(ROOT) for file in (ROOT / package).rglob(f"*{suffix}"))
    return sorted(str(file) for file in files if not {"tests", "node_modules", "__pycache__"} & set(file.parts))


def imports(source: str) -> Iterator[str]:
    """The full names of all modules that a file imports, at its top or anywhere else."""
    for node in ast.walk(ast.parse((ROOT / source).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}:{node.lineno}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "proxy_addons")


def part(module: str) -> str:
    """The part of `proxy_addons` that a module belongs to: `proxy_addons.faults.base` -> `faults`."""
    return [*module.split("."), ""][1]


def part_of(source: str) -> str:
    return part(source.removesuffix(".py").replace("/", "."))


def layer(name: str) -> int:
    """The number of a part's layer; a part that is in none is not part of the design."""
    (number,) = (number for number, names in enumerate(LAYERS) if name in names)
    return number


def mirrored(source: str) -> str:
    """Where the tests of a source file stand."""
    package, *folders, name = source.split("/")
    stem = name.rpartition(".")[0]
    test = f"{stem}.test.js" if name.endswith(".js") else f"test_{stem}.py"
    return "/".join([package, "tests", *folders, test])


PARTS = [source for source in sources("proxy_addons", ".py") if part_of(source) != "__init__"]


@pytest.mark.parametrize("source", PARTS)
def test_imports_point_inwards(source: str) -> None:
    own = layer(part_of(source))
    wanted = {part(name) for name in imports(source) if name.startswith("proxy_addons.")}
    assert {name for name in wanted if layer(name) > own} == set()


@pytest.mark.parametrize("source", [source for source in PARTS if part_of(source) in PURE])
def test_the_core_knows_no_clock_no_chance_and_no_network(source: str) -> None:
    assert {name.partition(".")[0] for name in imports(source)} & NOT_IN_THE_CORE == set()


@pytest.mark.parametrize(("package", "foreign"), [("proxy_addons", "reference_app"), ("reference_app", "proxy_addons")])
def test_the_proxy_and_the_app_do_not_know_each_other(package: str, foreign: str) -> None:
    knowing = [source for source in sources(package, ".py") for name in imports(source) if name.startswith(foreign)]
    assert knowing == []


@pytest.mark.parametrize("outside", ONLY_IN)
def test_an_outside_package_is_known_where_it_must_be_and_nowhere_else(outside: str) -> None:
    everything = sources("proxy_addons", ".py") + sources("reference_app", ".py")
    knowing = {source for source in everything if outside in {name.partition(".")[0] for name in imports(source)}}
    assert {source for source in knowing if not source.startswith(ONLY_IN[outside])} == set()


def test_each_source_file_has_its_test_file() -> None:
    everything = [*sources("proxy_addons", ".py"), *sources("reference_app", ".py"), *sources("reference_app", ".js")]
    owing = [each for each in everything if not each.endswith("__init__.py")]
    assert {each: mirrored(each) for each in owing if not (ROOT / mirrored(each)).is_file()} == {}
