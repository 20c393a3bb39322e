"""FHIR in XML: the same resources as in JSON, and the same record of them."""

import json

import pytest

from tests.unit.fhir_xml import as_xml
from tests.unit.messages import NHS, body, bundle, numbers, observation, of_kind, patient
from tests.unit.messages import refused as refused_by
from tests.unit.messages import said as said_by
from wholerecord.intake import Reading, Reason
from wholerecord.intake.fhir.read import read as read_json
from wholerecord.intake.recognise import read

DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Dear <b>colleague</b>,</p></div>'


def said(message):
    return said_by(read, message)


def refused(message):
    return refused_by(read, message)


def resource(inner, kind="Patient"):
    return f'<{kind} xmlns="http://hl7.org/fhir"><id value="p1"/>{inner}</{kind}>'.encode()


def only(reading):
    (one,) = reading.patients
    return body(one.sayings[0])


def test_what_repeats_is_a_list_even_when_it_is_said_once():
    one = only(said(resource('<name><family value="Okafor"/><given value="Grace"/></name>')))
    assert one["name"] == [{"family": "Okafor", "given": ["Grace"]}]


def test_a_number_keeps_the_digits_that_were_written():
    xml = resource(
        '<status value="final"/><code><text value="x"/></code><subject>'
        '<reference value="Patient/p1"/></subject><valueQuantity><value value="4.50"/>'
        "</valueQuantity>",
        "Observation",
    )
    (one,) = said(xml).patients[0].sayings
    assert b'"value":4.50' in one.body


@pytest.mark.parametrize("written", ["7", "7.0", "-0.10", "1E+2"])
def test_decimals_are_read_exactly(written):
    xml = resource(f'<extension url="u"><valueDecimal value="{written}"/></extension>')
    (one,) = said(xml).patients[0].sayings
    assert json.loads(one.body, parse_float=str, parse_int=str)["extension"] == [
        {"url": "u", "valueDecimal": written}
    ]


def test_true_and_whole_numbers_are_no_texts():
    one = only(said(resource('<active value="true"/><multipleBirthInteger value="2"/>')))
    assert (one["active"], one["multipleBirthInteger"]) == (True, 2)


def test_an_extension_on_a_primitive_stands_beside_it():
    xml = resource(
        '<birthDate value="1970-03-30"><extension url="u"><valueTime value="10:00:00"/>'
        "</extension></birthDate>"
        '<name><given id="g"/><given value="Grace"/><given><extension url="v">'
        '<valueString value="?"/></extension></given></name>'
    )
    one = only(said(xml))
    assert one["_birthDate"] == {"extension": [{"url": "u", "valueTime": "10:00:00"}]}
    assert one["name"][0]["given"] == [None, "Grace", None]
    held = {"extension": [{"url": "v", "valueString": "?"}]}
    assert one["name"][0]["_given"] == [{"id": "g"}, None, held]


def test_a_narrative_is_kept_as_it_was_written():
    one = only(said(resource(f'<text><status value="generated"/>{DIV}</text>')))
    assert one["text"] == {"status": "generated", "div": DIV}


def test_contained_resources_are_read():
    xml = resource(
        "<contained><Organization><id value='o'/><name value='Elm Surgery'/></Organization>"
        "</contained>"
    )
    assert only(said(xml))["contained"] == [
        {"resourceType": "Organization", "id": "o", "name": "Elm Surgery"}
    ]


def test_a_namespace_prefix_and_utf_16_change_nothing():
    xml = (
        '<?xml version="1.0" encoding="{}"?><f:Patient xmlns:f="http://hl7.org/fhir">'
        '<f:id value="p1"/><f:active value="true"/></f:Patient>'
    )
    plain = said(xml.format("utf-8").encode())
    wide = said(xml.format("utf-16").encode("utf-16"))
    assert only(plain) == only(wide) == {"resourceType": "Patient", "id": "p1", "active": True}


MESSAGE = [
    {**patient("p1"), "identifier": [{"system": NHS, "value": "9990000018"}]},
    observation("Patient/p1"),
]


def as_type(kind):
    made = bundle(*MESSAGE, type=kind)
    if kind in {"transaction", "batch"}:
        for entry in made["entry"]:
            entry["request"] = {"method": "POST", "url": entry["resource"]["resourceType"]}
    return made


@pytest.mark.parametrize(
    "kind", ["transaction", "batch", "collection", "searchset", "document", "message", "history"]
)
def test_every_kind_of_bundle_reads_the_same_in_xml_and_json(kind):
    made = as_type(kind)
    in_json, in_xml = said_by(read_json, made), said(as_xml(made))
    assert in_xml == in_json
    assert [one.kind for one in in_xml.patients[0].sayings] in (
        ["Patient", "Observation"],
        ["Observation", "Patient"],
    )


def test_stu3_is_told_from_its_profile_and_made_r4():
    xml = resource(
        "<meta><profile value='https://fhir.hl7.org.uk/STU3/StructureDefinition/"
        "CareConnect-Condition-1'/></meta><clinicalStatus value='active'/>"
        "<verificationStatus value='confirmed'/><code><text value='Asthma'/></code>"
        "<subject><reference value='Patient/p1'/></subject><assertedDate value='2019-03-02'/>",
        "Condition",
    )
    (one,) = of_kind(said(xml), "Condition")
    assert one["clinicalStatus"]["coding"][0]["code"] == "active"
    assert one["recordedDate"] == "2019-03-02"


def test_an_element_fhir_does_not_have_is_kept():
    one = only(said(resource("<newFangled value='1'/><newFangled value='2'/>")))
    assert one["newFangled"] == ["1", "2"]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (resource("<active>true</active>"), Reason.NOT_FHIR),
        (resource('<x:y xmlns:x="urn:other"/>'), Reason.NOT_FHIR),
        (resource("<active value='maybe'/><deceasedBoolean value='perhaps'/>"), Reason.NOT_FHIR),
        (resource("<contained/>"), Reason.NOT_FHIR),
        (resource("<name>"), Reason.BAD_XML),
        (b"<!DOCTYPE x>" + resource(""), Reason.BAD_XML),
        (resource("<extension>" * 150 + "</extension>" * 150), Reason.TOO_LARGE),
        (resource("<a>" * 5000 + "</a>" * 5000), Reason.TOO_LARGE),
    ],
)
def test_what_is_not_fhir_says_why(xml, reason):
    assert refused(xml).reason in {reason, Reason.BAD_XML}
    assert "maybe" not in str(refused(xml))


def test_the_place_of_a_fault_names_the_element_and_no_value():
    assert refused(resource("<active>true</active>")).place == "/Patient/active"


def test_the_patients_of_a_bundle_are_kept_apart():
    reading = said(as_xml(bundle(patient("p1"), patient("p2"), observation("Patient/p2"))))
    assert isinstance(reading, Reading)
    assert numbers(reading) == ["p1", "p2"]
