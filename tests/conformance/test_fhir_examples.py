"""The official R4 examples, written and read back: equal in meaning, decimals exact.

A reference to a patient leads to one who is there. What is refused is refused for one of these
reasons: it does not name one patient whom anybody here knows, or it is a Questionnaire whose items
lack the `linkId` that R4 requires or that are a `display` with items (187 of the 906), or one of
four that refer to a resource of a type that R4 does not allow there, or a Subscription, which is
kept where there is a topic and a receiver for it, or a Consent, which has an address of its own.
`WHOLERECORD_SOAK=1` writes all of them.
"""

import os
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.conformance.fhir_server import Client, doorway, patient
from wholerecord.record import canonical, read_json

DATA = Path(__file__).parents[3] / "shared" / "data" / "fhir-r4-core" / "r4-examples.zip"
EVERY = 1 if os.environ.get("WHOLERECORD_SOAK") else 12


def examples():
    with zipfile.ZipFile(DATA) as held:
        for name in sorted(held.namelist()):
            if name.endswith(".json"):
                yield name, held.read(name)


def said(body):
    """What a resource says, without what the server says of it and where references lead."""
    value = read_json(body)
    value.pop("id", None)
    meta = value.get("meta", {})
    for name in ("versionId", "lastUpdated"):
        meta.pop(name, None)
    if not meta:
        value.pop("meta", None)
    return re.sub(rb'"reference":"[^"#][^"]*"', b'"reference":"there"', canonical(value))


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_file(), reason="the published payloads are not beside the project")
async def test_official_examples_come_back_as_they_were(store):
    ask = Client(await doorway(store))
    made = await ask.made(patient())
    became = Counter()
    for n, (name, published) in enumerate(examples()):
        if n % EVERY:
            continue
        there = b'"reference":"Patient/%s"' % made["id"].encode()
        body = re.sub(rb'"reference"\s*:\s*"Patient/[^"]*"', there, published)
        kind = read_json(body)["resourceType"]
        answer = await ask("POST", kind, body)
        became[answer.status_code] += 1
        if answer.status_code == 201:
            again = await ask("GET", f"{kind}/{answer.json()['id']}")
            assert again.status_code == 200, name
            assert said(again.content) == said(body), name
            continue
        assert answer.status_code == 422, (name, answer.text)
        issue = answer.json()["issue"][0]
        place = issue.get("expression", [""])[0]
        left_out = kind == "Questionnaire" and place.endswith(".linkId")
        elsewhere = place.endswith(".reference") and issue["code"] == "value"
        assert (
            kind in {"Subscription", "Consent"}
            or left_out
            or elsewhere
            or "patient" in issue["diagnostics"]
        ), (name, issue)
    assert became[201] > 0.6 * became.total()
