"""Versions, parking, retraction, and who the person is."""

import pytest

from tests.unit.fold_statements import condition, places, statement, status
from wholerecord.fold import RETRACTED, Kind, fold


def meta(moment):
    return {"meta": {"lastUpdated": moment}}


def test_the_current_version_is_the_one_its_source_wrote_last_not_the_one_that_came_last():
    record = fold(
        [
            condition("gp", "1", "Asthma", t=1, **meta("2026-02-01T00:00:00Z")),
            condition("gp", "1", "COPD", t=2, **meta("2026-01-01T00:00:00Z")),
        ]
    )
    assert [entry.title for entry in record.entries] == ["Asthma"]
    assert [(one.said.words, one.why) for one in record.superseded] == [
        ("COPD", "Replaced by a later version.")
    ]
    assert places(record) == 2


def test_without_a_moment_the_later_receipt_counts():
    record = fold([condition("gp", "1", "COPD", t=2), condition("gp", "1", "Asthma", t=1)])
    assert [entry.title for entry in record.entries] == [
        "COPD (chronic obstructive pulmonary disease)"
    ]


def test_the_same_id_from_another_source_is_another_resource():
    assert len(fold([condition("gp", "1", "Asthma"), condition("mh", "1", "COPD")]).entries) == 2


def test_what_its_source_retracts_is_shown_nowhere_but_kept():
    record = fold(
        [
            condition("gp", "1", "Asthma", t=1, **meta("2026-01-01T00:00:00Z")),
            condition(
                "gp",
                "1",
                "Asthma",
                t=2,
                **meta("2026-01-02T00:00:00Z"),
                verificationStatus=status("entered-in-error"),
            ),
        ]
    )
    assert record.entries == ()
    assert [one.why for one in record.superseded] == ["Replaced by a later version.", RETRACTED]


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("Condition", b"\xff\x00", "The Condition cannot be read: it is not JSON."),
        ("Condition", b"", "The Condition cannot be read: it is not JSON."),
        ("Condition", b'{"id":"1"}', "The Condition does not say what it is about."),
        ("Observation", b'{"id":1}', "The Observation is not as FHIR R4 has it at id."),
        (
            "Observation",
            b'{"id":"1","code":{"coding":[{"code":5}]}}',
            "The Observation is not as FHIR R4 has it at code.coding[0].code.",
        ),
        ("Flag", b'{"code":' + b"[" * 100000, "The Flag cannot be read: it is not JSON."),
    ],
)
def test_what_cannot_be_read_is_parked_with_the_place(kind, body, why):
    record = fold([statement("gp", kind, body)])
    assert [one.why for one in record.parked] == [why]
    assert places(record) == record.statements == 1


def test_a_resource_without_an_id_is_not_a_version_of_another_without_one():
    record = fold(
        [
            statement("gp", "Condition", {"code": {"text": "Asthma"}}, t=1),
            statement("gp", "Condition", {"code": {"text": "COPD"}}, t=2),
        ]
    )
    assert len(record.of(Kind.CONDITION)) == 2


def patient(source, t, moment, **more):
    return statement(source, "Patient", {"id": "p", **meta(moment), **more}, t=t)


def test_who_takes_each_part_from_the_most_trusted_source_that_says_it():
    verified = {
        "identifier": [
            {
                "system": "https://fhir.nhs.uk/Id/nhs-number",
                "value": "9990000018",
                "extension": [
                    {
                        "url": "https://fhir.hl7.org.uk/StructureDefinition/"
                        "Extension-UKCore-NHSNumberVerificationStatus",
                        "valueCodeableConcept": {"coding": [{"code": "01"}]},
                    }
                ],
            }
        ]
    }
    record = fold(
        [
            patient("gp", 1, "2020-01-01T00:00:00Z", name=[{"family": "Okafor"}], **verified),
            patient(
                "acute",
                1,
                "2026-01-01T00:00:00Z",
                name=[{"family": "Okafo"}],
                birthDate="1951-02-03",
            ),
        ]
    )
    assert record.who is not None
    best = record.who.best
    assert best.name is not None
    assert best.name.family == "Okafor"
    assert best.born is not None
    assert best.born.text == "1951-02-03"
    assert [said.source for said, _ in record.who.said_by] == ["acute", "gp"]
    assert places(record) == 2


def test_restricted_anywhere_empties_address_and_contacts_everywhere():
    contacts = {
        "telecom": [{"system": "phone", "value": "01632 960000"}],
        "address": [{"line": ["1 High Street"], "postalCode": "ZZ1 1ZZ"}],
    }
    restricted = {"meta": {"security": [{"code": "R"}], "lastUpdated": "2026-01-01T00:00:00Z"}}
    record = fold(
        [
            patient("gp", 1, "2026-02-01T00:00:00Z", **contacts),
            statement("acute", "Patient", {"id": "p", **restricted}),
        ]
    )
    assert record.who is not None
    best = record.who.best
    assert best.restricted
    assert (best.addresses, best.phones, best.emails) == ((), (), ())
