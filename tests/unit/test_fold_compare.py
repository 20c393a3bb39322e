"""Two folds held against each other."""

import json
from datetime import UTC, datetime
from typing import Any

from wholerecord.fold import Kind, Record, fold
from wholerecord.fold.compare import Act, differences, digest
from wholerecord.record import Statement

CONDITION = {
    "resourceType": "Condition",
    "id": "c1",
    "code": {"text": "Stroke"},
    "clinicalStatus": {"coding": [{"code": "active"}]},
}
ADA = {"resourceType": "Patient", "id": "p", "name": [{"family": "Marsh", "given": ["Ada"]}]}


def statement(body: dict[str, Any], *, t: int = 1, replaced: bool = False) -> Statement:
    return Statement(
        patient=1,  # type: ignore[arg-type]
        source="gp",
        t=t,
        n=0,
        kind=body["resourceType"],
        message=t,  # type: ignore[arg-type]
        place=f"entry[{t}]",
        received=datetime(2026, 3, t, tzinfo=UTC),
        body=json.dumps(body).encode(),
        replaced=replaced,
    )


def of(*bodies: dict[str, Any], t: int = 1) -> Record:
    return fold([statement(body, t=t) for body in bodies])


def test_the_same_words_kept_elsewhere_are_no_difference():
    assert differences(of(CONDITION, ADA), of(CONDITION, ADA, t=2)) == ()
    assert digest(of(CONDITION)) != digest(of(CONDITION, t=2))


def test_an_entry_is_added_removed_or_changed():
    [added] = differences(of(), of(CONDITION))
    assert (added.act, added.kind, added.was) == (Act.ADDED, Kind.CONDITION, "")
    [removed] = differences(of(CONDITION), of())
    assert (removed.act, removed.was) == (Act.REMOVED, "Stroke (active)")
    [changed] = differences(of(CONDITION), of(CONDITION | {"code": {"text": "Migraine"}}))
    assert (changed.act, changed.was, changed.now) == (
        Act.CHANGED,
        "Stroke (active)",
        "Migraine (active)",
    )
    assert "title" in changed.parts
    assert "who says it" in changed.parts


def test_a_name_that_changed_is_named_as_changed_and_not_told():
    other = ADA | {"name": [{"family": "Hill", "given": ["Ada"]}]}
    [changed] = differences(of(ADA), of(other))
    assert (changed.act, changed.kind, changed.was, changed.now) == (Act.CHANGED, None, "", "")
    assert "names" in changed.parts
    assert "Hill" not in repr(changed)


def test_a_replaced_statement_is_in_no_entry_and_is_not_lost():
    record = fold([statement(CONDITION, replaced=True), statement(ADA, t=2)])
    assert record.of(Kind.CONDITION) == ()
    assert [one.why for one in record.superseded] == ["Replaced: its message was read again."]
    assert record.statements == 2
