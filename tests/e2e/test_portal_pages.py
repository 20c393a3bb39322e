"""The pages in a real browser: what people do, and that nobody is left out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SCREEN, assert_accessible
from tests.unit.portal_site import Region

CONTROLS = 'a[href], button, input:not([type=hidden]), [tabindex="0"]'

pytestmark = pytest.mark.browser

SignIn = Callable[..., Page]
Served = tuple[Region, str]


def overflowing(page: Page) -> list[str]:
    """The panels that do not lie wholly within the window."""
    return page.evaluate(
        """[...document.querySelectorAll('.wr-panel, .wr-banner')].filter(box => {
            const at = box.getBoundingClientRect();
            return at.top < 0 || at.left < 0 || at.bottom > innerHeight || at.right > innerWidth
                || at.height < 50;
        }).map(box => box.className)"""
    )


def test_given_a_small_screen_when_a_record_opens_then_all_ten_panels_are_in_sight(
    sign_in: SignIn, served: Served
):
    page = sign_in("Dr Priya Example")
    page.goto(f"/people/{served[0].grace}")
    assert page.locator(".wr-panel").count() == 10
    assert overflowing(page) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= SCREEN["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Dr Priya Example", "/people"),
        ("Dr Priya Example", "/people?q=999+000+0018"),
        ("Dr Priya Example", "/people?q=nobody"),
        ("Dr Priya Example", "/people/{grace}"),
        ("Dr Priya Example", "/people/{grace}?at=2199-01-01"),
        ("Dr Priya Example", "/people/{grace}/condition"),
        ("Dr Priya Example", "/people/{grace}/immunisation"),
        ("Dr Priya Example", "/people/{grace}/timeline"),
        ("Dr Priya Example", "/people/{grace}/pending"),
        ("Dr Priya Example", "/people/{grace}/safety"),
        ("Dr Priya Example", "/people/{grace}/who"),
        ("Dr Priya Example", "/about"),
        ("Grace Okafor", "/"),
        ("Grace Okafor", "/me"),
        ("Grace Okafor", "/me/condition"),
        ("Grace Okafor", "/me/timeline"),
        ("Grace Okafor", "/me/who-looked"),
        ("Ngozi Okafor", "/me/for/{grace}"),
        ("Alex Example", "/desk"),
        ("Alex Example", "/desk/matches/1"),
        ("Alex Example", "/desk/parked/1"),
        ("Alex Example", "/desk/trace?id=1"),
        ("Alex Example", "/rules"),
        ("Alex Example", "/desk/policy"),
        ("Alex Example", "/desk/replay"),
        ("Alex Example", "/desk/replay?source=acute"),
        ("Alex Example", "/people/{grace}/who"),
        ("Alex Example", "/people/{grace}/looked"),
        ("Jo Example", "/counts"),
        ("Jo Example", "/counts/register"),
    ],
)
def test_given_anybody_when_a_page_opens_then_nothing_on_it_leaves_people_out(
    sign_in: SignIn, served: Served, name: str, path: str
):
    page = sign_in(name)
    answer = page.goto(path.format(grace=served[0].grace))
    assert answer
    assert answer.status == 200
    assert_accessible(page)


def test_given_the_sign_in_page_when_it_opens_then_it_leaves_nobody_out(
    browser: Browser, served: Served
):
    page = browser.new_page()
    page.goto(f"{served[1]}/sign-in")
    assert_accessible(page)
    page.close()


def test_given_a_refusal_when_it_is_shown_then_it_is_accessible_and_offers_the_glass(
    browser: Browser, sign_in: SignIn, served: Served
):
    page = sign_in("Dr Priya Example")
    # In a context of its own: to the browser a 403 is an error, which `sign_in` lets no page have.
    context = browser.new_context(base_url=served[1], storage_state=page.context.storage_state())
    refused = context.new_page()
    refused.goto(f"/people/{served[0].ruth}")
    expect(refused.get_by_role("heading", name="You may not see this")).to_be_visible()
    assert_accessible(refused)
    context.close()


def test_given_a_line_when_it_is_followed_then_its_words_and_message_are_there(
    sign_in: SignIn, served: Served
):
    page = sign_in("Dr Priya Example")
    page.goto(f"/people/{served[0].grace}")
    page.get_by_role("link", name="High blood pressure").first.click()
    expect(page.get_by_role("heading", name="Who says so")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="The message").first.click()
    expect(page.get_by_role("heading", name="At entry[1]")).to_be_visible()
    assert_accessible(page)


def test_given_no_script_when_a_doctor_works_then_everything_works(sign_in: SignIn):
    page = sign_in("Dr Priya Example", javascript=False)
    page.goto("/people")
    page.get_by_label("NHS number, or name and date of birth").fill("Okafor Grace")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Mrs Grace Okafor").click()
    expect(page.get_by_role("heading", name="OKAFOR, Grace (Mrs)")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    assert "/sign-in" in page.url


def test_given_only_a_keyboard_when_a_record_is_open_then_every_control_is_reached_in_sight(
    sign_in: SignIn, served: Served
):
    page = sign_in("Dr Priya Example")
    page.goto(f"/people/{served[0].grace}")
    wanted: int = page.evaluate("what => document.querySelectorAll(what).length", CONTROLS)
    reached: set[int] = set()
    for _ in range(wanted * 2 + 10):
        page.keyboard.press("Tab")
        place, seen = page.evaluate(
            """what => {
                const on = document.activeElement;
                const style = getComputedStyle(on);
                const all = [...document.querySelectorAll(what)];
                const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
                    || style.backgroundColor === 'rgb(255, 235, 59)';
                return [all.indexOf(on), seen || on.outerHTML];
            }""",
            CONTROLS,
        )
        if place >= 0:
            assert seen is True, seen
            reached.add(place)
    assert len(reached) == wanted


def test_given_a_phone_when_a_person_reads_their_record_then_nothing_runs_off_the_side(
    sign_in: SignIn,
):
    page = sign_in("Grace Okafor")
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/me", "/me/who-looked"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
