"""The demonstration as a newcomer starts it: one command, a browser, and Ctrl-C."""

import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.e2e.conftest import SCREEN, assert_accessible
from tests.e2e.program import Program
from tests.e2e.serving import postmaster

#: Seconds a cold start may take here: made, sent over the real doors, filed, linked.
_PATIENCE = 90


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """Where the demonstration is served; ended by Ctrl-C, with nothing left running."""
    port, mllp_port = _free_port(), _free_port()
    program = Program(folder / "store")
    process = program.start("demo", "--port", port, "--mllp-port", mllp_port, stderr=None)
    said = process.stdout
    assert said is not None
    with process:
        try:
            ends = time.monotonic() + _PATIENCE
            while f"http://127.0.0.1:{port}" not in said.readline().decode():
                assert process.poll() is None, "the demonstration did not start"
                assert time.monotonic() < ends, "the demonstration was not ready in time"
            threading.Thread(target=said.read, daemon=True).start()  # so that it never waits for us
            yield f"http://127.0.0.1:{port}"
            process.send_signal(signal.SIGINT)
            assert process.wait(20) in (0, 130)
        finally:
            process.kill()
    assert postmaster(program) is None, "the database was left running"
    assert not _left(folder), "a process was left running"


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def _left(folder: Path) -> list[str]:
    """The command lines of processes that name the folder; a database may take a moment to end."""
    for _ in range(100):
        found = [
            " ".join(words)
            for process in psutil.process_iter(["cmdline"])
            if str(folder) in " ".join(words := process.info["cmdline"] or [])
        ]
        if not found:
            return []
        time.sleep(0.1)
    return found


@dataclass(slots=True)
class Somebody:
    """Somebody at a browser, signed in."""

    page: Page
    context: BrowserContext

    def go(self, path: str, *, status: int = 200) -> str:
        """The words of the page at `path`, which must leave nobody out."""
        answer = self.page.goto(path)
        return self._read(answer, status)

    def find(self, name: str) -> str:
        """The words of the page that opens when the person of that name is found and chosen."""
        self.page.goto("/people")
        self.page.get_by_label("NHS number, or name and date of birth").fill(name)
        self.press("Find")
        with self.page.expect_navigation() as going:
            self.page.get_by_role("link", name=name).click()
        return self._read(going.value, None)

    def follow(self, link: str | re.Pattern[str], *, within: str = "main") -> str:
        """The words of the page that a link leads to."""
        with self.page.expect_navigation() as going:
            self.page.locator(within).get_by_role("link", name=link).first.click()
        return self._read(going.value, 200)

    def press(self, button: str | re.Pattern[str], *, status: int = 200) -> str:
        """The words of the page that a button leads to."""
        with self.page.expect_navigation() as going:
            self.page.get_by_role("button", name=button).first.click()
        return self._read(going.value, status)

    def words(self) -> str:
        """What the page says."""
        return self.page.locator("body").inner_text()

    @property
    def here(self) -> str:
        """The path of the page."""
        return re.sub(r"^https?://[^/]+", "", self.page.url).split("?")[0]

    def _read(self, answer: Response | None, status: int | None) -> str:
        assert answer is not None
        assert status in (None, answer.status), (self.page.url, answer.status)
        assert_accessible(self.page)
        return self.words()


def signed_in(browser: Browser, address: str, name: str) -> Somebody:
    """Somebody signed in by the button with their name."""
    context = browser.new_context(viewport=SCREEN, base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile(f"^{name}")).click()
    return Somebody(page, context)
