"""XML Patch (RFC 5261): the published cases, and a resource changed by one."""

from pathlib import Path

import pytest
from lxml import etree

from wholerecord.fhir.problem import Problem
from wholerecord.fhir.xml_patch import apply, changed, operations

DATA = Path(__file__).parents[3] / "shared" / "data" / "fhir-test-cases" / "patch"
#: Comments and namespace declarations are no part of a resource here.
NOT_HERE = frozenset(
    {
        "A.3.  Adding a Prefixed Namespace Declaration",
        "A.4.  Adding a Comment Node with the 'pos' Attribute",
        "A.9.  Replacing a Comment Node",
        "A.15.  Removing a Comment Node",
    }
)
ANN = {
    "resourceType": "Patient",
    "id": "a",
    "active": True,
    "name": [{"family": "Okafor", "given": ["Ann"]}, {"family": "Bell"}],
    "birthDate": "1948-03-02",
}


def patch(*said):
    return operations(f"<diff xmlns='http://hl7.org/fhir'>{''.join(said)}</diff>".encode())


def done(*said, resource=None):
    try:
        return changed(resource or ANN, patch(*said))
    except Problem as problem:
        return problem.status


def test_what_a_selector_names_is_replaced_removed_and_added_to():
    assert done(
        '<replace sel="Patient/birthDate/@value">1949-03-02</replace>',
        '<remove sel="f:Patient/f:name[2]"/>',
        '<add sel="Patient/name[1]"><given value="Ngozi"/></add>',
        '<add sel="Patient/active" pos="after"><gender value="female"/></add>',
        '<add sel="/Patient/name[1]/given[@value=\'Ann\']" type="@id">first</add>',
    ) == {
        "resourceType": "Patient",
        "id": "a",
        "active": True,
        "name": [
            {"family": "Okafor", "given": ["Ann", "Ngozi"], "_given": [{"id": "first"}, None]}
        ],
        "gender": "female",
        "birthDate": "1949-03-02",
    }


def test_in_a_list_the_order_is_as_the_patch_says():
    def families(*said):
        return [one["family"] for one in done(*said)["name"]]

    new = '<name><family value="New"/></name>'
    assert families(f'<add sel="Patient" pos="prepend">{new}</add>') == ["New", "Okafor", "Bell"]
    assert families(f'<add sel="Patient">{new}</add>') == ["Okafor", "Bell", "New"]
    before = f'<add sel="Patient/name[2]" pos="before">{new}</add>'
    assert families(before) == ["Okafor", "New", "Bell"]
    after = f'<add sel="Patient/name[1]" pos="after">{new}</add>'
    assert families(after) == ["Okafor", "New", "Bell"]


def test_decimals_stay_as_they_were_written():
    weight = {"resourceType": "Observation", "valueQuantity": {"value": 1, "unit": "kg"}}
    said = '<replace sel="Observation/valueQuantity/value/@value">4.50</replace>'
    assert str(changed(weight, patch(said))["valueQuantity"]["value"]) == "4.50"


@pytest.mark.parametrize(
    "bad",
    [
        '<remove sel="Patient/name"/>',  # two of them
        '<remove sel="Patient/gender"/>',  # none
        '<remove sel="Patient/name[3]"/>',
        '<remove sel="Patient"/>',
        '<remove sel="x:Patient/x:name[1]"/>',
        '<remove sel=""/>',
        '<remove sel="Patient//name"/>',
        '<remove sel="Patient/name[last()]"/>',
        '<remove sel="count(Patient/name)"/>',
        '<replace sel="Patient/birthDate"/>',
        '<replace sel="Patient/birthDate/@value"><a/></replace>',
        '<add sel="Patient/birthDate/@value">x</add>',
        '<add sel="Patient/birthDate" type="@value">x</add>',
        '<add sel="Patient" pos="before"><active value="true"/></add>',
        '<add sel="Patient" pos="beside"><active value="true"/></add>',
        '<add sel="Patient">words</add>',
        '<add sel="Patient"><x xmlns="urn:x"/></add>',
    ],
)
def test_an_operation_that_cannot_be_done_is_422(bad):
    assert done(bad) == 422, bad


@pytest.mark.parametrize("bad", [b"", b"{}", b"<diff/>", b"<diff><test/></diff>", b"<!DOCTYPE a>"])
def test_what_is_no_patch_is_400(bad):
    with pytest.raises(Problem) as told:
        operations(bad)
    assert told.value.status == 400


def test_a_patch_of_too_many_operations_is_413():
    with pytest.raises(Problem) as told:
        patch('<remove sel="Patient/active"/>' * 1001)
    assert told.value.status == 413


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the published payloads are not beside the project")
def test_the_published_cases_do_what_they_say():
    plain = etree.XMLParser(remove_blank_text=True, remove_comments=True)

    def written(at):
        copy = etree.fromstring(etree.tostring(at, with_tail=False), plain)
        etree.cleanup_namespaces(copy)
        return etree.tostring(copy, method="c14n")

    asked = 0
    for case in etree.parse(str(DATA / "xml-patch-tests.xml"), plain).getroot():
        target = next(iter(case.find("target")), None)
        if target is None or case.get("name") in NOT_HERE:
            continue  # a resource is always there
        asked += 1
        root = etree.fromstring(etree.tostring(target, with_tail=False), plain)
        try:
            apply(root, operations(etree.tostring(case.find("{*}patch"), with_tail=False)))
        except Problem:
            assert case.find("error") is not None, case.get("name")
            continue
        assert case.find("error") is None, case.get("name")
        assert written(root) == written(case.find("patched")[0]), case.get("name")
    assert asked > 15
