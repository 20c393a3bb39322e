"""Laws of what changed at a transfer of care, whatever is said, in whatever order. All made up."""

from datetime import date
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_fold_laws import EXAMPLES, bodies, filed, lists
from tests.unit.fold_statements import coded
from wholerecord.fold import Kind, Onward, Record, fold
from wholerecord.fold.record import Medicine, Word
from wholerecord.fold.transfer import Change, Sort
from wholerecord.fold.transfers import transfers

TODAY = date(2026, 3, 1)
days = st.sampled_from(
    [
        "2025-12-01",
        "2026-01",
        "2026-01-09",
        "2026-01-10",
        "2026-01-12",
        "2026-01-14",
        "2026-01-14T10:00:00Z",
        "2026-01-14T12:00:00Z",
        "2026-01-20",
        "2026-02-20",
        "",
    ]
)
moments = days.map(lambda day: {"lastUpdated": day} if day else {})
doses = st.sampled_from(["5 mg daily", "5mg once a day", "10 mg daily", ""])
named = st.sampled_from(["Ramipril", "Apixaban"]).map(coded)
ids = st.sampled_from("abcdef")
states = st.sampled_from(["active", "stopped", "completed", "on-hold", "draft", "odd"])


def told(kind, **fields):
    return st.fixed_dictionaries({"id": ids, **fields}).map(
        lambda body: (kind, {name: value for name, value in body.items() if value})
    )


orders = told(
    "MedicationRequest",
    status=states,
    medicationCodeableConcept=named,
    authoredOn=days,
    meta=moments,
    dosageInstruction=doses.map(lambda dose: [{"text": dose}] if dose else []),
    category=st.sampled_from(["", "", "discharge", "inpatient"]).map(
        lambda code: [{"coding": [{"code": code}]}] if code else []
    ),
    dispenseRequest=days.map(lambda day: {"validityPeriod": {"end": day}} if day else {}),
)
reports = told(
    "MedicationStatement",
    status=states,
    medicationCodeableConcept=named,
    effectivePeriod=st.tuples(days, days).map(
        lambda both: {name: day for name, day in zip(("start", "end"), both, strict=True) if day}
    ),
    dateAsserted=days,
    dosage=doses.map(lambda dose: [{"text": dose}] if dose else []),
)
given_or_handed = st.one_of(
    told(
        "MedicationAdministration",
        status=st.sampled_from(["completed", "not-done"]),
        medicationCodeableConcept=named,
        effectiveDateTime=days,
    ),
    told(
        "MedicationDispense",
        status=st.sampled_from(["completed", "cancelled"]),
        medicationCodeableConcept=named,
        whenHandedOver=days,
    ),
)
stays = bodies(
    "Encounter",
    status=st.sampled_from(["finished", "in-progress", "planned"]),
    period=st.tuples(days, days).map(lambda both: {"start": min(both), "end": max(both)}),
    serviceProvider=st.just({"display": "Northgate"}),
    **{"class": st.just({"code": "IMP"})},
)
STAY = (
    "acute",
    (
        "Encounter",
        {
            "id": "stay",
            "status": "finished",
            "class": {"code": "IMP"},
            "period": {"start": "2026-01-10T14:00:00Z", "end": "2026-01-14T11:00:00Z"},
        },
    ),
)
medicines = st.one_of(orders, orders, reports, given_or_handed)
sources = st.sampled_from(["gp", "acute", "pharmacy"])
one_stay = st.lists(st.tuples(sources, medicines), max_size=14).map(
    lambda said: filed([STAY, *said])
)
anything = lists(st.one_of(orders, reports, given_or_handed, stays), size=18)


def words_of(record: Record) -> list[Word]:
    return [
        word
        for entry in record.of(Kind.MEDICINE)
        if isinstance(entry.detail, Medicine)
        for word in entry.detail.words
    ]


@EXAMPLES
@given(st.one_of(one_stay, anything), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_a_transfer(statements, random):
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert transfers(fold(shuffled), TODAY) == transfers(fold(statements), TODAY)


@EXAMPLES
@given(st.one_of(one_stay, anything), st.integers(1, 6))
def test_a_record_that_goes_on_has_the_transfers_of_the_record_folded_anew(statements, size):
    onward = Onward(statements[:1])
    for start in range(1, len(statements), size):
        onward.further(statements[start : start + size])
    assert transfers(onward.record, TODAY) == transfers(fold(statements), TODAY)


@EXAMPLES
@given(one_stay)
def test_nothing_that_a_source_said_from_the_day_of_leaving_on_is_lost(statements):
    record = fold(statements)
    [leaving, arriving] = transfers(record, TODAY)
    told = {
        (word.said.t, word.said.n)
        for line in leaving.lines
        for turn in line.turns
        for word in turn.words
    }
    inside = {
        (word.said.t, word.said.n)
        for line in arriving.lines
        for turn in line.turns
        for word in turn.words
    }
    for word in words_of(record):
        since = word.since
        if since is None or word.ended is not None:
            continue
        at = (word.said.t, word.said.n)
        if date(2026, 1, 15) <= since.day <= date(2026, 2, 11) and word.place != "ward":
            assert at in told
        if (
            word.place != "home"
            and word.said.source == "acute"
            and date(2026, 1, 10) <= since.day < date(2026, 1, 14)
        ):
            assert at in inside


@EXAMPLES
@given(one_stay)
def test_whoever_ended_a_medicine_between_coming_and_leaving_is_heard(statements):
    record = fold(statements)
    [_, arriving] = transfers(record, TODAY)
    heard = {
        (word.said.t, word.said.n)
        for line in arriving.lines
        for turn in line.turns
        for word in turn.words
    }
    for word in words_of(record):
        if word.says == "ended" and word.ended is not None:
            inside = date(2026, 1, 10) <= word.ended.day <= date(2026, 1, 13)
            assert not inside or (word.said.t, word.said.n) in heard


@EXAMPLES
@given(one_stay)
def test_who_is_silent_is_named_and_silence_is_never_no_change(statements):
    for one in transfers(fold(statements), TODAY):
        for line in one.lines:
            speaking = {turn.source for turn in line.turns}
            assert not speaking & set(line.silent)
            assert line.turns or line.change is Change.NOT_KNOWN
            if not speaking & set(one.hospital):
                assert set(one.hospital) <= set(line.silent)
            if not line.turns:
                assert line.silent
            if not one.heard:
                assert not any(turn.change is Change.STARTED for turn in line.turns)


@EXAMPLES
@given(one_stay)
def test_every_medicine_that_was_or_may_have_been_taken_has_a_line_at_both(statements):
    both = {one.sort: one for one in transfers(fold(statements), TODAY)}
    before = {line.entry.key for line in both[Sort.ADMISSION].lines if line.before}
    assert before <= {line.entry.key for line in both[Sort.DISCHARGE].lines}


@EXAMPLES
@given(one_stay)
def test_each_word_is_told_by_its_own_source_and_once(statements):
    for one in transfers(fold(statements), TODAY):
        turns = list(chain.from_iterable(line.turns for line in one.lines))
        told = [(word.said.t, word.said.n) for turn in turns for word in turn.words]
        assert len(told) == len(set(told))
        assert all(word.said.source == turn.source for turn in turns for word in turn.words)
