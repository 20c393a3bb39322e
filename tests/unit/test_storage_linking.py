"""What a decision means for the register."""

from datetime import UTC, datetime

from tests.conformance.given import NUMBERS, decide, never, who
from wholerecord.people import Act, Candidate, LinkEvent
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.linking import before, look_again, settle

A, B, C = (PersonId(letter * 32) for letter in "abc")
ME, ONE, TWO = PatientId(0), PatientId(1), PatientId(2)


def event(act: Act, person: PersonId) -> LinkEvent:
    return LinkEvent(
        n=0,
        act=act,
        patient=ME,
        person=person,
        was=None,
        weight=0.0,
        parts=(),
        by="",
        why="",
        model="",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def candidate(patient: PatientId, person: PersonId, family: str, nhs: str = "") -> Candidate:
    return Candidate(patient=patient, person=person, demographics=who(family, nhs))


def test_a_first_link_leads_back_to_nobody() -> None:
    assert before([event(Act.LINK, A)]) is None


def test_each_unlink_goes_one_further_back_and_never_forward() -> None:
    links = [event(Act.LINK, A), event(Act.JOIN, B), event(Act.MERGE, C)]
    assert before(links) == B
    assert before([*links, event(Act.UNLINK, B)]) == A
    assert before([*links, event(Act.UNLINK, B), event(Act.UNLINK, A)]) is None


def test_a_veto_moves_nobody() -> None:
    assert before([event(Act.LINK, A), event(Act.JOIN, B), event(Act.VETO, C)]) == A


def test_a_link_to_where_one_is_leads_nowhere_else() -> None:
    assert before([event(Act.LINK, A), event(Act.JOIN, A)]) is None


def test_a_newcomer_goes_where_it_is_certain_and_people_are_asked_of_the_rest() -> None:
    said = who("Example", NUMBERS[0])
    near = [candidate(ONE, A, "Other", NUMBERS[0]), candidate(TWO, B, "Example")]
    settled = settle(ME, said, near, apart=(), decide=decide)
    assert settled.person == A
    assert [(each.person, each.against) for each in settled.asked] == [(B, False)]


def test_a_newcomer_kept_apart_from_somebody_is_somebody_new() -> None:
    said = who("Example", NUMBERS[0])
    near = [candidate(ONE, A, "Example", NUMBERS[0])]
    settled = settle(ME, said, near, apart={A}, decide=decide)
    assert settled.person != A
    assert settled.asked == ()


def test_a_change_that_speaks_against_a_link_is_asked_about() -> None:
    near = [candidate(ONE, A, "Example", NUMBERS[0])]
    [asked] = look_again(ME, who("Example"), A, near, apart=(), decide=never)
    assert (asked.person, asked.against) == (A, True)
    assert look_again(ME, who("Example"), A, near, apart=(), decide=decide) == ()


def test_a_change_that_is_certain_of_another_is_asked_about_and_moves_nobody() -> None:
    near = [candidate(ONE, B, "Other", NUMBERS[0])]
    [asked] = look_again(ME, who("Example", NUMBERS[0]), A, near, apart=(), decide=decide)
    assert (asked.person, asked.against, asked.weight) == (B, False, 9.0)
    assert look_again(ME, who("Example", NUMBERS[0]), A, near, apart={B}, decide=decide) == ()
