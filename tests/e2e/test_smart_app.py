"""An app in a browser, made with the SMART JavaScript client: let in, and shown what it may see."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.unit.door_web import client
from tests.unit.smart_site import app, served, world

LIBRARY = (
    Path(__file__).parents[1] / "unit/node_clients/node_modules/fhirclient/build/fhir-client.min.js"
)
MISSING = "run tests/unit/node_clients/fetch.sh, which needs npm and a network"
LAUNCH = """<!doctype html><script src="fhir-client.min.js"></script><script>
FHIR.oauth2.authorize({{
  clientId: "chart", iss: "{iss}", redirectUri: "back.html",
  scope: "launch/patient patient/Observation.rs patient/Patient.rs"
}})
</script>"""
BACK = """<!doctype html><h1>Chart</h1><ul></ul><p></p>
<script src="fhir-client.min.js"></script><script>
const line = (words) => {
  document.querySelector("ul").appendChild(document.createElement("li")).textContent = words
}
FHIR.oauth2.ready().then(async (client) => {
  const who = await client.patient.read()
  document.querySelector("h1").textContent = who.name[0].family
  const found = await client.request(
    `Observation?patient=${client.patient.id}&_count=1`, { pageLimit: 0, flat: true })
  found.map((one) => one.code.text).sort().forEach(line)
  const refused = await client.request(`Condition?patient=${client.patient.id}`)
    .then(() => "let in", (error) => `refused ${error.status}`)
  document.querySelector("p").textContent = refused
}).catch((error) => { document.querySelector("p").textContent = `${error}` })
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def pages(folder: Path) -> Iterator[str]:
    """The app's own pages, at an origin that is not the record's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def app_pages(folder: Path, address: str, count: int = 1) -> Iterator[str]:
    """Where the app's pages are, which ask the record at `address`, `count` results at a time."""
    (folder / "fhir-client.min.js").write_bytes(LIBRARY.read_bytes())
    (folder / "launch.html").write_text(LAUNCH.format(iss=f"{address}/record/fhir"))
    (folder / "back.html").write_text(BACK.replace("_count=1", f"_count={count}"))
    with pages(folder) as own:
        yield own


def _in_a_thread(work):
    """What `work` gives: beside the browser's own loop no other runs in this thread."""
    found = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.browser
@pytest.mark.skipif(not LIBRARY.is_file(), reason=MISSING)
def test_an_app_by_the_smart_client_is_let_in_and_sees_what_it_was_let_in_to(
    browser: Browser, tmp_path: Path
) -> None:
    here = _in_a_thread(world())
    with served(here.web) as address, app_pages(tmp_path, address) as own:
        chart = app("chart", redirects=(f"{own}/back.html",))
        _in_a_thread(here.apps.add_app(chart))
        context = browser.new_context()
        cookie = client(here.web, "PATIENT").cookies["wholerecord"]
        context.add_cookies([{"name": "wholerecord", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{own}/launch.html")
        page.get_by_role("button", name="Let it in", exact=True).click()
        expect(page.get_by_role("heading")).to_have_text("EXAMPLE")
        expect(page.get_by_role("listitem")).to_have_text(["Heart rate", "Potassium"])
        expect(page.locator("p")).to_have_text("refused 403")
        context.close()
