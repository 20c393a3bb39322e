"""What changed since somebody looked."""

from datetime import timedelta

from tests.unit.fold_statements import PATIENTS, RECEIVED, allergy, condition, result, titles
from wholerecord.care import changes_after, changes_since
from wholerecord.fold import fold

GONE = {"coding": [{"code": "entered-in-error"}]}
OVER = {"coding": [{"code": "resolved"}]}
AT = "2026-03-01T09:00:00Z"


def at(moment, **more):
    return {"meta": {"lastUpdated": moment}, **more}


RECORD = fold(
    [
        condition("gp", "1", "Asthma", "2010", t=1),
        condition("gp", "2", "Gout", "2011", t=1, **at("2026-01-01T00:00:00Z")),
        condition("gp", "3", "Epilepsy", "2012", t=3),
        condition(
            "gp",
            "2",
            "Gout",
            "2011",
            t=3,
            **at("2026-02-01T00:00:00Z", clinicalStatus=OVER),
        ),
        condition("acute", "9", "Asthma", "2011", t=5),
        result("lab", "k", "2823-3", 4.1, AT, t=1, **at("2026-01-01")),
        result("lab", "k", "2823-3", 6.1, AT, t=2, **at("2026-01-02", status="corrected")),
        allergy("acute", "n", "No known allergies", t=5),
        condition("gp", "4", "COPD", "2012", t=1, **at("2026-01-01T00:00:00Z")),
        condition(
            "gp",
            "4",
            "COPD",
            "2012",
            t=3,
            **at("2026-02-01T00:00:00Z", verificationStatus=GONE),
        ),
    ]
)


def test_each_entry_filed_since_is_in_one_place():
    found = changes_since(RECORD, {PATIENTS["gp"]: 1, PATIENTS["acute"]: 4, PATIENTS["lab"]: 1})
    assert titles(found.new) == ["Epilepsy"]
    assert titles(found.changed) == ["Asthma"]
    assert titles(found.stopped) == ["Gout"]
    assert titles(found.corrected) == ["Potassium"]
    assert [one.said.source for one in found.denials] == ["acute"]
    assert [one.said.words for one in found.retracted] == ["COPD"]
    assert found.count == 6


def test_nothing_changed_since_everything_was_seen():
    assert changes_since(RECORD, RECORD.t).count == 0


def test_of_a_patient_never_seen_everything_is_new():
    seen = {PATIENTS["gp"]: 3, PATIENTS["lab"]: 2}
    assert titles(changes_since(RECORD, seen).changed) == ["Asthma"]
    assert len(changes_since(RECORD, {}).new) == 3


def test_a_moment_does_as_well_as_a_version():
    after = RECEIVED.replace(day=4)
    assert titles(changes_after(RECORD, after).changed) == ["Asthma"]
    assert changes_after(RECORD, after + timedelta(days=30)).count == 0
