"""The fold's laws, whatever is said, in whatever order."""

import os
from collections import Counter
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.fold_statements import (
    PATIENTS,
    RECEIVED,
    coded,
    places,
    statement,
    status,
)
from wholerecord.care import changes_since
from wholerecord.fold import About, Kind, Ruling, Verdict, fold
from wholerecord.record import Statement
from wholerecord.safety import checks
from wholerecord.terms import CONCEPTS

SOAK = os.environ.get("WHOLERECORD_SOAK") == "1"
EXAMPLES = settings(max_examples=2000 if SOAK else 60, deadline=None)

dates = st.sampled_from(
    ["2010", "2019-05", "2026-01-01", "2026-01-02", "2026-01-02T10:00:00Z", "2026-05-01", ""]
)
moments = st.sampled_from(["2026-01-01T00:00:00Z", "2026-02-01T00:00:00+01:00", ""])
ids = st.sampled_from("abcd")
sources = st.sampled_from(sorted(PATIENTS))


def meaning(*kinds):
    """A code or the words of a concept of these kinds, or words nobody knows."""
    known = [each for each in CONCEPTS.values() if each.kind in kinds]
    return st.one_of(
        st.sampled_from(known).map(lambda each: coded(each.title)),
        st.sampled_from([each for each in known if each.codes.get("snomed")]).map(
            lambda each: coded("", snomed=each.codes["snomed"][0])
        ),
        st.sampled_from([coded("Something nobody knows"), coded("Left hip fracture"), {}]),
    )


def bodies(kind, **fields):
    """Bodies of a kind: each field may be missing."""
    named = st.fixed_dictionaries(
        {"id": ids},
        optional={"meta": moments.map(lambda at: {"lastUpdated": at}), **fields},
    )
    return named.map(lambda body: (kind, {k: v for k, v in body.items() if v != ""}))


words = st.sampled_from(["final", "corrected", "active", "stopped", "entered-in-error", "odd"])
sensible = st.one_of(
    bodies(
        "Condition",
        code=meaning("condition", "allergy", "negative"),
        onsetDateTime=dates,
        recordedDate=dates,
        clinicalStatus=st.sampled_from(["active", "resolved"]).map(status),
        verificationStatus=st.sampled_from(
            ["confirmed", "provisional", "refuted", "entered-in-error"]
        ).map(status),
        category=st.sampled_from(["encounter-diagnosis", "problem-list-item"]).map(
            lambda code: [status(code)]
        ),
    ),
    bodies(
        "AllergyIntolerance",
        code=meaning("allergy", "class", "substance", "negative"),
        recordedDate=dates,
        criticality=st.sampled_from(["low", "high"]),
        clinicalStatus=st.sampled_from(["active", "resolved"]).map(status),
        verificationStatus=st.sampled_from(["confirmed", "refuted"]).map(status),
    ),
    bodies(
        "MedicationRequest",
        medicationCodeableConcept=meaning("medicine"),
        medicationReference=st.just({"reference": "Medication/a"}),
        authoredOn=dates,
        status=words,
    ),
    bodies("Medication", code=meaning("medicine")),
    bodies(
        "MedicationAdministration",
        medicationCodeableConcept=meaning("medicine"),
        effectiveDateTime=dates,
        status=st.just("completed"),
    ),
    bodies(
        "Observation",
        code=meaning("test"),
        effectiveDateTime=dates,
        status=words,
        valueQuantity=st.integers(1, 3).map(lambda value: {"value": value, "unit": "mmol/L"}),
        hasMember=st.just([{"reference": "Observation/a"}]),
        identifier=st.sampled_from("xy").map(lambda value: [{"system": "s", "value": value}]),
    ),
    bodies(
        "DiagnosticReport",
        code=meaning("test"),
        status=words,
        result=st.just([{"reference": "Observation/a"}, {"reference": "Observation/b"}]),
    ),
    bodies("Immunization", vaccineCode=meaning("vaccine"), occurrenceDateTime=dates),
    bodies("Procedure", code=meaning("procedure"), performedDateTime=dates, status=words),
    bodies(
        "Encounter",
        period=dates.map(lambda at: {"start": at, "end": at}),
        identifier=st.sampled_from("xy").map(lambda value: [{"system": "s", "value": value}]),
        **{"class": st.just({"code": "IMP"})},
        serviceProvider=st.just({"display": "Northgate"}),
    ),
    bodies("CarePlan", title=st.just("Plan"), goal=st.just([{"reference": "Goal/a"}])),
    bodies("Goal", description=st.just(coded("Walk"))),
    bodies("Flag", code=st.just(coded("Risk")), period=dates.map(lambda at: {"start": at})),
    bodies("Patient", birthDate=dates, name=st.just([{"family": "Okafor", "given": ["Ada"]}])),
)
denying = st.tuples(
    ids, st.sampled_from(["No known allergies", "NKDA", "No known conditions"])
).map(lambda said: ("AllergyIntolerance", {"id": said[0], "code": coded(said[1])}))
json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "code", "coding", "text", "status", "meta", "period", "name", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
kinds = st.sampled_from(
    ["Condition", "Observation", "Patient", "Flag", "Encounter", "CareTeam", "Nonsense", ""]
)
garbage = st.one_of(
    st.tuples(kinds, st.binary(max_size=20)),
    st.tuples(kinds, st.dictionaries(st.sampled_from(["id", "code", "meta", "name"]), json)),
)


def filed(said) -> list[Statement]:
    """The statements, each with an address of its own."""
    return [
        statement(source, kind, body, t=1 + n // 4, n=n % 4)
        for n, (source, (kind, body)) in enumerate(said)
    ]


def lists(what, size=14):
    return st.lists(st.tuples(sources, what), max_size=size).map(filed)


def addresses(record) -> Counter[tuple[int, int, int]]:
    """Where each statement stands, and how often."""
    every = [said for entry in record.entries for said in entry.said_by]
    every += [one.said for one in (*record.negatives, *record.superseded, *record.parked)]
    every += [said for said, _ in record.who.said_by] if record.who else []
    return Counter((said.patient, said.t, said.n) for said in every)


@EXAMPLES
@given(lists(st.one_of(sensible, garbage)))
def test_every_statement_is_in_exactly_one_place(statements):
    record = fold(statements)
    assert record.statements == len(statements) == places(record)
    assert addresses(record) == Counter((one.patient, one.t, one.n) for one in statements)


@EXAMPLES
@given(lists(st.one_of(sensible, garbage)), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_the_record(statements, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(statements)


close = st.sampled_from(["2026-01-01", "2026-01-10", "2026-01-30", "2026-03-01", "2026-06-01"])
few = st.sampled_from(["Stroke", "Ischaemic stroke", "Haemorrhagic stroke", "Left hip fracture"])
more_ids = st.integers(0, 40).map(str)
crowded = st.one_of(
    st.tuples(more_ids, few, close).map(
        lambda said: (
            "Condition",
            {"id": said[0], "code": coded(said[1]), "onsetDateTime": said[2]},
        )
    ),
    st.tuples(more_ids, st.sampled_from(["Warfarin 1mg", "Warfarin 3mg", "Warfarin"]), close).map(
        lambda said: (
            "MedicationRequest",
            {
                "id": said[0],
                "status": "active",
                "medicationCodeableConcept": coded(said[1]),
                "authoredOn": said[2],
            },
        )
    ),
    st.tuples(more_ids, st.sampled_from("xyz"), st.integers(1, 2), close).map(
        lambda said: (
            "Observation",
            {
                "id": said[0],
                "code": coded("Potassium"),
                "effectiveDateTime": said[3],
                "valueQuantity": {"value": said[2], "unit": "mmol/L"},
                "identifier": [{"system": "s", "value": said[1]}],
            },
        )
    ),
    st.tuples(more_ids, close, close).map(
        lambda said: (
            "Encounter",
            {
                "id": said[0],
                "class": {"code": "IMP"},
                "period": {"start": min(said[1:]), "end": max(said[1:])},
                "serviceProvider": {"display": "Northgate"},
            },
        )
    ),
    st.tuples(more_ids, close).map(
        lambda said: (
            "Procedure",
            {"id": said[0], "code": coded("Hip replacement"), "performedDateTime": said[1]},
        )
    ),
)


@EXAMPLES
@given(lists(crowded, size=24), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_which_statements_are_one(statements, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(statements)
    assert fold(statements[::-1]) == fold(statements)


@EXAMPLES
@given(lists(sensible), lists(denying, size=4))
def test_a_negative_never_hides_a_positive(statements, denials):
    later = [
        Statement(
            patient=one.patient,
            source=one.source,
            t=100 + n,
            n=0,
            kind=one.kind,
            message=one.message,
            place=one.place,
            received=RECEIVED,
            body=one.body.replace(b'"id":"', b'"id":"never-'),
        )
        for n, one in enumerate(denials)
    ]
    before, after = fold(statements), fold([*statements, *later])
    assert {(e.key, e.title, e.status) for e in before.entries} == {
        (e.key, e.title, e.status) for e in after.entries
    }


@EXAMPLES
@given(lists(sensible), st.sampled_from(Verdict), st.data())
def test_a_ruling_that_is_withdrawn_leaves_the_record_as_it_was(statements, verdict, data):
    before = fold(statements)
    keys = sorted({said.id_key for entry in before.entries for said in entry.said_by})
    about = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    ruling = Ruling(
        n=1,
        verdict=verdict,
        about=tuple(About(*key) for key in about),
        by="Dr Hale",
        why="because",
        at=RECEIVED,
    )
    ruled = fold(statements, [ruling])
    assert addresses(ruled) == addresses(before)
    if verdict is Verdict.NOT_SAME:
        alone = [e for e in ruled.entries if any(said.id_key in about for said in e.said_by)]
        assert len(alone) >= len(about)
    now = datetime(2026, 5, 1, tzinfo=UTC)
    withdrawn = Ruling(
        n=1,
        verdict=verdict,
        about=ruling.about,
        by=ruling.by,
        why=ruling.why,
        at=ruling.at,
        withdrawn=now,
    )
    assert fold(statements, [withdrawn]) == before


@EXAMPLES
@given(lists(sensible))
def test_keys_are_unique_and_every_entry_says_why(statements):
    record = fold(statements)
    keys = [entry.key for entry in record.entries]
    assert len(keys) == len(set(keys))
    assert all(entry.why and entry.title and entry.status for entry in record.entries)
    assert changes_since(record, record.t).count == 0
    assert all(key in keys for alert in checks(record) for key in alert.entries)


@EXAMPLES
@given(lists(bodies("Condition", code=meaning("condition"), onsetDateTime=dates), size=10))
def test_refuting_statements_never_join_or_hide_what_is_confirmed(statements):
    before = fold(statements)
    refuting = [
        Statement(
            patient=one.patient,
            source=one.source,
            t=100 + n,
            n=0,
            kind=one.kind,
            message=one.message,
            place=one.place,
            received=RECEIVED,
            body=one.body.replace(
                b'"id":"', b'"verificationStatus":{"coding":[{"code":"refuted"}]},"id":"not-'
            ),
        )
        for n, one in enumerate(statements)
    ]
    after = fold([*statements, *refuting])
    assert {e.key for e in before.entries} <= {e.key for e in after.entries}
    for entry in after.of(Kind.CONDITION):
        refuted = {said.id.startswith("not-") for said in entry.said_by}
        assert len(refuted) == 1
        assert (entry.status == "refuted") == refuted.pop()
