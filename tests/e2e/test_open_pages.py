"""A page that is open when somebody decides otherwise: it goes, with script and without."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.unit.portal_site import Region
from wholerecord.consent import Purpose, Role, Rule

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
Served = tuple[Region, str]
#: Milliseconds that a busy machine may take: a page asks every three seconds, without script five.
PATIENCE = 30_000


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
def test_given_an_open_page_when_the_person_says_no_then_it_goes_by_itself(
    sign_in: SignIn, served: Served, *, javascript: bool
):
    page = sign_in("Dr Priya Example", javascript=javascript, refusals=True)
    page.goto(f"/people/{served[0].grace}/allergy")
    rule = decide(served[0])
    try:
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("You may not see this", timeout=PATIENCE)
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
    with page.expect_response(lambda answer: answer.status == 205, timeout=PATIENCE):
        rule = decide(served[0], kind="social-care")
    try:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.body.dataset.seen") == "before"
        with page.expect_response(lambda answer: answer.status == 204, timeout=PATIENCE):
            pass  # it asks by how it stands now
    finally:
        take_back(served[0], rule)
