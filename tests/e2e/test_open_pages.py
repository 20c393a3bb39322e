"""A page that is open when somebody decides otherwise: it goes, with script and without."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.unit.portal_site import Region
from wholerecord.consent import Purpose, Role, Rule

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
Served = tuple[Region, str]
#: Milliseconds within which a decision holds on a page that is open.
SOON = 5_000


def decide(region: Region, **more: object) -> Rule:
    """What the person decides, kept as their page keeps it."""
    rule = Rule(
        allow=False,
        purpose=Purpose.DIRECT_CARE,
        person=region.grace,
        role=Role.DOCTOR,
        reason="they said no",
        **more,  # type: ignore[arg-type] - of a rule
    )
    with ThreadPoolExecutor(1) as elsewhere:  # the browser's event loop runs in this thread
        return elsewhere.submit(asyncio.run, region.store.add_rule(rule)).result()


def take_back(region: Region, rule: Rule) -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, region.store.end_rule(rule.n)).result()


@pytest.mark.parametrize("javascript", [True, False])
def test_given_an_open_page_when_the_person_says_no_then_it_is_gone_in_five_seconds(
    sign_in: SignIn, served: Served, *, javascript: bool
):
    page = sign_in("Dr Priya Example", javascript=javascript, refusals=True)
    page.goto(f"/people/{served[0].grace}/allergy")
    rule = decide(served[0])
    try:
        began = time.monotonic()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "You may not see this", timeout=SOON + 1_000
        )
        assert (time.monotonic() - began) * 1000 < SOON + 500
        assert "enicillin" not in page.content()
    finally:
        take_back(served[0], rule)


def test_given_an_open_page_when_what_it_does_not_show_is_hidden_then_nothing_moves(
    sign_in: SignIn, served: Served
):
    page = sign_in("Dr Priya Example")
    page.goto(f"/people/{served[0].grace}/allergy")
    page.evaluate("document.body.dataset.seen = 'before'")
    mark = page.locator("script[data-still]").count()
    assert mark == 1
    with page.expect_response(lambda answer: answer.status == 205, timeout=SOON):
        rule = decide(served[0], kind="social-care")
    try:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.body.dataset.seen") == "before"
        with page.expect_response(lambda answer: answer.status == 204, timeout=SOON):
            pass  # it asks by how it stands now
    finally:
        take_back(served[0], rule)
