"""The command `brownout gate`, as it is typed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from proxy_addons.carrier import Carrier
from proxy_addons.errors import PlanError, ProxyError, SubjectError
from proxy_addons.harness import scenario_commands
from proxy_addons.harness.browser import BrowserMissing
from proxy_addons.harness.gate.baseline import BASELINE
from proxy_addons.harness.gate.command import Gate, apps, chosen, known_in, told, write
from proxy_addons.harness.gate.comparing import Result
from proxy_addons.harness.report.results import save_report
from proxy_addons.harness.runner import run
from proxy_addons.harness.subject import require_answer


def gate(
    target: Annotated[str | None, typer.Option(help="The app's origin, such as http://127.0.0.1:8000")] = None,
    base: Annotated[str | None, typer.Option(help="The same of the app before the change")] = None,
    serve: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="What starts the app, instead of --target; {port} stands for the port"),
    ] = None,
    base_commit: Annotated[
        str | None, typer.Option(metavar="REF", help="Serve the base from this commit, instead of --base")
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(help="A scenario by name or file, as often as wanted; else the gate's own five")
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Write the baseline instead of comparing with it")] = False,
    baseline: Annotated[Path, typer.Option(help="The figures that are right")] = BASELINE,
    guide: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="What is known of the app; else the wire alone is read")
    ] = None,
    scale: Annotated[float, typer.Option(min=0.01, help="Multiply all times, where no guide says it")] = 1.0,
    report: Annotated[Path, typer.Option(help="Where the report goes")] = Path("report"),
) -> None:
    """Did a change make recovery worse? Exit code 0: no; 1: yes; 2: nobody can tell."""
    try:
        known = scenario_commands.load_guide(guide, scale)
        expected = known_in(baseline, known, update=update)
        wanted = chosen(scenario or [])
        with apps(target, base, serve, base_commit) as found, scenario_commands.launched(headed=False) as opened:
            for each in found:
                require_answer(each.url)
            playing = Gate(lambda one, app, how: run(one, app, how, opened), known, expected, report, _say)
            Carrier.acquire()
            try:
                for each_scenario in wanted:
                    playing.play(each_scenario, found[0], None if update else next(iter(found[1:]), None))
            finally:
                Carrier.release()
        typer.echo(f"Report: {save_report(playing.outcomes, report)}")
        if update:
            write(playing.updated(), baseline)
            typer.echo(f"Baseline: {baseline}")
            raise typer.Exit(0)
    except (PlanError, SubjectError, ProxyError, BrowserMissing, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    raise typer.Exit(exit_code(playing.results))


def exit_code(results: Sequence[Result]) -> int:
    """1 if anything is worse, 2 if nothing is but nobody can tell of something, else 0."""
    answers = {each.answer for each in results}
    return 1 if "worse" in answers else 2 if "inconclusive" in answers or not answers else 0


def _say(result: Result) -> None:
    for each in told(result):
        typer.echo(each)
