"""FHIR in XML against the definitions and examples that HL7 publishes."""

import gzip
import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.unit.fhir_xml import as_xml
from tests.unit.messages import kept
from wholerecord.intake import Reading
from wholerecord.intake.fhir.xml_elements import Shape, elements
from wholerecord.intake.fhir.xml_tree import tree
from wholerecord.intake.markup import parse
from wholerecord.intake.recognise import read
from wholerecord.record import read_json

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the published payloads are not beside the project"
    ),
]
EVERY = 1 if os.environ.get("WHOLERECORD_SOAK") else 7
NUMBERS = {"decimal": "n", "integer": "i", "positiveInt": "i", "unsignedInt": "i", "boolean": "b"}


def definitions():
    for name in ("profiles-resources", "profiles-types"):
        held = json.loads(gzip.decompress((DATA / f"fhir-r4-core/{name}.json.gz").read_bytes()))
        for entry in held["entry"]:
            made = entry["resource"]
            if made["resourceType"] == "StructureDefinition" and made["kind"] != "primitive-type":
                yield made


def test_which_elements_repeat_is_what_the_definitions_say():
    table, checked = elements(""), 0
    for made in definitions():
        if made.get("derivation") == "constraint" or made["name"] == "MetadataResource":
            continue
        for element in made["snapshot"]["element"][1:]:
            owner, _, name = element["path"].rpartition(".")
            if name.endswith("[x]") or element["max"] == "0":
                continue
            codes = [one["code"] for one in element.get("type", ())]
            shape = table.shape(owner, name)
            assert shape.many == (element["max"] != "1"), element["path"]
            if codes and codes[0] in NUMBERS:
                assert shape == Shape(many=shape.many, kind=NUMBERS[codes[0]]), element["path"]
            checked += 1
    assert checked > 5000


def test_every_official_example_is_the_same_tree_in_xml():
    """Written as XML and read again: nothing is lost, whatever the type."""
    with zipfile.ZipFile(DATA / "fhir-r4-core/r4-examples.zip") as held:
        names = sorted(name for name in held.namelist() if name.endswith(".json"))[::EVERY]
        differing = []
        for name in names:
            said = read_json(held.read(name))
            if '"div"' in json.dumps(said, default=str):
                _without_narrative(said)
            root = parse(as_xml(said))
            if tree(root) != said:
                differing.append(name)
    assert differing == []


def _without_narrative(said):
    """Two spellings of one XHTML are not one text: narratives have their own test."""
    if isinstance(said, dict):
        if isinstance(said.get("text"), dict):
            said["text"].pop("div", None)
        for one in said.values():
            _without_narrative(one)
    elif isinstance(said, list):
        for one in said:
            _without_narrative(one)


def test_every_uk_core_example_is_read_or_says_why():
    for path in sorted((DATA / "uk-core/examples").glob("*.xml")):
        result = read(kept(path.read_bytes()))
        if not isinstance(result, Reading):
            assert result.fault.reason.name in {"NO_PATIENT", "PATIENT_UNKNOWN"}, path.name
