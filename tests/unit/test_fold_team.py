"""The team and everything else: people once, names as people say them, envelopes plainly named."""

import pytest

from tests.unit.fold_statements import coded, one, places, statement, titles
from wholerecord.fold import Kind, Plain, fold


def related(source, id, name, relationship, **more):
    body = {"id": id, "name": name, "relationship": [coded(relationship)], **more}
    return statement(source, "RelatedPerson", body)


SENT = [{"family": "Holroyd", "given": ["Joanne"], "prefix": ["Mrs"]}]
SAID = [{"text": "Joanne Holroyd"}]


def test_a_relative_said_by_two_sources_is_one_entry_with_a_name_people_read():
    said = [
        related("acute", "1", SENT, "Daughter"),
        related("gp", "2", SAID, "Carer (Relationship: Daughter)"),
    ]
    entry = one(fold(said), Kind.TEAM)
    assert entry.sources == ("acute", "gp")
    assert entry.why == "Same name and relationship."
    assert "Joanne Holroyd" in entry.title
    assert ";" not in entry.title
    assert fold(said[::-1]) == fold(said)


def test_one_name_and_telephone_is_one_relative_whatever_the_relationship_is_called():
    phone = {"telecom": [{"system": "phone", "value": "07700 900417"}]}
    said = [
        related("acute", "1", SENT, "Next of kin", **phone),
        related("gp", "2", SAID, "Daughter", **phone),
    ]
    assert one(fold(said), Kind.TEAM).why == "Same name and contact."


@pytest.mark.parametrize(
    ("name", "relationship"),
    [([{"text": "Joanne Holroyd"}], "Neighbour"), ([{"text": "Ann Holroyd"}], "Daughter")],
)
def test_another_name_or_relationship_is_another_relative(name, relationship):
    said = [related("acute", "1", SENT, "Daughter"), related("gp", "2", name, relationship)]
    assert len(fold(said).of(Kind.TEAM)) == 2


def test_a_care_team_names_each_member_with_what_they_are():
    team = {
        "name": "Community",
        "participant": [{"role": [coded("Nurse")], "member": {"display": "Jade Ellis"}}],
    }
    detail = one(fold([statement("gp", "CareTeam", team)]), Kind.TEAM).detail
    assert isinstance(detail, Plain)
    assert ("Participants", "Jade Ellis (Nurse)") in detail.lines


def test_envelopes_and_supporting_statements_are_kept_and_plainly_named():
    record = fold(
        [
            statement("gp", "MessageHeader", {"id": "1", "eventCoding": {"code": "x"}}),
            statement("gp", "OperationOutcome", {"id": "2"}),
            statement("gp", "Provenance", {"id": "3"}),
            statement("gp", "Specimen", {"id": "4", "type": coded("Blood")}),
            statement("gp", "Location", {"id": "5", "name": "Ward 3"}),
            statement("gp", "QuestionnaireResponse", {"id": "6"}),
        ]
    )
    assert {entry.kind for entry in record.entries} == {Kind.OTHER}
    assert titles(record.entries) == [
        "Message envelope",
        "Origin of a statement",
        "Outcome of a request",
        "Place: Ward 3",
        "Questionnaire response",
        "Specimen: Blood",
    ]
    assert places(record) == 6
