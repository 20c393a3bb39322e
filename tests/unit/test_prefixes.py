"""`startswith` and its like are not how an address or a path is judged.

Two published advisories for record servers were of that kind: `https://example.org.evil.example`
begins with `https://example.org`. What compares addresses compares their parts, and what is listed
here says why it may do otherwise. Of a new place this test asks for a reason, or for another way.
"""

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "wholerecord"
WORDS = re.compile(
    r"url|uri|href|path|addr|host|origin|location|redirect|base|scheme|database|https?:|urn:|//"
)
METHODS = {"startswith", "endswith"}

#: Why it decides nothing about where something goes or who may → the places and what they ask.
REASONS = {
    "the operator's own setting": [
        "cli/serve.py: party.provider.back.startswith('https:')",
        "settings.py: database.startswith(_SCHEMES)",
        "storage/open.py: database.startswith(_EMBEDDED)",
    ],
    "a JSON pointer, which RFC 6901 begins with a slash": [
        "intake/pds/correct.py: change.path.startswith('/')",
    ],
    "a fragment of the resource itself": [
        "fhir/search/path.py: address.startswith('#')",
    ],
    "urn: has no parts; of others segments are compared": [
        "fhir/search/uris.py: narrow.startswith('urn:')",
        "fhir/search/uris.py: wide.startswith('urn:')",
    ],
    "which of two routes it was, or which page led here: a door is asked in each": [
        "portal/paper/pages.py: visit.request.url.path.startswith('/people/')",
    ],
    "a name of somebody within a bundle, compared whole afterwards": [
        "intake/fhir/patient.py: full_url.startswith('urn:')",
        "intake/fhir/patient.py: base.startswith('https://')",
        "intake/fhir/reference.py: said.startswith('urn:')",
        "access/planned.py: change.full_url.startswith('urn:')",
        "fhir/bundle_entry.py: url.startswith(('http://', 'https://'))",
        "intake/fhir/whose.py: part.full_url.endswith(tail)",
    ],
    "which extension of FHIR it is, not where anything goes": [
        "intake/fhir/stu3/allergy.py: text(said.get('url')).endswith(_ENCOUNTER)",
        "intake/fhir/stu3/change.py: text(found.get('url')).endswith(ending)",
        "intake/fhir/stu3/patient.py: text(said.get('url')).endswith('NHSCommunication-1')",
        "fhir/profiles/shelf.py: url.startswith(_R4)",
        "access/envelope.py: name.endswith(('Uri', 'Url'))",
    ],
    "a place in a message, or the name of a code system": [
        "intake/hl7v2/site.py: address.startswith('MSH-')",
        "intake/hl7v2/datatypes.py: named.startswith(('http://', 'https://', 'urn:'))",
        "intake/hl7v2/numbered.py: universal.startswith(('http://', 'https://', 'urn:'))",
    ],
    "hidden files are no snapshots": [
        "research/snapshot.py: path.name.startswith('.')",
    ],
}
ALLOWED = {place for places in REASONS.values() for place in places}


def judged(tree: ast.Module) -> list[str]:
    """What is asked of addresses and paths by their beginning or end."""
    found: list[str] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in METHODS:
            said = ast.unparse(node)
            if WORDS.search(said.casefold()):
                found.append(said)
    return found


def places() -> dict[str, str]:
    """Each such question in the program: where it stands and what it says."""
    return {
        f"{file.relative_to(SOURCE).as_posix()}: {said}": said
        for file in sorted(SOURCE.rglob("*.py"))
        for said in judged(ast.parse(file.read_text("utf-8")))
    }


def test_no_address_or_path_is_judged_by_how_it_begins_or_ends():
    assert sorted(places().keys() - ALLOWED) == []


def test_no_reason_outlives_its_place():
    assert sorted(ALLOWED - places().keys()) == []


@pytest.mark.parametrize(
    "line",
    [
        "request.url.path.startswith('/admin')",
        "target.startswith('https://example.org')",
        "redirect_uri.startswith(known)",
        "host.endswith('.nhs.uk')",
        "str(file_path).startswith(str(root))",
    ],
)
def test_what_the_advisories_were_about_is_found(line):
    assert judged(ast.parse(line))
