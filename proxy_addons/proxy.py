"""FaultProxy: a fault-injecting reverse proxy on a port of its own."""

import socket
import time
from collections.abc import Collection, Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from proxy_addons.carrier import Carrier
from proxy_addons.errors import PlanError, ProxyError
from proxy_addons.faults.base import Fault
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule, When
from proxy_addons.records import FaultCrashed
from proxy_addons.wire.listener import Listener, RestartHook


class FaultProxy:
    """A listener with its own plan and history, in front of one target.

    >>> with FaultProxy("http://127.0.0.1:8000") as proxy:
    ...     browser.goto(proxy.url)
    ...     proxy.inject(AbortWebSocket())

    Every method may be called from any thread. `heal` undoes what `inject` or the plan does; `stop` closes what is
    open and leaves no thread, task or socket.
    """

    def __init__(
        self, target: str, plan: Plan | None = None, *, host: str = "127.0.0.1", port: int = 0,
        history: History | None = None, restart: RestartHook | None = None,
    ) -> None:  # fmt: skip
        """`target` is the app's origin, such as `http://127.0.0.1:8000`; port 0 takes a free one.

        `history` is an empty one with limits of its own. `restart` stops the app's server and starts it again, for the
        faults that want it; it is called in a thread of its own, and what it raises is recorded.

        Raises ValueError if the target is not an http(s) URL without a path.
        """
        self.target = _origin(target)
        self.plan = plan or Plan()
        self.history = History() if history is None else history
        self._restart = restart
        self._host, self._port = host, port
        self._listener: Listener | None = None
        self._carrier: Carrier | None = None
        self._death: str | None = None
        self._reserved: socket.socket | None = None
        self._must_fire = [rule.id for rule in self.plan.rules]

    # -- life -------------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen.

        Raises ProxyError if the port can't be had, or if it listens already, and PlanError if the plan needs what
        this proxy has not.
        """
        if self._listener is not None:
            raise ProxyError(f"the proxy runs already, at {self.url}; stop it first")
        for number, rule in enumerate(self.plan.rules):
            self._require_restart(rule, f"plan: rules[{number}]")
        self._reserved = _reserve(self._host, self._port)
        self._port = self._reserved.getsockname()[1]
        listener = Listener(self.plan, self.history, time.monotonic, self._restart)
        carrier = Carrier.acquire()
        try:
            carrier.call(carrier.open(listener, self._mode()))
        except BaseException:
            self._close_reserved()
            Carrier.release()
            raise
        self._listener, self._carrier, self._death = listener, carrier, None
        return self

    def stop(self) -> None:
        """Close every connection and the port. A second call does nothing."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        carrier, self._death, self._carrier = self._carrier, self.death, None
        try:
            if carrier is not None and self._death is None:
                carrier.call(carrier.close(listener, self._mode()))
        finally:
            self._close_reserved()
            Carrier.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def death(self) -> str | None:
        """How mitmproxy ended while this proxy was in use, if it has: not even `stop` has anything to do then."""
        return self._carrier.death if self._carrier else self._death

    @property
    def url(self) -> str:
        """Where to point the browser."""
        return f"http://{self._host}:{self._port}"

    # -- rules ------------------------------------------------------------------------------------------------

    def inject(
        self, fault: Fault, *, when: When | None = None, times: int | None = 1, id: str = "", must_fire: bool = True
    ) -> Rule:
        """Add a rule now; connections and streams that stand are shown to it at once. It fires once by default."""
        rule = Rule(id=id or self._free_id(fault), when=when or When(), fault=fault, times=times)
        self.add(rule, must_fire=must_fire)
        return rule

    def add(self, *rules: Rule, must_fire: bool = True, may_miss: Collection[str] = ()) -> None:
        """Add rules at once, as `inject` does. Without `must_fire`, it is no fault of a test if one never fires; nor
        for those whose ids `may_miss` holds.

        Raises PlanError if a rule needs what this proxy has not, ValueError if its id is taken.
        """
        for rule in rules:
            self._require_restart(rule, f"rule {rule.id!r}")
        self._call(self._running().add(*rules))
        self._must_fire += [rule.id for rule in rules if must_fire and rule.id not in may_miss]

    def heal(self, rule: Rule | str | None = None) -> None:
        """Remove a rule, or all of them: what is stalled flows again, a refused port listens again.

        Raises KeyError if there is no such rule.
        """
        listener = self._running()
        if rule is None:
            self.clear()
        else:
            self._call(listener.remove(rule if isinstance(rule, str) else rule.id))

    def clear(self) -> None:
        """Remove all rules, as `heal` does."""
        listener = self._running()
        for rule in listener.engine.rules:
            self._call(listener.remove(rule.id))

    def page_shows(self, transport: str, state: str) -> None:
        """Tell what the page shows of its connection now, for the record and for the rules that wait for it."""
        self._call(self._running().page_shows(transport, state))

    def unfired(self) -> list[str]:
        """The rules that should have fired and did not, so far: a run that has any proves nothing."""
        fired = {receipt.rule for receipt in self.history.receipts}
        return [rule_id for rule_id in self._must_fire if rule_id not in fired]

    def doubts(self) -> list[str]:
        """Why the run proves nothing, so far: rules that should have fired and did not, those that crashed; or
        the end of the proxy itself, which says it all."""
        crashes = dict.fromkeys(f"rule {crash.rule} crashed: {crash.error}" for crash in self.history.of(FaultCrashed))
        if self.death:
            return [self.death]
        return [*(f"{rule_id} never fired" for rule_id in self.unfired()), *crashes]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules there are, in order of precedence, in force or waiting for their time."""
        return self._running().engine.rules

    def _free_id(self, fault: Fault) -> str:
        taken = {rule.id for rule in self.rules} | {receipt.rule for receipt in self.history.receipts}
        return next(name for n in range(1, len(taken) + 2) if (name := f"{fault.kind}-{n}") not in taken)

    def _require_restart(self, rule: Rule, place: str) -> None:
        if rule.fault.needs_restart and self._restart is None:
            raise PlanError(
                f"{place}.fault: {rule.fault.kind} needs a way to restart the app; "
                "FaultProxy(..., restart=subject.restarted) would be right"
            )

    def _running(self) -> Listener:
        if self._listener is None:
            raise ProxyError("the proxy is not running; call start(), or use it in a with statement")
        return self._listener

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._carrier is not None, "it has one while it has a listener"
        self._carrier.call(work)

    # -- the port ---------------------------------------------------------------------------------------------

    def _mode(self) -> str:
        return f"reverse:{self.target}@{self._host}:{self._port}"

    def _close_reserved(self) -> None:
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None


def _origin(target: str) -> str:
    """Scheme, host and port, as in RFC 6454."""
    try:
        parts = urlsplit(target)
        address = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:  # brackets without an end, or a port that is none
        parts, address = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or target.rstrip("/").lower() != address:
        raise ValueError(f"target {target!r} is not an origin; write it as http://host:port")
    return address


def _reserve(host: str, port: int) -> socket.socket:
    """Bind without listening: nobody else gets the port, and while no listener runs a SYN is refused."""
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((host, port))
    except (OSError, OverflowError) as error:
        reserved.close()
        why = getattr(error, "strerror", None) or "there is no such port"
        raise ProxyError(f"cannot listen on {host}:{port}: {why}; choose another port, or 0") from error
    return reserved
