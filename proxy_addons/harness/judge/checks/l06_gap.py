"""L6: after a lost or damaged message, the page is right again within `G` of the next valid one.

By then it shows the server's log at least up to what that message says, and exactly as the log leaves it. Where another
fault, or the end of the channel, comes before that, or a rule made up a message, nothing can be asked.
"""

from collections.abc import Mapping

from proxy_addons.harness.judge.disturbances import Disturbance, disturbances, within
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.forgeries import was_told_lies
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Delivery, Look, Run

SHOWN = {"phase": "state", "round": "round", "home": "home", "away": "away"}
"""What of the log's state is compared, and the mark that shows it. The time left is S1's: so is a page that says by
itself that it has run out."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """The gaps that stayed."""
    trouble, found, at_risk = disturbances(run), [], 0
    for life in lives_of(run):
        for lost, next_valid in _gaps(run, life):
            bound = next_valid.t + limits.gap_s + limits.clock_error_s
            look = life.look_at(bound)
            told_lies = was_told_lies(run, life.client, bound)
            if look is None or told_lies or bound > life.acts_until or not _is_quiet(trouble, next_valid, bound):
                continue
            at_risk += 1
            wrong = _wrong(run, look, next_valid)
            if wrong:
                text = (
                    f"page {life.page}: message {lost.number} did not come, or came damaged, and the next valid one "
                    f"came at {next_valid.t - run.start:.3f} s; {limits.gap_s:.3f} s later the page {wrong}"
                )
                found.append(Difference(bound, text, lost.number, max(look.number, next_valid.number)))
    if not at_risk:
        raise Undecided("no message was lost or damaged on a channel that went on undisturbed")
    return found


def _gaps(run: Run, life: Life) -> list[tuple[Delivery, Delivery]]:
    """The last of each row of losses on a stream, and the valid message that followed on it."""
    streams = [each for each in run.channels(life.client, "live") if each.rung != "polling" and life.client]
    pairs = [pair for each in streams for pair in zip(each.deliveries, each.deliveries[1:], strict=False)]
    return [
        (lost, then)
        for lost, then in pairs
        if not lost.is_valid and then.is_valid and then.t < life.end and lost.surely
    ]


def _is_quiet(trouble: list[Disturbance], then: Delivery, bound: float) -> bool:
    over = then.exchange.ended_t <= bound
    kept = any(not each.is_valid and then.t < each.t <= bound for each in then.exchange.deliveries)
    return not (over or kept or within([each for each in trouble if each.number > then.number], then.t, bound))


def _wrong(run: Run, look: Look, then: Delivery) -> str | None:
    epoch, seq, said = look.mark("epoch"), look.number_of("seq"), then.said
    assert said is not None, "it is valid"
    if seq is None or epoch is None:
        return "shows nothing of the log"
    if epoch == said.epoch and said.seq is not None and seq < said.seq:
        return f"shows {epoch}.{seq:.0f}, and should show {said.epoch}.{said.seq} at least"
    told = run.told(epoch, int(seq))
    return None if told is None else _differs(look, told.state)


def _differs(look: Look, state: Mapping[str, object]) -> str | None:
    for name, mark in SHOWN.items():
        shown, value = look.mark(mark), state.get(name)
        ran_out = name == "phase" and shown == "expired" and value == "running"
        if shown is not None and value is not None and shown != str(value) and not ran_out:
            return f"shows {name} {shown!r}, and the log at {look.mark('seq')} leaves {value!r}"
    return None


CHECK = Check("L6", "gaps are closed", find, frozenset({"truth", "cursor", "display"}))
