"""What makes a legitimate relationship, from when, and how it ends by itself."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.door_site import NUMBER
from tests.unit.relationships import at, referral, stay, team, written
from wholerecord.access.stated import code_of, named_in, stated
from wholerecord.access.tie import AFTER_STAY, LONGEST, Ground, Tie, because, without_ground
from wholerecord.access.ties import of_person
from wholerecord.people import Demographics, Member
from wholerecord.record import MessageId, PatientKey, Statement
from wholerecord.record.source import app_of

RECEIVED = datetime(2026, 3, 2, 10, tzinfo=UTC)
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def statements(*bodies, source="pas", received=RECEIVED):
    patient = PatientKey(source, "p1").id
    return [
        Statement(
            patient=patient,
            source=source,
            t=n,
            n=0,
            kind=body["resourceType"],
            message=MessageId(n),
            place="",
            received=received,
            body=json.dumps(body).encode(),
        )
        for n, body in enumerate(bodies, 1)
    ]


def made(*bodies, codes=None):
    """Organisation, ground, since and until of what these statements make."""
    said = statements(*bodies)
    ties = stated(said, controller="RXA", codes=codes or {})
    return [(tie.organisation, tie.ground, tie.since, tie.until) for tie in ties]


def gp(code, **more):
    return {"resourceType": "Patient", "id": "p1", "generalPractitioner": [at(code)]} | more


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (referral(at("rzz")), [("RZZ", Ground.REFERRED, DAY, DAY + LONGEST)]),
        (referral(at("RZZ"), status="on-hold"), [("RZZ", Ground.REFERRED, DAY, DAY + LONGEST)]),
        (referral(at("RZZ"), status="completed"), []),
        (referral(at("RZZ"), status="revoked"), []),
        (referral(at("RZZ"), status="entered-in-error"), []),
        (referral(at("RZZ"), category=[]), []),  # a test that a laboratory is asked to do
        (stay(None), [("RXA", Ground.STAYING, BEGAN, BEGAN + LONGEST)]),
        (stay(at("RZZ")), [("RZZ", Ground.STAYING, BEGAN, BEGAN + LONGEST)]),
        (stay(at("RZZ"), status="planned"), []),
        (stay(at("RZZ"), status="cancelled"), []),
        (
            stay(at("RZZ"), status="finished", period={"start": "2026-02-01", "end": "2026-03-01"}),
            [("RZZ", Ground.STAYING, datetime(2026, 2, 1, tzinfo=UTC), DAY + AFTER_STAY)],
        ),
        (
            # That a stay ends in the year 9999 is no reason to look until then.
            stay(at("RZZ"), status="finished", period={"start": "2026-03-01", "end": "9999-12-31"}),
            [("RZZ", Ground.STAYING, DAY, RECEIVED + AFTER_STAY)],
        ),
        (
            stay(at("RZZ"), period={"start": "2026-03-01", "end": "9999-12-31"}),
            [("RZZ", Ground.STAYING, DAY, DAY + LONGEST)],
        ),
        (
            team(at("RZZ"), at("RYY"), {"display": "Her neighbour"}),
            [(code, Ground.TEAM, RECEIVED, RECEIVED + LONGEST) for code in ("RZZ", "RYY")],
        ),
        (
            team(at("RZZ"), period={"start": "2026-03-01", "end": "2026-03-05"}),
            [("RZZ", Ground.TEAM, DAY, datetime(2026, 3, 6, tzinfo=UTC))],
        ),
        (team(at("RZZ"), status="inactive"), []),
        (gp("A81001"), [("A81001", Ground.REGISTERED, RECEIVED, None)]),
        (gp("not a code!"), []),
        (gp("X" * 17), []),
        (stay({"identifier": "RZZ"}), []),  # not as FHIR has it: who knows where that is
    ],
)
def test_each_statement_makes_what_it_says_and_no_more(body, expected):
    assert made(body) == expected


def test_a_later_version_ends_what_an_earlier_one_made_whichever_comes_first():
    here = written(stay(at("RZZ")), "2026-03-01T09:00:00Z")
    over = {"status": "finished", "period": {"start": "2026-03-01", "end": "2026-03-02"}}
    gone = written(stay(at("RZZ"), **over), "2026-03-02T09:00:00Z")
    [(_, _, _, until)] = made(here, gone)
    assert until == datetime(2026, 3, 2, tzinfo=UTC) + AFTER_STAY
    assert made(gone, here) == made(here, gone)
    wrong = written(stay(at("RZZ"), status="entered-in-error"), "2026-03-03T09:00:00Z")
    assert made(wrong, here, gone) == []


def test_an_organisation_is_known_by_its_code_wherever_that_stands():
    inside = {"resourceType": "Organization", "id": "o", "identifier": [at("RZZ")["identifier"]]}
    assert made(referral({"reference": "#o"}, contained=[inside]))[0][0] == "RZZ"
    by_id = referral({"reference": "Organization/17"})
    assert named_in(statements(by_id)) == {"17"}
    assert made(by_id) == []
    assert made(by_id, codes={"17": "RZZ"})[0][0] == "RZZ"
    for other in ("Practitioner/17", "https://elsewhere.example/fhir/Organization/17", "#17"):
        assert made(referral({"reference": other}), codes={"17": "RZZ"}) == []
    assert code_of(json.dumps(inside).encode()) == "RZZ"
    assert code_of(b"[]") == code_of(b"\xff") == ""


def test_a_relationship_holds_from_its_beginning_until_its_end():
    tie = Tie(organisation="RZZ", ground=Ground.STAYING, since=DAY, until=DAY + AFTER_STAY)
    moment = timedelta(microseconds=1)
    assert [tie.holds(at) for at in (DAY - moment, DAY)] == [False, True]
    assert [tie.holds(DAY + AFTER_STAY - each) for each in (moment, timedelta())] == [True, False]


def test_a_reason_says_what_made_the_relationship_and_can_be_said_without():
    tie = Tie(organisation="RZZ", ground=Ground.REFERRED, since=DAY)
    said = because("direct care", tie)
    assert said == "direct care: the person is referred there"
    assert without_ground(said) == without_ground("direct care") == "direct care"


def member(source, controller):
    key = PatientKey(source, "p1")
    return Member(
        patient=key.id,
        source=source,
        number="p1",
        controller=controller,
        t=1,
        demographics=Demographics(),
    )


def test_nobody_has_two_practices_the_one_said_last_counts():
    said = {"gp": "2026-03-01T00:00:00Z", "pas": "2026-02-01T00:00:00Z"}
    ties = {
        PatientKey(source, "p1").id: stated(
            statements(written(gp(code), said[source]), source=source), controller="", codes={}
        )
        for source, code in (("gp", "A81001"), ("pas", "B82002"))
    }
    both = [member("gp", "A81001"), member("pas", "RXA")]
    assert [tie.organisation for tie in of_person(both, ties, ())] == ["A81001"]
    assert [tie.organisation for tie in of_person(both[1:], ties, ())] == ["B82002"]


def test_a_client_that_nobody_who_knows_the_person_stands_behind_makes_no_relationship():
    ours, theirs = app_of("ours"), app_of("theirs")
    ties = {
        PatientKey(source, "p1").id: stated(
            statements(referral(at(code)), source=source), controller="", codes={}
        )
        for source, code in ((ours, "RZZ"), (theirs, "RYY"))
    }
    known = [member("pas", "RXA"), member(ours, "RXA"), member(theirs, "RYY")]
    assert [tie.organisation for tie in of_person(known, ties, ())] == ["RZZ"]


def test_a_thousand_organisations_are_no_care_team():
    assert len(made(team(*(at(f"R{n:04}") for n in range(1000))))) == 25
    assert NUMBER not in str(made(team(at("RZZ"))))
