"""FHIR in XML: what is written is read again as it was, and nothing in it is anything but data."""

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from wholerecord.fhir.formats import from_xml
from wholerecord.fhir.problem import Problem
from wholerecord.fhir.validation.narrative import is_narrative
from wholerecord.fhir.xml import as_xml
from wholerecord.intake.fhir.xml_tree import tree
from wholerecord.intake.markup import parse
from wholerecord.record import read_json

EXAMPLES = Path(__file__).parents[3] / "shared" / "data" / "fhir-r4-core" / "r4-examples.zip"
XHTML = "http://www.w3.org/1999/xhtml"


def again(resource):
    return tree(parse(as_xml(resource)))


def test_what_is_written_is_read_again_as_it_was():
    resource = {
        "resourceType": "Observation",
        "id": "a",
        "meta": {"tag": [{"system": "s", "code": "<&\"'>"}]},
        "text": {"status": "generated", "div": f'<div xmlns="{XHTML}"><p>Zoë &amp; co</p></div>'},
        "contained": [{"resourceType": "Patient", "id": "p", "active": False}],
        "extension": [{"url": "http://e", "valueDecimal": Decimal("1.50")}],
        "status": "final",
        "_status": {"id": "s1", "extension": [{"url": "http://f", "valueBoolean": True}]},
        "code": {"coding": [{"code": "x"}], "text": "line one\nline\ttwo"},
        "effectiveDateTime": "2026-03-02",
        "valueQuantity": {"value": Decimal("4.50"), "unit": "mmol/L"},
        "component": [{"code": {"text": "c"}, "valueInteger": 3, "id": "k"}],
    }
    assert again(resource) == resource


def test_elements_stand_in_the_order_of_their_definition():
    said = as_xml(
        {"resourceType": "Patient", "birthDate": "1948", "name": [{"given": ["G"]}], "id": "1"}
    ).decode()
    assert said == (
        '<Patient xmlns="http://hl7.org/fhir"><id value="1"/><name><given value="G"/></name>'
        '<birthDate value="1948"/></Patient>'
    )


def test_what_a_list_of_primitives_lacks_keeps_its_place():
    named = {"given": ["A", None], "_given": [None, {"extension": [{"url": "u"}]}]}
    assert again({"resourceType": "Patient", "name": [named]}) == {
        "resourceType": "Patient",
        "name": [named],
    }


@pytest.mark.parametrize(
    "div",
    [
        "</div></text><id value='x'/>",
        f'<div xmlns="{XHTML}"><script>alert(1)</script></div>',
        f'<div xmlns="{XHTML}"><p onclick="x()">words</p></div>',
        f'<div xmlns="{XHTML}"><a href=" java\tscript:x()">words</a></div>',
        f'<div xmlns="{XHTML}"><a href="javascript:x()">words</a></div>',
        f'<div xmlns="{XHTML}"><img src="data:text/html,x"/></div>',
        f'<div xmlns="{XHTML}"><p style="background:url(http://x)">words</p></div>',
        f'<div xmlns="{XHTML}"><iframe src="http://x"/></div>',
        f'<div xmlns="{XHTML}"><form><input/></form></div>',
        f'<div xmlns="{XHTML}"><svg xmlns="http://www.w3.org/2000/svg"/></div>',
        f'<div xmlns="{XHTML}"><p>&nbsp;</p></div>',
        f'<div xmlns="{XHTML}"><?php x ?></div>',
        f'<!DOCTYPE x [<!ENTITY a "b">]><div xmlns="{XHTML}">&a;</div>',
        "<div>no namespace</div>",
        "plain words \x00\ud800 <b",
        "<div" * 1000,
    ],
)
def test_a_narrative_that_is_not_plain_xhtml_is_refused_and_written_as_words_alone(div):
    assert not is_narrative(div)
    resource = {"resourceType": "Patient", "text": {"status": "generated", "div": div}}
    root = parse(as_xml(resource))
    [written] = root.iter(f"{{{XHTML}}}div")
    assert len(written) == 0
    assert not written.attrib
    assert [one.tag.rpartition("}")[2] for one in root.iter()] == [
        *("Patient", "text", "status", "div")
    ]


def test_a_plain_narrative_is_one():
    for div in (
        f'<div xmlns="{XHTML}"> </div>',
        f'<div xmlns="{XHTML}" xml:lang="en"><table style="width: 3px"><tr/></table></div>',
        f'<div xmlns="{XHTML}"><a href="#p">x</a><a href="https://x/y">y</a><br/></div>',
        f'<div xmlns="{XHTML}"><img src="data:image/png;base64,AAAA" alt="x"/></div>',
    ):
        assert is_narrative(div), div


def test_what_is_no_element_of_fhir_cannot_break_out():
    resource = {
        "resourceType": "Pat<ient",
        "a b": 1,
        "x><y": {"z": 1},
        "odd": [[1], {"": ""}, "\x01"],
    }
    assert parse(as_xml(resource)).tag == "{http://hl7.org/fhir}Basic"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"<Patient/>",
        b'<Patient xmlns="http://other"/>',
        b'<!DOCTYPE a><Patient xmlns="http://hl7.org/fhir"/>',
        b'<Patient xmlns="http://hl7.org/fhir">words</Patient>',
        b'<Patient xmlns="http://hl7.org/fhir"><a xmlns="http://o"/></Patient>',
        b'<P xmlns="http://hl7.org/fhir">' + b"<a>" * 5000 + b"</a>" * 5000 + b"</P>",
    ],
)
def test_what_is_not_fhir_in_xml_is_told(body):
    with pytest.raises(Problem) as caught:
        from_xml(body)
    assert caught.value.status == 400


@pytest.mark.shared_data
@pytest.mark.skipif(not EXAMPLES.is_file(), reason="the published examples are not beside us")
def test_the_published_examples_are_read_again_as_they_were():
    asked = 0
    with zipfile.ZipFile(EXAMPLES) as archive:
        for name in sorted(archive.namelist())[::9]:
            resource = read_json(archive.read(name)) if name.endswith(".json") else {}
            if "resourceType" in resource:
                asked += 1
                assert undivided(again(resource)) == undivided(resource), name
    assert asked > 90


def undivided(value):
    """The same without narratives, whose blanks and attributes XML writes its own way."""
    if isinstance(value, dict):
        return {name: undivided(one) for name, one in value.items() if name != "div"}
    return [undivided(one) for one in value] if isinstance(value, list) else value
