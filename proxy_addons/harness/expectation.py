"""What a scenario expects, as checks of its record beside those that hold for every run."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import dropwhile, groupby, pairwise

from proxy_addons.harness.judge.facts import Check, Difference, Evidence, Limits, Undecided
from proxy_addons.harness.judge.lives import lives_of
from proxy_addons.harness.judge.run import Exchange, Look, Run
from proxy_addons.harness.scenario import Attempts, Expect
from proxy_addons.harness.situation import STATE_MARKS
from proxy_addons.harness.waited import given_up_for_lateness, waited_in_vain
from proxy_addons.records import StepTaken

_SHOWN: frozenset[Evidence] = frozenset({"display"})
FRAME_S = 1 / 60
"""A screen shows no word that stands for less."""


def checks_of(expect: Expect) -> list[Check]:
    """One for each expectation that the scenario has, with an id of its own."""
    found = [_check("ends", f"Each page shows {expect.ends!r} in the end", partial(_ends, expect.ends), _SHOWN)]
    if expect.transports is not None:
        wanted: Sequence[str] = expect.transports
        found.append(Check("transports", f"Pages are served over {_listed(wanted)}", partial(_transports, wanted)))
    for word in expect.shows:
        found.append(_check(f"shows {word}", f"Each page shows {word!r} meanwhile", partial(_shows, word), _SHOWN))
    for word in expect.never_shows:
        title = f"No page shows {word!r} without a reason"
        found.append(Check(f"never shows {word}", title, partial(_never_shows, word), _SHOWN))
    for text in expect.hides:
        found.append(_check(f"hides {text}", f"No page shows the text {text!r}", partial(_hides, text), _SHOWN))
    for rung, bounds in expect.attempts.items():
        found.append(
            Check(f"{rung} attempts", f"How often each page asks for {rung}", partial(_attempts, rung, bounds))
        )
    if expect.asides is not None:
        found.append(Check("asides", "How often each page asks for something beside", partial(_asides, expect.asides)))
    if expect.commands is not None:
        title = f"Each page says that its last command is {expect.commands}"
        found.append(_check("commands", title, partial(_commands, expect.commands), _SHOWN))
    return found


def _check(
    name: str, title: str, find: Callable[[Run], list[Difference]], needs: frozenset[Evidence] = frozenset()
) -> Check:
    def found(run: Run, _: Limits) -> list[Difference]:
        return find(run)

    return Check(name, title, found, needs)


# -- by the wire ----------------------------------------------------------------------------------------------------


def _transports(wanted: Sequence[str], run: Run, limits: Limits) -> list[Difference]:
    """By what valid messages first came, connection by connection."""
    found = []
    for client in run.clients:
        served = sorted((each for each in run.channels(client, "live", "probe") if each.worked), key=_first_t)
        seen = [rung for rung, _ in groupby(each.rung for each in served)]
        if seen and seen != list(wanted):
            _require_even_pace(run, limits, client)
            text = f"client {client} was served over {_listed(seen)}; it should have been over {_listed(wanted)}"
            found.append(Difference(_first_t(served[-1]), text, served[0].number, served[-1].number))
    if not any(each.worked for each in run.channels()):
        text = f"no valid message came to anybody; they should have come over {_listed(wanted)}"
        found.append(Difference(run.end, text, 0, len(run.records) - 1))
    return found


def _attempts(rung: str, bounds: Attempts, run: Run, limits: Limits) -> list[Difference]:
    def asked_for(client: str) -> list[Exchange]:
        return [each for each in run.channels(client, "live") if each.rung == rung]

    return _counted(rung, asked_for, bounds, run, limits) + _strangers(run)


def _strangers(run: Run) -> list[Difference]:
    """Who asks under a name of its own and is no page: one that a page does not know that it has."""
    lives = lives_of(run)
    if not lives or len(run.clients) <= len(lives):
        return []
    last = max((run.channels(client)[0] for client in run.clients), key=lambda each: each.t)
    text = f"{len(run.clients)} clients asked for messages, and pages had {len(lives)} lives: one each is right"
    return [Difference(last.t, text, last.number, last.number)]


def _asides(bounds: Attempts, run: Run, limits: Limits) -> list[Difference]:
    def asked_for(client: str) -> list[Exchange]:
        return run.channels(client, "probe", "check", "resync")

    return _counted("something beside", asked_for, bounds, run, limits)


def _counted(
    what: str, asked_for: Callable[[str], list[Exchange]], bounds: Attempts, run: Run, limits: Limits
) -> list[Difference]:
    found = []
    for client in run.clients:
        asked = asked_for(client)
        most = len(asked) if bounds.most is None else bounds.most
        if not bounds.least <= len(asked) <= most:
            _require_even_pace(run, limits, client)
            text = f"client {client} asked for {what} {_times(len(asked))}; {_right(bounds)} right"
            first, last = (asked[0].number, asked[-1].number) if asked else (0, len(run.records) - 1)
            found.append(Difference(asked[-1].t if asked else run.end, text, first, last))
    if not run.clients:
        raise Undecided("nobody asked for anything")
    return found


def _require_even_pace(run: Run, limits: Limits, client: str) -> None:
    """Raises Undecided where the client had to give a channel up for a silence that no rule made: what it did then was
    right, and other than the scenario says. Of a machine that stands still this is to be expected once or twice; who
    has to do so as often as it takes to leave a transport has a server that does not speak to it."""
    late = [each for each in run.channels(client, "live") if given_up_for_lateness(run, limits, each)]
    if late and len(late) < limits.budget:
        given_up = f"gave {late[0].rung} {late[0].exchange} up at {late[0].ended_t - run.start:.3f} s"
        raise Undecided(f"client {client} {given_up} for a silence that no rule made")


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _right(bounds: Attempts) -> str:
    """How often it should have been, with its verb."""
    if bounds.most is None:
        return f"{_times(bounds.least)} or more often is"
    if bounds.most == bounds.least:
        return f"{_times(bounds.most)} is"
    return f"at most {_times(bounds.most)} is" if bounds.least == 0 else f"{bounds.least} to {bounds.most} times is"


def _first_t(exchange: Exchange) -> float:
    return exchange.first_valid.t if exchange.first_valid else exchange.t


# -- by what pages show ---------------------------------------------------------------------------------------------


def _ends(word: str, run: Run) -> list[Difference]:
    """Of the pages that were not left, or loaded anew, while something was wrong."""
    healed = next((step.t for _, step in run.of(StepTaken) if step.step == "healed"), run.start)
    return [
        Difference(look.t, f"page {page} shows {_state(look)} in the end; {word!r} is right", look.number, look.number)
        for page, looks in _pages(run)
        if (look := looks[-1]) and not _says(look, word) and run.life_of(page)[1] >= healed
    ]


def _shows(word: str, run: Run) -> list[Difference]:
    begin = _begin(run)
    return [
        Difference(begin, f"page {page} never showed {word!r}; it should have", looks[0].number, looks[-1].number)
        for page, looks in _pages(run)
        if not any(_says(look, word) for look in looks if look.t >= begin)
    ]


def _never_shows(word: str, run: Run, limits: Limits) -> list[Difference]:
    """But where messages were late by themselves, or it was gone again before it could be painted: a page that was held
    up reads what has come meanwhile behind what its timers do."""
    begin, found = _begin(run), []
    for page, looks in _pages(run):
        shown = (
            look
            for look, following in pairwise([*_once_live(looks), None])
            if look and look.t >= begin and _says(look, word) and not _is_gone_at_once(look, following, word)
        )
        if look := next((look for look in shown if not waited_in_vain(run, limits, look)), None):
            text = f"page {page} shows {word!r}; it never should"
            found.append(Difference(look.t, text, look.number, look.number))
    return found


def _is_gone_at_once(look: Look, following: Look | None, word: str) -> bool:
    return following is not None and following.t - look.t < FRAME_S and not _says(following, word)


def _once_live(looks: list[Look]) -> Iterator[Look]:
    return dropwhile(lambda look: not _says(look, "live"), looks)


def _hides(text: str, run: Run) -> list[Difference]:
    return [
        Difference(look.t, f"page {page} shows {text!r}; it never should", look.number, look.number)
        for page, looks in _pages(run)
        if (look := next((look for look in looks if text in look.record.text), None))
    ]


def _commands(word: str, run: Run) -> list[Difference]:
    last = {page: looks[-1] for page, looks in _pages(run) if looks[-1].mark("command") is not None}
    if not last:
        raise Undecided("no page shows a command")
    return [
        Difference(
            look.t,
            f"page {page} says in the end that its last command is {look.mark('command')}; {word} is right",
            look.number,
            look.number,
        )
        for page, look in last.items()
        if look.mark("command") != word
    ]


def _pages(run: Run) -> Iterator[tuple[str, list[Look]]]:
    """Each page that shows a state in words, life by life, and what it displayed."""
    for page in run.pages:
        looks = [look for look in run.looks_of(page) if any(look.mark(name) for name in STATE_MARKS)]
        if looks:
            yield page, looks


def _begin(run: Run) -> float:
    """When the faults came into force."""
    return next((step.t for _, step in run.of(StepTaken) if step.step == "injected"), run.start)


def _says(look: Look, word: str) -> bool:
    return any(look.mark(name) == word for name in STATE_MARKS)


def _state(look: Look) -> str:
    return _listed([mark for name in STATE_MARKS if (mark := look.mark(name))])


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
