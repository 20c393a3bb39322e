"""The fold's laws over cancers: primaries, recurrences, spread, histories and screenings, mixed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.test_fold_laws import SOAK, addresses, bodies, lists
from tests.unit.fold_statements import RECEIVED, coded, places, status
from tests.unit.test_fold_cancers import morphology
from wholerecord.fold import About, Condition, Kind, Onward, Ruling, Verdict, fold
from wholerecord.fold.cancer import Role
from wholerecord.fold.cancer_said import can_be_one

EXAMPLES = settings(max_examples=2000 if SOAK else 25, deadline=None)
WORDS = (
    *("", "Breast cancer", "Left breast cancer", "History of breast cancer", "Bowel cancer"),
    *("Recurrence of bowel cancer", "Breast screening invitation", "Liver metastases", "Cancer"),
)
CODES = ("C50.9", "C18.7", "C20", "C78.7", "C79.9", "Z85.3", "Z85.9", "C80", "C34.1", "")
STATES = ("active", "remission", "recurrence", "resolved")
DATES = ("2012", "2012-01-01", "2012-05-01", "2019-01-01", "2019-02-10", "2019-08-01", "")


def code(said):
    words, icd10 = said
    return coded(words, icd10=icd10) if icd10 else coded(words)


_said = bodies(
    "Condition",
    code=st.tuples(st.sampled_from(WORDS), st.sampled_from(CODES)).map(code),
    onsetDateTime=st.sampled_from(DATES),
    recordedDate=st.sampled_from(DATES),
    clinicalStatus=st.sampled_from(STATES).map(status),
    verificationStatus=st.sampled_from(["confirmed", "provisional", "refuted"]).map(status),
    category=st.sampled_from(["encounter-diagnosis", "problem-list-item"]).map(
        lambda code: [status(code)]
    ),
    bodySite=st.sampled_from(["left", "right"]).map(lambda side: [{"text": side}]),
    extension=st.sampled_from(["8140/3", "8041/3", "8010/3"]).map(
        lambda found: morphology(found)["extension"]
    ),
    stage=st.just([{"summary": {"text": "IIB"}, "assessment": [{"reference": "Observation/a"}]}]),
)
of_cancer = st.tuples(_said, st.integers(0, 30)).map(
    lambda both: (both[0][0], {**both[0][1], "id": str(both[1])})
)


def cancers(record):
    for entry in record.of(Kind.CONDITION):
        if isinstance(entry.detail, Condition) and entry.detail.cancer:
            yield entry, entry.detail.cancer


@EXAMPLES
@given(lists(of_cancer, size=20), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_no_tumour_and_nothing_is_lost(statements, random):
    record = fold(statements)
    assert places(record) == len(statements)
    assert set(addresses(record).values()) <= {1}
    shuffled = list(statements)
    random.shuffle(shuffled)
    assert fold(shuffled) == record


@EXAMPLES
@given(lists(of_cancer, size=20), st.integers(0, 20))
def test_a_record_that_goes_on_has_the_tumours_of_one_folded_anew(statements, cut):
    onward = Onward(statements[:cut])
    assert onward.further(statements[cut:]) == fold(statements)


@EXAMPLES
@given(lists(of_cancer, size=20))
def test_no_history_is_active_no_spread_is_a_primary_and_no_screening_is_a_cancer(statements):
    for entry, cancer in cancers(fold(statements)):
        said = {said.id_key for said in entry.said_by}
        codes = {code.code for said in entry.said_by for code in said.codes}
        if cancer.role is Role.HISTORY:
            assert entry.status in {"resolved", "refuted"}
        if cancer.role is Role.PRIMARY:
            assert not codes & {"C78.7", "C79.9"}
        if cancer.role is Role.NONE:
            assert len(said) == 1
            assert entry.status in {"unknown", "refuted"}


@EXAMPLES
@given(lists(of_cancer, size=20))
def test_no_statement_is_of_a_tumour_of_another_site(statements):
    whole = fold(statements)
    alone = {
        (said.patient, said.t, said.n): cancer.site  # its id may have been said again otherwise
        for one in statements
        for entry, cancer in cancers(fold([one]))
        for said in entry.said_by
        if cancer.role is Role.PRIMARY
    }
    for entry, cancer in cancers(whole):
        if cancer.role is Role.PRIMARY:
            for said in entry.said_by:
                own = alone.get((said.patient, said.t, said.n), "")
                assert can_be_one(own, cancer.site)


@EXAMPLES
@given(lists(of_cancer, size=12), st.sampled_from(Verdict), st.data())
def test_a_ruling_about_cancers_loses_nothing_whatever_it_joins(statements, verdict, data):
    keys = sorted({key for entry in fold(statements).entries for key in _keys(entry)})
    about = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    ruling = Ruling(
        n=1,
        verdict=verdict,
        about=tuple(About(*key) for key in about),
        by="Dr Hale",
        why="because",
        at=RECEIVED,
    )
    assert addresses(fold(statements, [ruling])) == addresses(fold(statements))


def _keys(entry):
    return [said.id_key for said in entry.said_by]
