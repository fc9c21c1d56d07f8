"""`request.redirect`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Respond
from proxy_addons.events import Answer
from proxy_addons.faults import RedirectRequest
from proxy_addons.tests.play import opened, play, received


def test_sends_a_request_elsewhere() -> None:
    expected = Respond(Answer(302, (("Location", "/login"),), b""))
    assert play(RedirectRequest(location="/login"), received(), opened()) == [expected, Forward()]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_knows_every_status_that_redirects(status: int) -> None:
    (action,) = play(RedirectRequest(location="https://other.example/", status=status), received())
    assert isinstance(action, Respond)
    assert action.answer.status == status


@pytest.mark.parametrize("status", [300, 304, 200])
def test_rejects_a_status_that_does_not(status: int) -> None:
    with pytest.raises(ValidationError, match=f"{status} does not redirect; one of 301, 302, 303, 307, 308"):
        RedirectRequest(location="/", status=status)


def test_rejects_a_location_that_fits_no_head() -> None:
    with pytest.raises(ValidationError, match="value of 'Location' must fit one line"):
        RedirectRequest(location="/a\r\nSet-Cookie: b")
