"""The FHIR read side: what an entry becomes, and what a wrong request gets."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from starlette.datastructures import QueryParams

from wholerecord.errors import Incorrect
from wholerecord.fhir.query import only
from wholerecord.fhir.record.entries import TYPES, entry
from wholerecord.fhir.record.metadata import capability
from wholerecord.fhir.record.worked_out import WORKED_OUT
from wholerecord.fold import Coding, Condition, Entry, Kind, Measure, Medicine, Said
from wholerecord.nhs import PartialDate
from wholerecord.record import MessageId, PatientKey, PersonId, canonical

PERSON = PersonId("a" * 32)
SNOMED = "http://snomed.info/sct"


def said(source, words):
    return Said(
        patient=PatientKey(source, "1").id,
        t=1,
        n=0,
        source=source,
        kind="Condition",
        id="c1",
        message=MessageId(9),
        place="DG1[1]",
        received=datetime(2026, 3, 2, tzinfo=UTC),
        recorded=None,
        when=None,
        words=words,
        codes=(),
        status="active",
    )


def an_entry(kind, detail, **more):
    return Entry(
        kind=kind,
        title="Ischaemic stroke",
        code=Coding(system=SNOMED, code="422504002"),
        when=PartialDate.parse("2024-05-01"),
        until=None,
        status="active",
        said_by=(said("acute", "CVA"), said("gp", "Stroke")),
        why="",
        detail=detail,
        **more,
    )


def test_an_entry_says_who_said_it_in_which_words():
    resource = entry(PERSON, an_entry(Kind.CONDITION, Condition()))
    words = [
        part["valueString"]
        for extension in resource["extension"]
        for part in extension["extension"]
        if part["url"] == "words"
    ]
    assert words == ["CVA", "Stroke"]
    assert resource["subject"] == {"reference": f"Patient/{PERSON}"}
    assert resource["clinicalStatus"]["coding"][0]["code"] == "active"


def test_a_suspected_condition_is_not_served_as_confirmed():
    resource = entry(PERSON, an_entry(Kind.CONDITION, Condition(certainty="suspected")))
    assert resource["verificationStatus"]["coding"][0]["code"] == "provisional"


def test_a_result_is_served_with_the_precision_it_was_sent_with():
    measure = Measure(value="4.50", number=Decimal("4.50"), unit="mmol/L")
    resource = entry(PERSON, an_entry(Kind.RESULT, measure))
    assert b'"value":4.50}' in canonical(resource)


def test_dose_text_is_served_as_it_was_said():
    detail = Medicine(substance="Apixaban", doses=("ONE to be taken TWICE a day",))
    resource = entry(PERSON, an_entry(Kind.MEDICINE, detail))
    assert resource["dosage"] == [{"text": "ONE to be taken TWICE a day"}]


def test_every_kind_is_served_as_some_type_and_the_statement_of_capability_lists_it():
    assert set(TYPES) == set(Kind)
    [rest] = capability("0", "2026-01-01")["rest"]
    served = {resource["type"] for resource in rest["resource"] if "interaction" in resource}
    assert served == {"Patient", "Person", "Provenance", *TYPES.values(), *WORKED_OUT}


def test_the_statement_of_capability_lists_every_parameter_by_its_definition():
    [rest] = capability("0", "2026-01-01")["rest"]
    [observation] = [one for one in rest["resource"] if one["type"] == "Observation"]
    by_name = {one["name"]: one for one in observation["searchParam"]}
    assert by_name["code-value-quantity"]["type"] == "composite"
    assert by_name["code"]["definition"] == "http://hl7.org/fhir/SearchParameter/clinical-code"
    assert "Observation:subject" in observation["searchInclude"]
    assert "Observation:has-member" in observation["searchRevInclude"]


def test_no_element_is_empty():
    resource = entry(PERSON, an_entry(Kind.OBSERVATION, Measure(value="")))
    assert not [name for name, value in resource.items() if value in ("", [], {}, None)]


def test_a_parameter_that_is_not_understood_is_refused_not_ignored():
    with pytest.raises(Incorrect, match="_has"):
        only(QueryParams("patient=1&_has=x"), frozenset({"patient"}))
