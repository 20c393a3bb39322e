"""The review desk by keyboard alone: a question read, decided, taken back and decided again."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page

#: Seconds a case may take whoever decides it, beside reading it.
_A_CASE = 30


def press(page: Page, *keys: str) -> None:
    """Keys, and nothing else: no pointer, no script."""
    for key in keys:
        page.keyboard.press(key)


def on(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.id")


def tab_to(page: Page, what: str) -> None:
    """Go on with Tab until there, however the order of controls may change."""
    for _ in range(40):
        if on(page).startswith(what):
            return
        press(page, "Tab")
    raise AssertionError(what)


def test_given_only_keys_when_a_question_is_decided_then_it_takes_seconds_and_can_be_undone(
    sign_in: Callable[..., Page],
):
    page = sign_in("Alex Example", javascript=False)
    page.goto("/desk/matches")
    began = time.monotonic()
    assert on(page) == "" or page.locator("#because:focus").count() == 1
    press(page, "ArrowDown")
    tab_to(page, "Cannot tell")
    press(page, "Enter")
    page.wait_for_url(re.compile(r"last=\d+"))
    tab_to(page, "Not the same")
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/desk/matches\?last=\d+"))
    assert "No match waits" in page.inner_text("h1")
    tab_to(page, "Take it back")
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/desk/matches/\d+"))
    assert "Are these one person?" in page.inner_text("h1")
    assert time.monotonic() - began < 3 * _A_CASE
