"""Ports for processes that must know theirs before they start."""

import socket

import pytest

from proxy_addons.harness.ports import free_port


def test_never_gives_a_port_twice() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50


def test_stays_below_what_systems_give_to_outgoing_connections() -> None:
    assert 1024 < free_port() < 32_768


def test_gives_a_port_that_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", free_port())):
        pass


def test_passes_over_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy_addons.harness.ports._given", iter([0, 0, 1]))
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        assert free_port() == taken.getsockname()[1] + 1


def test_says_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy_addons.harness.ports._SPAN", 0)
    with pytest.raises(OSError, match="no free port between 20000 and 20000"):
        free_port()
