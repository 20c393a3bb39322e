"""A browser, a served region, and the check that a page leaves nobody out."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from starlette.applications import Starlette

from tests.unit.portal_site import Region, region
from wholerecord.portal import routes

AXE = (Path(__file__).parent / "assets/axe.min.js").read_text()
#: The smallest screen the clinical pages are made for.
SCREEN = {"width": 1366, "height": 768}
_QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-lcd-text",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")  # while it lives, no other event loop can run in this thread
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "install the package 'chromium'"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(_QUIETLY))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Region, str]]:
    """The region, and where it is served."""
    with ThreadPoolExecutor(1) as own_thread:
        made = own_thread.submit(region).result()
        config = uvicorn.Config(
            Starlette(routes=routes(made.site)), port=0, log_level="warning", lifespan="off"
        )
        server = uvicorn.Server(config)
        running = own_thread.submit(server.run)
        while not server.started:
            assert not running.done()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield made, f"http://127.0.0.1:{port}"
        server.should_exit = True


@pytest.fixture
def sign_in(browser: Browser, served: tuple[Region, str]) -> Iterator[Callable[[str], Page]]:
    """Opens a page signed in as a persona, by the button a person would press."""
    contexts = []

    def enter(name: str, *, javascript: bool = True, refusals: bool = False) -> Page:
        context = browser.new_context(
            viewport=SCREEN, base_url=served[1], java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: _complain(said, refusals=refusals))
        page.goto("/sign-in")
        page.get_by_role("button", name=name).click()
        return page

    yield enter
    for context in contexts:
        context.close()


def _complain(said: ConsoleMessage, *, refusals: bool) -> None:
    """Fail on an error that the browser tells; not where a page that is refused is expected."""
    if said.type == "error" and not (refusals and "403" in said.text):
        pytest.fail(said.text)


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA, nor of axe's own best practices."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    said = [
        f"{one['id']}: {one['help']} ({'; '.join(node['html'][:160] for node in one['nodes'][:3])})"
        for one in found["violations"]
    ]
    assert not said, "\n".join([page.url, *said])
