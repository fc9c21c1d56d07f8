"""What errors say."""

import pytest

from proxy_addons.errors import ProxyError, did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        pytest.param("tims", ["times", "when"], "; did you mean 'times'?", id="a near one"),
        pytest.param("xyz", ["when", "times"], "; there are 'times', 'when'", id="none is near"),
        pytest.param("xyz", [], "; there are none", id="nothing to choose from"),
    ],
)
def test_an_unknown_word_comes_with_what_would_be_right(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint


def test_a_proxy_error_names_the_rule_that_failed() -> None:
    error = ProxyError("rule 'cut' failed", rule="cut")
    assert (str(error), error.rule) == ("rule 'cut' failed", "cut")
