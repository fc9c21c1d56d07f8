"""`python -m reference_app`: serve one timer until Ctrl-C or SIGTERM."""

import errno
import os
import socket
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from reference_app import logs
from reference_app.app import create_app, open_timers
from reference_app.server import TimerServer, collect_less_often, new_listener
from reference_app.settings import CLIENT, Settings
from reference_app.store import StoreError

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def main(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 picks a free one.")] = 8000,
    data: Annotated[Path | None, typer.Option(help="Keep the state in timer*.sqlite3 in this directory.")] = None,
    scale: Annotated[float, typer.Option(min=0.01, max=100, help="Multiply the protocol's timers by this.")] = 1.0,
    timers: Annotated[int, typer.Option(min=1, help="How many timers there may be side by side.")] = 100,
    client: Annotated[Path, typer.Option(help="Serve the page in this directory, such as a bundle.")] = CLIENT,
) -> None:
    """Serve the reference app: a timer page over WebSocket, EventSource and polling."""
    if not (client / "index.html").is_file():
        _fail(f"--client: there is no index.html in {client}")
    settings = Settings(scale=scale, data=data, max_timers=timers, client_dir=client)
    try:
        open_timers(settings).close()
    except StoreError as error:
        _fail(f"--data: {error}")
    listener = _listen(host, port)
    where = "in memory, lost on exit" if data is None else f"in {data / 'timer.sqlite3'}"
    line = f"Timer at {_url(listener)} (state {where})"
    logs.to_stderr()
    collect_less_often()
    TimerServer(create_app(settings), on_start=lambda: typer.echo(line)).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    listener = new_listener(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # A port that the last server used a moment ago is free; one that is listened on is not, on POSIX.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            _fail(f"port {port} on {host} is busy; choose another with --port")
        _fail(f"cannot listen on port {port} of {host}: {error.strerror}")
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"


def _fail(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    cli()
