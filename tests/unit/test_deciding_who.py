"""The traps of matching: who is joined, who is asked about, who is left apart."""

import pytest

from wholerecord.nhs import NhsNumber, PartialDate, postcode
from wholerecord.people import Address, Candidate, Decision, Demographics, Name, Outcome
from wholerecord.people.constraints import CROWDED, Constraint, Known, broken
from wholerecord.people.decide import decide
from wholerecord.people.judge import Verdict, judge
from wholerecord.people.traits import Traits
from wholerecord.record import PatientId, PersonId

ANN, BEA = "9990000018", "9990000026"
CERTAIN, POSSIBLE, NONE = Outcome.CERTAIN, Outcome.POSSIBLE, Outcome.NONE


def who(said: str) -> Demographics:
    """A patient in a line: `Given/Family/born/sex/postcode/number/status/phone`."""
    given, family, born, sex, at, number, status, phone = (*said.split("/"), *[""] * 8)[:8]
    valid = NhsNumber.parse(number)
    return Demographics(
        names=(Name(family=family, given=tuple(given.split())),) if given or family else (),
        born=PartialDate.parse(born),
        sex={"f": "female", "m": "male"}.get(sex, ""),
        addresses=(Address(lines=("1 The Lane",), postcode=postcode(at)),) if at else (),
        nhs_number=valid,
        nhs_status=status,
        bad_nhs_number="" if valid else number,
        phones=(phone,) if phone else (),
    )


def known(person: str, *patients: str) -> list[Candidate]:
    return [
        Candidate(
            patient=PatientId(hash((person, n))), person=PersonId(person), demographics=who(said)
        )
        for n, said in enumerate(patients)
    ]


def deciding(newcomer: str, *patients: str) -> Decision:
    return decide(who(newcomer), known("p", *patients))


WHOLE = "Ann/Smith/1950-03-12/f/LS2 9JT/9990000018/01"


@pytest.mark.parametrize(
    ("trap", "newcomer", "patient", "outcome"),
    [
        (
            "the verified number of one person",
            "Ann/Smith/1950-03-12/f//9990000018/01",
            WHOLE,
            CERTAIN,
        ),
        ("verified by one side", "Ann/Smith/1950-03-12/f//9990000018", WHOLE, CERTAIN),
        ("name agrees, date does not", "Ann/Smith/1951-04-13/f//9990000018", WHOLE, CERTAIN),
        ("date agrees, surname changed", "Ann/Okafor/1950-03-12/f//9990000018", WHOLE, CERTAIN),
        ("date agrees, no name", "//1950-03-12/f//9990000018", WHOLE, CERTAIN),
        ("only the number", "/////9990000018/01", WHOLE, POSSIBLE),
        (
            "a stolen number",
            "Grace/Okafor/1982-07-30/f/M1 1AE/9990000018/01",
            WHOLE,
            POSSIBLE,
        ),
        (
            "neither verified, all agrees",
            "Ann/Smith/1950-03-12/f//9990000018",
            "Ann/Smith/1950-03-12/f//9990000018/02",
            CERTAIN,
        ),
        (
            "neither verified, the name alone agrees",
            "Ann/Smith/1951-04-13/f//9990000018",
            "Ann/Smith/1950-03-12/f//9990000018/02",
            POSSIBLE,
        ),
        ("no number, strong demographics", "Ann/Smith/1950-03-12/f/LS2 9JT", WHOLE, CERTAIN),
        ("no number, no address", "Ann/Smith/1950-03-12/f", WHOLE, POSSIBLE),
        ("a mistyped number, strong", "Ann/Smith/1950-03-12/f/LS2 9JT/9990000019", WHOLE, CERTAIN),
        ("a mistyped number, weak", "Ann/Smith/1950-03-12/f//9990000019", WHOLE, POSSIBLE),
        (
            "another valid number, strong",
            "Ann/Smith/1950-03-12/f/LS2 9JT/9990000026/02",
            WHOLE,
            CERTAIN,
        ),
        ("another valid number, weak", "Ann/Smith/1950-03-12/f//9990000026/02", WHOLE, POSSIBLE),
        (
            "two verified numbers, all else agrees",
            "Ann/Smith/1950-03-12/f/LS2 9JT/9990000026/01",
            WHOLE,
            POSSIBLE,
        ),
        ("twins, no number", "Bea/Smith/1950-03-12/f/LS2 9JT", WHOLE, POSSIBLE),
        ("twins, numbers differ", "Bea/Smith/1950-03-12/f/LS2 9JT/9990000026", WHOLE, NONE),
        ("twins, one number", "Bea/Smith/1950-03-12/f/LS2 9JT/9990000018/01", WHOLE, POSSIBLE),
        ("twins of two sexes", "Tom/Smith/1950-03-12/m/LS2 9JT", WHOLE, NONE),
        (
            "twins with names much alike",
            "Jaydan/Smith/2015-03-12/m/LS2 9JT",
            "Jayden/Smith/2015-03-12/m/LS2 9JT",
            POSSIBLE,
        ),
        (
            "twins called by the second name",
            "Mohammed Ali/Khan/2015-03-12/m/LS2 9JT",
            "Mohammed Omar/Khan/2015-03-12/m/LS2 9JT",
            POSSIBLE,
        ),
        ("siblings", "Bea/Smith/1952-09-01/f/LS2 9JT", WHOLE, NONE),
        ("namesakes of one birthday", "Ann/Smith/1950-03-12/f/M1 1AE", WHOLE, POSSIBLE),
        ("strangers of one birthday", "Eve/Smith/1950-03-12/f/M1 1AE", WHOLE, NONE),
        ("mother and baby", "Baby of Ann/Smith/2024-05-06/f/LS2 9JT", WHOLE, NONE),
        (
            "a baby with the mother's number",
            "Baby of Ann/Smith/2024-05-06/f/LS2 9JT/9990000018/01",
            WHOLE,
            POSSIBLE,
        ),
        (
            "father and son of one name",
            "John/Smith/1981-04-13/m/LS2 9JT",
            "John/Smith/1950-03-12/m/LS2 9JT",
            NONE,
        ),
        (
            "father and son of one name and birthday",
            "John/Smith/1980-03-12/m/LS2 9JT",
            "John/Smith/1950-03-12/m/LS2 9JT",
            POSSIBLE,
        ),
        (
            "father and son of one name with one number",
            "John/Smith/1981-04-13/m/LS2 9JT/9990000018/01",
            "John/Smith/1950-03-12/m/LS2 9JT/9990000018/01",
            POSSIBLE,
        ),
        (
            "a newborn named later, by number",
            "Oscar/Smith/2024-05-06/m/LS2 9JT/9990000018/01",
            "Baby/Smith/2024-05-06/m/LS2 9JT/9990000018/08",
            CERTAIN,
        ),
        (
            "a newborn named later, no number",
            "Oscar/Smith/2024-05-06/m/LS2 9JT",
            "Baby/Smith/2024-05-06/m/LS2 9JT",
            POSSIBLE,
        ),
        (
            "newborn twins",
            "Twin Two/Smith/2024-05-06/m/LS2 9JT",
            "Twin One/Smith/2024-05-06/m/LS2 9JT",
            POSSIBLE,
        ),
        ("unknown males", "Male/Unknown/1980-01-01/m", "Male/Unknown/1980-01-01/m", NONE),
        (
            "half of a double-barrelled name",
            "Ann/Smith-Jones/1950-03-12/f/LS2 9JT",
            WHOLE,
            CERTAIN,
        ),
        ("a changed surname", "Ann/Okafor/1950-03-12/f/LS2 9JT", WHOLE, POSSIBLE),
        ("exchanged names", "Smith/Ann/1950-03-12/f/LS2 9JT", WHOLE, CERTAIN),
        ("day and month exchanged", "Ann/Smith/1950-12-03/f/LS2 9JT", WHOLE, POSSIBLE),
        (
            "a short form",
            "Bill/Ford/1950-03-12/m/M1 1AE",
            "William/Ford/1950-03-12/m/M1 1AE",
            CERTAIN,
        ),
        (
            "1 January at one address",
            "Ann/Smith/1950-01-01/f/LS2 9JT",
            "Ann/Smith/1950-01-01/f/LS2 9JT",
            POSSIBLE,
        ),
        (
            "a pseudo-postcode",
            "Ann/Smith/1950-03-12/f/ZZ99 3VZ",
            "Ann/Smith/1950-03-12/f/ZZ99 3VZ",
            POSSIBLE,
        ),
        (
            "a telephone in place of an address",
            "Ann/Smith/1950-03-12/f////+44 7700 900123",
            "Ann/Smith/1950-03-12/f////07700 900123",
            CERTAIN,
        ),
        ("nothing is known", "", WHOLE, NONE),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" not in value else "",
)
def test_a_trap_is_seen(trap: str, newcomer: str, patient: str, outcome: Outcome):
    for one, other in ((newcomer, patient), (patient, newcomer)):
        decision = deciding(one, other)
        assert decision.outcome is outcome, (trap, decision)
        assert (decision.person is not None) == (outcome is CERTAIN)
        assert bool(decision.possible) == (outcome is POSSIBLE)
        assert decision.why


def test_a_veto_by_any_patient_of_a_person_holds_against_the_person():
    twin = "Bea/Smith/1950-03-12/f/LS2 9JT"

    assert deciding(WHOLE, WHOLE).outcome is CERTAIN
    decision = deciding(WHOLE, WHOLE, twin)
    assert decision.outcome is POSSIBLE
    assert "twins" in decision.why


def test_among_several_certain_persons_the_strongest_is_joined_and_the_others_asked_about():
    strong, weak = known("a", WHOLE), known("b", "Ann/Smith/1950-03-12/f/LS2 9JT")

    decision = decide(who(WHOLE), [*weak, *strong])

    assert decision.person == "a"
    assert [each.person for each in decision.possible] == ["b"]
    assert "may be one" in decision.why


def test_persons_who_cannot_be_one_are_never_chosen_between():
    one = known("a", "Ann/Smith/1950-03-12/f/LS2 9JT/9990000018/01")
    other = known("b", "Ann/Smith/1950-03-12/f/LS2 9JT/9990000026/01")

    decision = decide(who("Ann/Smith/1950-03-12/f/LS2 9JT"), [*one, *other])

    assert decision.outcome is Outcome.SEVERAL
    assert {each.person for each in decision.possible} == {"a", "b"}


def test_a_twin_is_no_question_once_the_newcomer_is_found():
    self, twin = known("a", WHOLE), known("b", "Bea/Smith/1950-03-12/f/LS2 9JT")

    decision = decide(who(WHOLE), [*twin, *self])

    assert decision.person == "a"
    assert decision.possible == ()


def test_a_restricted_person_is_joined_by_their_number_as_anybody():
    restricted = Demographics(
        nhs_number=NhsNumber.parse(ANN),
        nhs_status="01",
        born=PartialDate.parse("1950-03-12"),
        restricted=True,
    )

    assert decide(restricted, known("a", WHOLE)).person == "a"


def test_nobody_to_compare_with_is_said_so():
    decision = decide(who(WHOLE), [])

    assert decision.outcome is NONE
    assert decision.parts == ()


def test_no_reason_holds_what_a_patient_said():
    decision = deciding("Ann/Smith/1950-03-12/f/LS2 9JT/9990000019", WHOLE)
    said = " ".join([decision.why, *(part.why for part in decision.parts)])

    for private in ("Ann", "Smith", "1950", "LS2", "999"):
        assert private not in said


@pytest.mark.parametrize(("patients", "outcome"), [(CROWDED, CERTAIN), (CROWDED + 1, POSSIBLE)])
def test_nobody_is_joined_by_rule_to_whoever_has_more_patients_than_a_person_has(patients, outcome):
    decision = deciding(WHOLE, *[WHOLE] * patients)

    assert decision.outcome is outcome
    assert ("more than 50 patients" in decision.why) is (outcome is POSSIBLE)


def test_two_persons_of_five_thousand_patients_cost_one_look_at_each_patient(monkeypatch):
    looks = 0

    def counted(one: Traits, other: Traits) -> Verdict:
        nonlocal looks
        looks += 1
        return judge(one, other)

    monkeypatch.setattr("wholerecord.people.decide.judge", counted)
    crowd = [*known("p", *[WHOLE] * 5000), *known("q", *[WHOLE] * 5000)]
    decision = decide(who(WHOLE), crowd)

    assert looks == len(crowd)
    assert decision.outcome is Outcome.SEVERAL
    assert {each.person for each in decision.possible} == {"p", "q"}


def test_a_person_of_five_thousand_patients_is_asked_about_and_not_compared_with_themselves():
    crowd = [
        Known(patient=PatientId(n), demographics=who(f"Ann/Smith/19{50 + n % 40}-03-12/f"))
        for n in range(5000)
    ]

    found = broken(crowd)

    assert Constraint.CROWD in {each.constraint for each in found}
    assert len(found) < 200
