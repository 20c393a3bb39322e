"""Each interaction has a page, which says of which statuses it answers and where it is tested."""

import re
from pathlib import Path

import pytest

from tests.unit.test_routes import table

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/reference/fhir").glob("*.md"))
#: What answers everything else, what signs in, and what is described elsewhere.
ELSEWHERE = re.compile(r"\{rest:path\}|\.well-known|openapi\.json|websocket|/intake/")


def asked(page):
    """The requests a page lists, as the routes write them below either base."""
    found = re.findall(r"^- `([A-Z]+) (?:/record/fhir)?([^`]*)`$", page.read_text(), re.MULTILINE)
    return {f"{method} {path}" for method, path in found}


def routed():
    for route in table():
        method, path = route.split(" ")
        for base in ("/record/fhir", "/fhir"):
            if path.startswith(base) and not ELSEWHERE.search(path):
                yield f"{method} {path.removeprefix(base) or '/'}"
                break


def test_every_route_below_fhir_is_on_a_page():
    listed = set().union(*map(asked, PAGES))
    missing = set(routed()) - listed - {"GET /AuditEvent"}
    assert not {one for one in missing if "Consent" not in one}


def test_no_page_lists_a_request_that_nothing_answers():
    known = set(routed())
    for page in PAGES:
        assert asked(page), page.name
        assert asked(page) <= known, (page.name, asked(page) - known)


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.stem)
def test_a_page_has_statuses_and_tests_that_there_are(page):
    text = page.read_text()
    rows = re.findall(r"^\| ([0-9]{3}(?:, [0-9]{3})*|any [^|]*) \| \S", text, re.MULTILINE)
    assert len(rows) >= 1
    assert any(row.startswith("20") for row in rows)
    tests = re.findall(r"`(tests/[a-z0-9_/]+\.py)`", text)
    assert tests
    for one in tests:
        assert (ROOT / one).is_file(), one


def test_the_overview_leads_to_every_page():
    overview = (ROOT / "docs/reference/fhir.md").read_text()
    for page in PAGES:
        assert f"](fhir/{page.name})" in overview, page.name
