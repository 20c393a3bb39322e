"""Laws of matching, for any patients: made from few parts, so that they often nearly agree."""

import json
import os
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.people_realtime import Linked
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import (
    Address,
    Candidate,
    Demographics,
    Name,
    Outcome,
    from_patient,
    keys,
    linking_keys,
)
from wholerecord.people.bridge import bridge
from wholerecord.people.decide import decide
from wholerecord.people.judge import Verdict, judge
from wholerecord.people.names import sound, words
from wholerecord.people.traits import traits
from wholerecord.people.weigh import weigh
from wholerecord.record import PatientId, PersonId

LONG = settings(max_examples=5000 if os.environ.get("WHOLERECORD_SOAK") else 150, deadline=None)

givens = st.sampled_from(
    ["Ann", "Anna", "Bill", "William", "W", "Mohammed Ali", "Mohammed Omar", "Baby", "Twin One", ""]
)
families = st.sampled_from(["Smith", "Smyth", "Smith-Jones", "Jones", "Ann", "Unknown", "O'Dé", ""])
days = st.sampled_from(
    ["1950-03-12", "1950-12-03", "1950-03-13", "1950-01-01", "1980-03-12", "2015", "2015-04", ""]
)
names = st.builds(
    lambda family, given, use: Name(family=family, given=tuple(given.split()), use=use),
    families,
    givens,
    st.sampled_from(["official", "old", ""]),
)
addresses = st.builds(
    lambda code, use: Address(lines=(), postcode=code, use=use),
    st.sampled_from(["LS2 9JT", "LS2 9AB", "M1 1AE", None]),
    st.sampled_from(["home", "old"]),
)
patients = st.builds(
    Demographics,
    names=st.lists(names, max_size=2).map(tuple),
    born=days.map(PartialDate.parse),
    sex=st.sampled_from(["male", "female", "unknown", ""]),
    nhs_number=st.sampled_from(["9990000018", "9990000026", ""]).map(NhsNumber.parse),
    nhs_status=st.sampled_from(["01", "02", ""]),
    bad_nhs_number=st.sampled_from(["9990000019", "9990000081", "0000000000", ""]),
    addresses=st.lists(addresses, max_size=2).map(tuple),
    phones=st.sampled_from([(), ("07700 900123",), ("+447700900123", "0113 496 0000")]),
    emails=st.sampled_from([(), ("a@example.org",)]),
    practice=st.sampled_from(["A81001", "A81002", ""]),
    relatives=st.lists(names, max_size=2).map(tuple),
    birth_order=st.sampled_from([0, 1, 2]),
)
candidates = st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), patients), max_size=5).map(
    lambda said: [
        Candidate(patient=PatientId(n), person=PersonId(person), demographics=patient)
        for n, (person, patient) in enumerate(said)
    ]
)


@LONG
@given(patients, patients)
def test_weighing_and_judging_are_symmetric(one: Demographics, other: Demographics):
    assert weigh(one, other) == weigh(other, one)
    assert judge(traits(one), traits(other)) == judge(traits(other), traits(one))


@LONG
@given(patients, candidates, st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_changes_the_decision(newcomer, known, random):
    shuffled = list(known)
    random.shuffle(shuffled)

    assert decide(newcomer, known) == decide(newcomer, shuffled)


@LONG
@given(patients, candidates)
def test_two_different_verified_numbers_are_never_joined(newcomer, known):
    decision = decide(newcomer, known)

    for candidate in known:
        theirs = candidate.demographics
        if candidate.person == decision.person and theirs.nhs_number and newcomer.nhs_number:
            both = newcomer.nhs_status == theirs.nhs_status == "01"
            assert not (both and theirs.nhs_number != newcomer.nhs_number)


@LONG
@given(patients, candidates)
def test_nobody_joins_a_person_with_a_veto_among_their_patients(newcomer, known):
    decision = decide(newcomer, known)

    said = traits(newcomer)
    theirs = [each for each in known if each.person == decision.person]
    assert not any(judge(said, traits(each.demographics)).veto for each in theirs)


@LONG
@given(patients, candidates)
def test_a_decision_is_whole(newcomer, known):
    decision = decide(newcomer, known)

    assert (decision.person is not None) == (decision.outcome is Outcome.CERTAIN)
    assert decision.person not in {each.person for each in decision.possible}
    if decision.outcome in {Outcome.POSSIBLE, Outcome.SEVERAL}:
        assert decision.possible
    if decision.outcome is Outcome.NONE:
        assert not decision.possible
    assert decision.weight == sum(part.weight for part in decision.parts)


@LONG
@given(patients, patients)
def test_whoever_is_certainly_one_person_shares_a_key(one: Demographics, other: Demographics):
    if judge(traits(one), traits(other)).outcome is Outcome.CERTAIN:
        assert set(linking_keys(one)) & set(keys(other))


@LONG
@given(patients)
def test_keys_are_sorted_distinct_and_hold_the_linking_keys(one: Demographics):
    found = keys(one)

    assert list(found) == sorted(set(found))
    assert set(linking_keys(one)) <= set(found)
    assert all(-(2**63) <= key < 2**63 for key in found)


@LONG
@given(st.binary(max_size=200))
def test_no_bytes_make_reading_a_patient_raise(body: bytes):
    from_patient(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("9990000018"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["family", "given", "value", "system", "coding", "code", "line", "period"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@LONG
@given(
    st.dictionaries(
        st.sampled_from(
            ["name", "birthDate", "identifier", "address", "telecom", "meta", "deceasedBoolean"]
        ),
        json_values,
    )
)
def test_no_json_makes_reading_weighing_or_blocking_a_patient_raise(said):
    patient = from_patient(json.dumps(said).encode())

    keys(patient)
    weigh(patient, patient)


@LONG
@given(st.text(max_size=30))
def test_any_text_has_words_and_sounds(text: str):
    for word in words(text):
        assert sound(word)


@settings(max_examples=LONG.max_examples // 2, deadline=None)
@given(st.lists(patients, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_whom_certain_pairs_connect_are_one_person_in_any_order(said, random):
    """But where a rule forbids one of their pairs: that is for people, and the order counts."""
    order = list(range(len(said)))
    random.shuffle(order)
    register = Linked()
    for n in order:
        register.come(PatientId(n), said[n])
    for island in connected(said):
        persons = {register.person[PatientId(n)] for n in island}
        pairs = [judged(said[a], said[b]) for a, b in combinations(island, 2)]
        assert len(persons) == 1 or any(pair.veto for pair in pairs)
        for person in persons:
            assert {*register.members[person]} <= {*island}
            joined = [said[n] for n in register.members[person]]
            assert not any(judged(a, b).veto for a, b in combinations(joined, 2))


@LONG
@given(candidates, st.randoms(use_true_random=False))
def test_two_persons_become_one_whichever_is_named_first(known, random):
    shuffled = list(known)
    random.shuffle(shuffled)
    two = known[:2]
    members = [each for each in shuffled if each.person in {one.person for one in two}]
    if len(two) == 2:
        one, other = (each.patient for each in two)
        ways = [(one, other), (other, one)]
        first, second = (bridge(*way, members, apart=(), own=()) for way in ways)
        assert first == second


def judged(one: Demographics, other: Demographics) -> Verdict:
    return judge(traits(one), traits(other))


def connected(said: list[Demographics]) -> list[set[int]]:
    """Whom certain pairs connect."""
    islands = [{n} for n in range(len(said))]
    for a, b in combinations(range(len(said)), 2):
        if judged(said[a], said[b]).outcome is Outcome.CERTAIN:
            both = [island for island in islands if island & {a, b}]
            islands = [island for island in islands if not island & {a, b}]
            islands.append(set().union(*both))
    return islands
