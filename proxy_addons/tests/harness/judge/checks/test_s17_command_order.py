from proxy_addons.harness.judge.checks.s17_command_order import CHECK
from proxy_addons.records import CommandKnown, PageSaid
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, undecided

WHY = "no client gave two commands of whose effects the places are known"


def commanded(*places: int) -> Story:
    """Commands c-1, c-2, ... are sent in this order, and take effect as the events of these numbers."""
    story = Story()
    socket = story.websocket(0.0).says(0.1, snapshot(1))
    for number, seq in enumerate(places, 1):
        socket.hears(float(number), f'{{"id": "c-{number}"}}')
        story.add(CommandKnown(10.0 + number, f"c-{number}", 1, seq))
    return story


def test_the_order_is_kept() -> None:
    assert texts(CHECK, commanded(2, 3, 5)) == []


def test_the_order_is_turned() -> None:
    (difference,) = found(CHECK, commanded(2, 4, 3))

    assert difference.text == (
        "client a gave command c-2 before c-3, but they took effect as events 4 and 3; the first should have been the "
        "first"
    )


def test_a_command_that_was_given_up_may_come_late() -> None:
    story = commanded(2, 4, 3)
    story.add(PageSaid(9.0, "a", "trace", {"what": "command", "id": "c-2", "state": "unknown"}))

    assert texts(CHECK, story) == []


def test_the_commands_of_two_clients_have_no_order() -> None:
    story = Story()
    for client, seq in (("a", 3), ("b", 2)):
        story.websocket(0.0, client=client).hears(1.0 if client == "a" else 2.0, f'{{"id": "c-{client}"}}')
        story.add(CommandKnown(10.0, f"c-{client}", 1, seq))

    assert undecided(CHECK, story) == WHY


def test_the_numbers_of_two_logs_have_none_either() -> None:
    story = commanded(5, 2).truth(0.0, 1, epoch="e").truth(1.5, 1, epoch="f")

    assert undecided(CHECK, story) == "the server began a new log, whose numbers say nothing of the old ones"


def test_nobody_gave_a_command() -> None:
    assert undecided(CHECK, healthy()) == WHY
