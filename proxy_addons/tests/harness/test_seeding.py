"""A page whose chance is the same in every run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from proxy_addons.harness.seeding import seeded_random

DRAWN = "Array.from({ length: 1000 }, () => Math.random())"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def drawn(page: Page, seed: int) -> list[float]:
    page.evaluate(seeded_random(seed))
    return [float(each) for each in page.evaluate(DRAWN)]


def test_one_seed_draws_the_same_and_another_draws_otherwise(page: Page) -> None:
    first = drawn(page, 7)
    assert drawn(page, 7) == first
    assert drawn(page, 8) != first


def test_what_is_drawn_is_as_even_as_chance(page: Page) -> None:
    values = drawn(page, 7)
    assert min(values) >= 0
    assert max(values) < 1
    quarters = [sum(low <= each < low + 0.25 for each in values) for low in (0, 0.25, 0.5, 0.75)]
    assert min(quarters) > 200  # 250, less 3.6 standard deviations


def test_a_page_draws_so_from_its_start_where_it_is_asked_to(page: Page) -> None:
    page.add_init_script(seeded_random(7))
    page.goto("data:text/html,<script>window.first = Math.random()</script>")
    assert page.evaluate("window.first") == drawn(page, 7)[0]
