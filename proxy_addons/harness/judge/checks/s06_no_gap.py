"""S6, no silent gap: a client applies an event only on top of the one before it, or after a snapshot that covers what
it missed. So what a page shows is, at every look, the state that the server's log amounts to at the event shown, and
where it lists events, it lists all up to that one."""

from collections.abc import Iterator

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.forgeries import was_told_lies
from proxy_addons.harness.judge.listing import Omissions, what_is_missing
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.harness.judge.states import number_in, states_of
from proxy_addons.records import PageOpened, PageSaid

_COUNTED = ("home", "away", "round")


def find(run: Run, limits: Limits) -> list[Difference]:
    pages = [[look for look in run.looks_of(page) if _known(run, look)] for page in run.pages]
    applied = [(number, said) for number, said in run.of(PageSaid) if _is_applied(said)]
    if not any(pages) and not applied:
        raise Undecided("no page shows a state of which the truth is known, or says what it applied")
    shown = [found for page in pages for found in episodes(run, ((look.t, _wrong(run, limits, look)) for look in page))]
    listed = [found for life in lives_of(run) for found in episodes(run, _listed(run, limits, life))]
    return shown + listed + [found for page in _names(applied) for found in _leaps(run, page, applied)]


def _known(run: Run, look: Look) -> bool:
    place = look.place
    return place is not None and run.told(*place) is not None


def _wrong(run: Run, limits: Limits, look: Look) -> Difference | None:
    """What differs from the state at the event that is shown."""
    place = look.place
    told = None if place is None else run.told(*place)
    if place is None or told is None:
        return None
    phase, shows, ends = told.state.get("phase"), look.mark("state"), number_in(told, "ends_t")
    slack = limits.shown_error_s + limits.clock_error_s + told.error_s
    over = phase == "running" and shows == "expired" and ends is not None and look.t >= ends - slack
    wrong = [] if over or None in (phase, shows) or phase == shows else [(f"state {shows}", str(phase))]
    for name in _COUNTED:
        counted, counts = look.number_of(name), number_in(told, name)
        if counted is not None and counts is not None and counted != counts:
            wrong.append((f"{name} {counted:.0f}", f"{counts:.0f}"))
    if not wrong:
        return None
    text = " and ".join(f"{shown}, which was {was} on the server" for shown, was in wrong)
    text = f"page {look.page} {at(run, look.t)} shows at event {place[0]}.{place[1]} {text}"
    return Difference(look.t, text, look.number, look.number)


def _listed(run: Run, limits: Limits, life: Life) -> Iterator[tuple[float, Difference | None]]:
    """What each list lacks of the log. A page that lists nothing is not asked to, nor one that a rule told lies."""
    if was_told_lies(run, life.client, life.end) or not any(look.record.items for look in life.looks):
        return
    states, omissions, last, wrong = states_of(run), Omissions(run, life), None, ""
    for look in life.looks:
        place = look.place
        if place is None or run.told(*place) is None:
            continue
        left_out = omissions.up_to(place[0], look.t + limits.clock_error_s)
        if last != (last := (place, left_out, look.record.items)):
            wrong = what_is_missing(look, states.listed(place[0], left_out, place[1]), limits.events_listed)
        yield look.t, _lacking(run, life, look, wrong) if wrong else None


def _lacking(run: Run, life: Life, look: Look, wrong: str) -> Difference:
    epoch, seq = look.place or ("", 0)
    text = f"page {life.page} {at(run, look.t)} shows event {epoch}.{seq}, and its list {wrong}"
    return Difference(look.t, text, look.number, look.number)


def _is_applied(said: PageSaid) -> bool:
    return said.what == "trace" and said.fields.get("what") == "applied" and isinstance(said.fields.get("seq"), int)


def _names(applied: list[tuple[int, PageSaid]]) -> list[str]:
    return list(dict.fromkeys(said.page for _, said in applied))


def _leaps(run: Run, page: str, applied: list[tuple[int, PageSaid]]) -> Iterator[Difference]:
    """Where the page's own trace applies an event that does not follow."""
    lives = sorted(record.t for _, record in run.of(PageOpened) if record.page == page)
    last: tuple[object, int, int] | None = None
    for number, said in sorted((each for each in applied if each[1].page == page), key=lambda each: each[1].t):
        while lives and lives[0] <= said.t:
            lives.pop(0)
            last = None
        epoch, seq, kind = said.fields.get("epoch"), said.fields["seq"], said.fields.get("kind")
        if not isinstance(seq, int):
            continue
        if kind == "event" and last is not None and epoch == last[0] and seq > last[1] + 1:
            text = f"page {page} {at(run, said.t)} says it applied event {epoch}.{seq} after {last[0]}.{last[1]}, "
            yield Difference(said.t, text + "and no snapshot between them", last[2], number)
        last = (epoch, seq, number)


CHECK = Check(id="S6", title="Nothing is missed in silence", find=find, needs=frozenset({"display", "truth", "cursor"}))
