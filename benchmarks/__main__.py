"""`python -m benchmarks`: brownout's proxy beside its peers, in one run, as ratios."""

import os
import platform
import re
import shutil
import signal
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from benchmarks.contenders import side_by_side
from benchmarks.measures import MEASURES, QUICK, WHOLE
from benchmarks.outcome import Outcome
from benchmarks.report import LATEST, Machine, Report, from_json, markdown, table, to_json

console = Console(highlight=False, width=max(110, shutil.get_terminal_size().columns))
"""As wide as the table, also where the output is no terminal."""


def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"One measure ({', '.join(MEASURES)}); can be repeated")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A few seconds: whether it works, not how fast")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the last whole run for the README")] = False,
) -> None:
    """Measure brownout's proxy against direct, bare mitmproxy and haproxy. A whole run is kept in latest.json."""
    if as_markdown:
        typer.echo(markdown(from_json(LATEST.read_text(encoding="utf-8"))))
        return
    names = only or list(MEASURES)
    if unknown := set(names) - set(MEASURES):
        raise typer.BadParameter(f"no measure {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell that starts us in the background would ignore SIGINT
        signal.signal(number, _leave)
    report = Report(_machine(), tuple(_measure(names, quick)))
    console.print(table(report.outcomes))
    if not quick and not only:
        LATEST.write_text(to_json(report), encoding="utf-8")
        console.print(f"Written: {LATEST}")


def _measure(names: list[str], quick: bool) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with side_by_side() as ports:
        console.print(f"Side by side: {', '.join(ports)}")
        for number, name in enumerate(names, 1):
            console.print(f"{number} of {len(names)}: {name}", end=" ", style="dim")
            found = list(MEASURES[name](ports, QUICK if quick else WHOLE))
            console.print(*(f"{each.value:.3g} {each.bar.unit}".strip() for each in found), sep=", ", style="dim")
            outcomes += found
    return outcomes


def _machine() -> Machine:
    return Machine(
        cpus=os.cpu_count() or 0,
        processor=_processor(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        mitmproxy=version("mitmproxy"),
        haproxy=_haproxy_version(),
        date=datetime.now(UTC).date().isoformat(),
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", cpuinfo.read_text() if cpuinfo.exists() else "", re.MULTILINE)
    return found[1] if found else platform.processor() or "unknown"


def _haproxy_version() -> str:
    if shutil.which("haproxy") is None:
        return ""
    said = subprocess.run(["haproxy", "-v"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else ""


def _leave(*_: object) -> NoReturn:
    """Ends us by way of all that is to be closed."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
