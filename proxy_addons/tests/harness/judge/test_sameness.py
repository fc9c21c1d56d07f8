"""What the rules did, told so that it is the same in every run."""

from proxy_addons.harness.judge.sameness import receipts_of
from proxy_addons.records import FaultFired
from proxy_addons.tests.harness.judge.stories import Story, tick


def played(*, assets: int) -> Story:
    """Two WebSockets; the second loses its second message and its connection."""
    story = Story()
    for _ in range(assets):
        story.request(0.5, path="/client.js")
    story.websocket(1.0).ends(2.0)
    second = story.websocket(3.0).says(3.1, tick(1), tick(1)).fault(3.2, "drop", rule="lossy")
    return story.add(FaultFired(4.0, "cut", "connection.reset", "reset", second.connection, None, None, 0, ""))


def test_a_receipt_is_told_by_its_place_among_its_kind() -> None:
    assert receipts_of(played(assets=0).run()) == {
        "lossy": ["drop on websocket 2, message 2"],
        "cut": ["reset on websocket 2"],
    }


def test_how_the_browser_numbers_its_requests_does_not_matter() -> None:
    assert receipts_of(played(assets=3).run()) == receipts_of(played(assets=0).run())


def test_what_hits_no_request_is_told_as_well() -> None:
    story = Story().fault(1.0, "refuse", rule="shut")
    assert receipts_of(story.run()) == {"shut": ["refuse on the listener"]}
