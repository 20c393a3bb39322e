"""CDA as its publishers wrote it: all of it is read, and means what its publishers say it means.

The documents stand beside the project and are never part of it; without them these are skipped.
"""

import json
import zipfile
from base64 import b64decode
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.unit.messages import kept
from wholerecord.intake import Reading, Reason, Unreadable
from wholerecord.intake.cda import read

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the published payloads are not beside the project"
    ),
]
ITK = DATA / "nhs111-cda" / "doc"
#: Published with the answer to another request: other telephone, postcode and times.
ANSWER_TO_ANOTHER = "repeat-caller-itk-request.xml"
ORACLE = DATA / "hl7v2-oracles" / "ms-fhir-converter-expected.zip"


def documents(folder):
    return sorted(path for path in (DATA / folder).rglob("*") if path.suffix in {".xml", ".ccda"})


def said(body):
    reading = read(kept(body))
    assert isinstance(reading, Reading)
    return [
        json.loads(one.body)
        for patient in reading.patients
        for one in patient.sayings
        if not one.place.startswith("payload[") or one.place.startswith("payload[1]")
    ]


def of(resources, kind):
    return [one for one in resources if one["resourceType"] == kind]


@pytest.mark.parametrize(("folder", "least"), [("cda", 0.25), ("nhs111-cda", 0.85)])
def test_every_document_is_read_or_parked_with_a_reason(folder, least):
    became: Counter[str] = Counter()
    for path in documents(folder):
        reading = read(kept(path.read_bytes()))
        if isinstance(reading, Unreadable):
            became[reading.fault.reason.name] += 1
            continue
        became["filed"] += 1
        became.update(f"part {fault.reason.name}" for fault in reading.faults)
        for patient in reading.patients:
            kinds = Counter(one.kind for one in patient.sayings)
            assert kinds["DocumentReference"] == kinds["Patient"] > 0
    # What is parked are fragments that are no document, and files that are no XML.
    assert set(became) <= {
        *("filed", "part BAD_VALUE", "part NOT_READ_YET", "part NOT_TEXT", "part EMPTY"),
        *(Reason.BAD_XML.name, Reason.NOT_READ_YET.name, Reason.NO_PATIENT.name),
    }
    assert became["filed"] >= least * sum(n for name, n in became.items() if "part" not in name)


def person(patient):
    return {
        "name": [(one.get("family"), one.get("given")) for one in patient["name"]],
        "born": patient.get("birthDate"),
        "sex": patient.get("gender"),
        "postcodes": [one.get("postalCode") for one in patient.get("address", ())],
        "telephones": [
            one["value"].partition(":")[2] or one["value"] for one in patient.get("telecom", ())
        ],
        "nhs": [
            (one["value"], one["extension"][0]["valueCodeableConcept"]["coding"][0]["code"])
            for one in patient.get("identifier", ())
            if one.get("system", "").endswith("nhs-number")
        ],
    }


def moments(period):
    return {name: datetime.fromisoformat(text) for name, text in period.items()}


def codes(conditions):
    return sorted(
        one["code"]["coding"][0]["code"] for one in conditions if one.get("code", {}).get("coding")
    )


def titles(sections):
    for one in sections:
        yield one.get("title", "")
        yield from titles(one.get("section", ()))


@pytest.mark.parametrize("path", sorted((ITK / "xml").glob("*.xml")), ids=lambda path: path.stem)
def test_an_nhs_111_report_means_what_the_nhs_says_it_means(path):
    if path.name == ANSWER_TO_ANOTHER:
        pytest.skip("its answer is of another request")
    result = path.name.replace("-itk-request.xml", "-fhir-result.json")
    expected = [
        one["resource"] for one in json.loads((ITK / "json" / result).read_bytes())["entry"]
    ]
    found = said(path.read_bytes())
    [patient], [theirs] = of(found, "Patient"), of(expected, "Patient")
    assert person(patient) == person(theirs)
    [visit], [contact] = of(found, "Encounter"), of(expected, "Encounter")
    assert moments(visit["period"]) == moments(contact["period"])
    assert {one["value"] for one in visit["identifier"]} == {
        one["value"] for one in contact["identifier"]
    }
    assert codes(of(found, "Condition")) == codes(of(expected, "Condition"))
    [letter], [composition] = of(found, "DocumentReference"), of(expected, "Composition")
    assert moments({"at": letter["date"]}) == moments({"at": composition["date"]})
    text = b64decode(letter["content"][0]["attachment"]["data"]).decode()
    # The titles that the NHS's adaptor adds to a document are types of FHIR.
    own = [title for title in titles(composition["section"]) if " " in title]
    assert own
    assert all(title in text for title in own)


CODED = {
    "Condition": "code",
    "AllergyIntolerance": "code",
    "Immunization": "vaccineCode",
    "Procedure": "code",
    "Observation": "code",
    "MedicationStatement": "medicationCodeableConcept",
    "MedicationRequest": "medicationCodeableConcept",
}


def coded(resources):
    """(kind, code) of every coding of what is filed; both ways to say a medicine are one kind."""
    return {
        (kind.replace("Statement", "Request"), coding["code"])
        for kind, name in CODED.items()
        for one in of(resources, kind)
        for coding in one.get(name, {}).get("coding", ())
        if "code" in coding
    }


def test_c_cda_documents_say_what_another_converter_reads_in_them():
    """Compares codes with those of Microsoft's converter, over all its examples."""
    agreed, theirs_alone = Counter[str](), Counter[str]()
    with zipfile.ZipFile(ORACLE) as archive:
        results = {
            name.rpartition("/")[2].removesuffix("-expected.json"): name
            for name in archive.namelist()
            if "/Ccda/" in name and name.endswith(".json")
        }
        for path in documents("cda/ms-fhir-converter"):
            name = results.get(path.stem) or results.get(path.name)
            if name is None:
                continue
            expected = [one["resource"] for one in json.loads(archive.read(name))["entry"]]
            ours, theirs = coded(said(path.read_bytes())), coded(expected)
            agreed.update(kind for kind, _ in theirs & ours)
            theirs_alone.update(kind for kind, _ in theirs - ours)
    assert agreed
    assert agreed.total() >= 0.92 * (agreed.total() + theirs_alone.total())
