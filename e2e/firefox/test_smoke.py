"""One story of each run, down the whole ladder: what Firefox needs of the harness is there."""

from e2e.test_falls_back import test_says_in_the_console_what_people_search_for as test_goes_down_the_ladder

__all__ = ["test_goes_down_the_ladder"]
