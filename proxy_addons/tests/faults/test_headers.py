"""Header fields as settings."""

import pytest

from proxy_addons.faults.headers import check_fields, check_names


def test_takes_names_and_values_that_fit_a_head() -> None:
    check_fields({"Retry-After": "3", "x!#$%&'*+.^_`|~1": "", "X-Text": "später, at 5:00"})
    check_names(["Upgrade"])


@pytest.mark.parametrize("name", ["", "Retry After", "a:", "später", "a\n"])
def test_rejects_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ValueError, match="is no header name: letters, digits and - would be right"):
        check_names([name])
    with pytest.raises(ValueError, match="is no header name"):
        check_fields({name: ""})


@pytest.mark.parametrize("value", ["a\r", "a\nb: c", "\0"])
def test_rejects_a_value_that_is_more_than_a_line(value: str) -> None:
    with pytest.raises(ValueError, match="the value of 'X' must fit one line, without CR, LF and NUL"):
        check_fields({"X": value})
