"""A record that goes on, statement by statement, is the record folded anew."""

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_fold_laws import EXAMPLES, crowded, filed, garbage, lists, sensible
from tests.unit.fold_statements import RECEIVED, coded, status
from wholerecord.fold import About, Onward, Ruling, Verdict, fold

_CODE = [{"code": "AIAST"}]
ids = st.sampled_from("abc")
moments = st.sampled_from(["2026-01-01T10:00:00Z", "2026-01-01T11:00:00+01:00", "2026-01-01"])
to_observation = ids.map(lambda given: {"reference": f"Observation/{given}"})


def told(kind, **fields):
    """Bodies of a kind, with all their fields."""
    return st.fixed_dictionaries({"id": ids, **fields}).map(lambda body: (kind, body))


#: What says a number alone, whatever names it.
numbers = told(
    "Observation",
    code=st.sampled_from(["Potassium", "Systolic blood pressure"]).map(coded),
    effectiveDateTime=moments,
    status=st.sampled_from(["final", "corrected"]),
    meta=st.sampled_from(["2026-01-01", "2026-01-02"]).map(lambda at: {"lastUpdated": at}),
    valueQuantity=st.integers(1, 2).map(lambda value: {"value": value, "unit": "mmol/L"}),
)
#: Statements that look one another up, name one another, or say who made one another.
referring = st.one_of(
    told(
        "Observation",
        code=st.sampled_from(["Potassium", "Systolic blood pressure"]).map(coded),
        effectiveDateTime=moments,
        status=st.sampled_from(["final", "final", "entered-in-error"]),
        meta=st.sampled_from(["2026-01-01", "2026-01-02"]).map(lambda at: {"lastUpdated": at}),
        valueQuantity=st.integers(1, 2).map(lambda value: {"value": value, "unit": "mmol/L"}),
        specimen=ids.map(lambda given: {"reference": f"Specimen/{given}"}),
    ),
    numbers,
    told(
        "Observation",
        code=st.just(coded("Diastolic blood pressure")),
        effectiveDateTime=moments,
        status=st.just("final"),
        valueQuantity=st.just({"value": 70, "unit": "mmHg"}),
        hasMember=st.lists(to_observation, max_size=1),
    ),
    told(
        "Specimen",
        identifier=st.sampled_from("xy").map(lambda value: [{"system": "s", "value": value}]),
    ),
    told(
        "DiagnosticReport",
        code=st.sampled_from(["Bone profile", "Renal profile"]).map(coded),
        status=st.sampled_from(["final", "entered-in-error"]),
        result=st.lists(to_observation, min_size=1, max_size=2),
        conclusion=st.sampled_from(["", "All well."]),
    ),
    told("Medication", code=st.sampled_from(["Warfarin", "Apixaban"]).map(coded)),
    told(
        "MedicationRequest",
        status=st.just("active"),
        medicationReference=ids.map(lambda given: {"reference": f"Medication/{given}"}),
        authoredOn=moments,
    ),
    told(
        "Provenance",
        target=st.lists(to_observation, max_size=1),
        agent=st.just([{"who": {"reference": "Device/1"}, "role": [status("author")]}]),
    ),
    told("Condition", code=st.just(coded("Stroke")), meta=st.just({"security": _CODE})),
)
referred = st.lists(st.tuples(st.just("gp"), referring), max_size=16).map(filed)
said = st.one_of(lists(st.one_of(sensible, crowded, garbage), size=30), referred)


def goes_on(statements, rulings, sizes):
    """The record after each part of the statements came in turn."""
    first, *more = sizes
    onward = Onward(statements[:first], rulings)
    yield first, onward.record
    for size in more:
        if first < len(statements):
            record = onward.further(statements[first : first + size])
            first += size
            yield first, record


@EXAMPLES
@given(said, st.lists(st.integers(1, 4), min_size=4, max_size=12))
def test_a_record_that_goes_on_is_the_record_folded_anew(statements, sizes):
    for so_far, record in goes_on(statements, (), sizes):
        assert record == fold(statements[:so_far])


@EXAMPLES
@given(said, st.sampled_from(Verdict), st.data(), st.lists(st.integers(1, 4), min_size=4))
def test_a_record_that_goes_on_stays_as_it_was_ruled(statements, verdict, data, sizes):
    entries = fold(statements).entries
    keys = sorted({said.id_key for entry in entries for said in entry.said_by})
    about = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    ruling = Ruling(
        n=1,
        verdict=verdict,
        about=tuple(About(*key) for key in about),
        by="Dr Hale",
        why="because",
        at=RECEIVED,
    )
    for so_far, record in goes_on(statements, [ruling], sizes):
        assert record == fold(statements[:so_far], [ruling])
