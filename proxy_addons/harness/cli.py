"""The `brownout` command."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proxy_addons.errors import PlanError, ProxyError, SubjectError
from proxy_addons.faults import FAULTS
from proxy_addons.harness import fault_table, scenario_commands
from proxy_addons.harness.browser import (
    BrowserMissing,
    find_browser,
    install_attempts,
    install_browser,
    locate_playwright_build,
)
from proxy_addons.harness.fault_reference import reference
from proxy_addons.harness.gate.cli import gate
from proxy_addons.harness.report import merging
from proxy_addons.harness.report.github import publish
from proxy_addons.harness.report.page import is_green, summarise
from proxy_addons.harness.scenario import find_scenario
from proxy_addons.harness.subject import require_answer
from proxy_addons.history import History
from proxy_addons.mutations import MUTATIONS
from proxy_addons.one_line import add_lines
from proxy_addons.plan import Plan, dump_plan, load_plan, plan_schema
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import FaultCrashed, FaultFired, Record, Released, RuleChanged, UpstreamFailed, line

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Put a real browser in front of a really broken connection.",
    pretty_exceptions_enable=False,
)
app.command()(gate)
console = Console(highlight=False)
_LAST_WORDS_S = 5.0
_LOUD = (FaultFired, FaultCrashed, Released, RuleChanged, UpstreamFailed)


@app.command()
def proxy(
    target: Annotated[str, typer.Option(help="The app's origin, such as http://127.0.0.1:8000")],
    plan: Annotated[Path | None, typer.Option(help="A plan (TOML) of what to break, where and when")] = None,
    scenario: Annotated[str, typer.Option(help="A scenario, by name or file, whose rules to break by")] = "",
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="A fault in one line: websocket.abort:after_messages=3; or a whole rule: "
            "websocket.abort:when.path=/timer/ws,rule.times=1"
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw otherwise than the plan's seed would")] = None,
    port: Annotated[int, typer.Option(help="Where to listen; 0 takes a free port")] = 0,
    history: Annotated[Path | None, typer.Option(help="Write the record here (JSONL) at the end")] = None,
) -> None:
    """Listen in front of TARGET, break what the plan says, and narrate it until Ctrl-C."""
    try:
        running = FaultProxy(target, _rules(plan, scenario, fault or (), seed), port=port)
        _require_folder_of(history)
        require_answer(running.target)
    except (PlanError, SubjectError, ProxyError, ValueError) as error:
        _fail(str(error))
    with _narrated(running.history):
        _run_until_told(running)
    if history:
        running.history.save(history)
        _say(f"Record: {history}")
    _say_what_fired(running)


@app.command()
def scenarios(
    names: Annotated[list[str] | None, typer.Argument(help="Names, files or folders; all that are shipped")] = None,
    as_plan: Annotated[bool, typer.Option("--plan", help="Print the plan of faults of one of them")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/scenarios.md: why, and sources")] = False,
) -> None:
    """List what a page can be put through."""
    try:
        found = scenario_commands.chosen(names or [])
    except PlanError as error:
        _fail(str(error))
    if as_plan:
        if len(found) != 1:
            _fail(f"--plan takes one scenario, and these are {len(found)}; name one: brownout scenarios NAME --plan")
        typer.echo(dump_plan(found[0].plan), nl=False)
    elif as_markdown:
        typer.echo(scenario_commands.as_markdown(found), nl=False)
    else:
        console.print(scenario_commands.overview(found))


@app.command()
def run(
    target: Annotated[str, typer.Option(help="The app's origin, such as http://127.0.0.1:8000")],
    names: Annotated[list[str] | None, typer.Argument(help="Names, files or folders; all that are shipped")] = None,
    guide: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="What is known of the app; else the wire alone is judged")
    ] = None,
    scale: Annotated[float, typer.Option(min=0.01, help="Multiply all times, where no guide says it")] = 1.0,
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser")] = False,
    report: Annotated[Path, typer.Option(help="Where the report goes")] = Path("report"),
) -> None:
    """Put the page at TARGET through scenarios, and judge what happened. Exit code 1 unless all are passed."""
    try:
        known = scenario_commands.load_guide(guide, scale)
        wanted = scenario_commands.chosen(names or [])
        require_answer(target)
        with scenario_commands.launched(headed=headed) as opened:
            tell = scenario_commands.show(console)
            outcomes = scenario_commands.play(wanted, target, known, opened, report, tell)
    except (PlanError, SubjectError, ProxyError, BrowserMissing, ValueError) as error:
        _fail(str(error))
    if outcomes:
        _say(f"{summarise(outcomes)}\nReport: {report / 'index.html'}")
    raise typer.Exit(0 if outcomes and is_green(outcomes) else 1)


@app.command()
def merge(
    parts: Annotated[list[Path], typer.Argument(help="Folders of reports, one of each machine")],
    into: Annotated[Path, typer.Option(help="Where the whole report goes")] = Path("report"),
) -> None:
    """Make one report of the parts that several machines have played. Exit code 1 unless all is green."""
    try:
        outcomes = merging.merge(parts, into)
    except (OSError, ValueError) as error:
        _fail(str(error))
    for each in publish(outcomes, os.environ):
        typer.echo(each)
    _say(f"{summarise(outcomes)}\nReport: {into / 'index.html'}")
    raise typer.Exit(0 if is_green(outcomes) else 1)


@app.command()
def faults(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a plan instead")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/faults.md: everything in full")] = False,
) -> None:
    """List what can be broken."""
    if schema:
        typer.echo(json.dumps(plan_schema(), indent=2))
    elif as_markdown:
        typer.echo(reference(FAULTS, MUTATIONS), nl=False)
    else:
        table = Table("kind", "settings", "what it does")
        for row in fault_table.rows(FAULTS):
            table.add_row(*map(escape, row))
        console.print(table)


@app.command()
def browser(
    install: Annotated[bool, typer.Option("--install", help="Install one if there is none")] = False,
) -> None:
    """Say which browser would be driven."""
    try:
        found = find_browser(locate_playwright_build())
        if found is None and install:
            attempts = install_attempts(is_root=_is_root(), has_apt=shutil.which("apt-get") is not None)
            found = install_browser(attempts, lambda: find_browser(locate_playwright_build()))
    except BrowserMissing as error:
        _fail(str(error))
    if found is None:
        _fail("no browser to drive; type: brownout browser --install")
    typer.echo(f"Browser {found}")


def main() -> None:
    app()


def _rules(file: Path | None, scenario: str, lines: Sequence[str], seed: int | None) -> Plan:
    """The plan in the file, or that of the scenario, and behind its rules one for each line."""
    if file and scenario:
        raise ValueError("--plan and --scenario both say what to break; give one of them")
    plan = load_plan(file) if file else find_scenario(scenario).plan if scenario else Plan()
    plan = add_lines(plan, lines)
    return plan if seed is None else plan.model_copy(update={"seed": seed})


def _run_until_told(running: FaultProxy) -> None:
    try:
        running.start()
    except (PlanError, ProxyError) as error:
        _fail(str(error))
    try:
        _say(f"Open {running.url} in any browser (in front of {running.target}). Ctrl-C ends it.")
        _say(f"Rules: {', '.join(rule.id for rule in running.rules) or 'none, so nothing is broken'}")
        _wait_for_signal()
        _say("Stopping.")
    finally:
        running.stop()


def _require_folder_of(record: Path | None) -> None:
    if record and not record.parent.is_dir():
        raise ValueError(f"{record}: there is no folder {str(record.parent)!r}; make it first, or name another")


def _say(text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)


def _wait_for_signal() -> None:
    """Until Ctrl-C or SIGTERM; a shell that starts us in the background would have SIGINT ignored."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()


@contextmanager
def _narrated(history: History) -> Iterator[None]:
    """Print every record as it comes, in a thread of its own: a terminal that stands still holds up nobody else."""
    follower, start = history.follow(), time.monotonic()

    def narrate() -> None:
        for record in follower:
            _narrate(record, start)

    narrator = threading.Thread(target=narrate, daemon=True)
    narrator.start()
    try:
        yield
    finally:
        follower.stop()
        narrator.join(_LAST_WORDS_S)


def _narrate(record: Record, start: float) -> None:
    style = "bold yellow" if isinstance(record, _LOUD) else "dim"
    # On a terminal each record keeps to one line; in a file it is whole.
    console.print(
        line(record, start),
        style=style,
        markup=False,
        soft_wrap=not console.is_terminal,
        no_wrap=True,
        overflow="ellipsis",
    )


def _say_what_fired(running: FaultProxy) -> None:
    for rule_id in running.unfired():
        console.print(f"{rule_id} never fired.", style="bold red", markup=False)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
