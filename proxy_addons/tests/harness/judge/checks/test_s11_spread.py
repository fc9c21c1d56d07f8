from proxy_addons.harness.judge.checks.s11_spread import CHECK
from proxy_addons.tests.harness.judge.stories import Story, snapshot, texts, undecided


def herd(waits: list[float]) -> Story:
    """Clients that a restart lets go at 10 s, and that come back after these waits."""
    story = Story()
    for place, wait in enumerate(waits):
        client = f"c{place}"
        story.websocket(1.0, client=client).says(1.1, snapshot(1)).ends(10.0, "close", "origin", 1012)
        story.websocket(10.0 + wait, client=client).says(10.1 + wait, snapshot(1))
    return story


def test_clients_that_come_back_evenly_are_right() -> None:
    assert texts(CHECK, herd([0.1 + 2.0 * place / 240 for place in range(240)])) == []


def test_clients_that_come_back_together_are_a_herd() -> None:
    herd_of_half = [0.5] * 120 + [0.1 + 2.0 * place / 120 for place in range(120)]

    assert any("came back within 0.100 s; at most 96 are right" in text for text in texts(CHECK, herd(herd_of_half)))


def test_another_law_is_seen_though_no_bin_is_full() -> None:
    found = texts(CHECK, herd([0.1 + 1.0 * place / 240 for place in range(240)]))

    assert len(found) == 1
    assert "differ by 0.50" in found[0]
    assert "from the uniform law over 2.000 s" in found[0]


def test_waits_that_are_too_long_are_another_law() -> None:
    assert "differ by" in texts(CHECK, herd([0.1 + 4.0 * place / 240 for place in range(240)]))[0]


def test_of_few_clients_nothing_can_be_said() -> None:
    why = undecided(CHECK, herd([0.5] * 8))

    assert why == "8 clients lost their connection at one instant and came back; 200 are few"
