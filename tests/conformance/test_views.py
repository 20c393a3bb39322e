"""The tables that are counted, made of what every store holds."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from tests.conformance.demographics import described, patient, tell
from wholerecord.access import Doorway, Refused, Store
from wholerecord.consent import Purpose, Rule, View, standing_rules
from wholerecord.record import PersonId
from wholerecord.research.known import numbers_of, read_known
from wholerecord.research.refresh import refresh
from wholerecord.research.snapshot import NoSnapshot, Snapshot, latest_snapshot, snapshots
from wholerecord.research.tables import CONCEPT, TABLES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SNOMED = "http://snomed.info/sct"
ADA, BEA = "9990000018", "9990000026"
SECRET = "Mrs Neighbour said so"


def condition(of: str, number: str, code: str, on: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": number,
        "subject": {"reference": f"Patient/{of}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": SNOMED, "code": code}], "text": SECRET},
        "note": [{"text": SECRET}],
        "onsetDateTime": on,
        **more,
    }


def hba1c(of: str, number: str, value: str, at: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": number,
        "status": "final",
        "subject": {"reference": f"Patient/{of}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "effectiveDateTime": at,
        "valueQuantity": {"value": json.loads(value), "unit": "mmol/mol"},
        "note": [{"text": SECRET}],
    }


async def snapshot(store: Store, folder: Path, day: int = 0) -> Snapshot:
    made = await refresh(Doorway(store), folder, now=NOW + timedelta(days=day))
    assert isinstance(made, Snapshot), made
    assert list(made.faults()) == []
    return made


def rows(of: Snapshot, table: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as engine:
        return engine.read_parquet(str(of.file(table))).fetchall()


def whole(of: Snapshot) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, by who it is about and not by number."""
    names = {one.person: whose for whose, one in read_known(of).items()}
    return {
        table: sorted(((names[row[0]], *row[1:]) for row in rows(of, table)), key=repr)
        for table in TABLES
    }


async def standing(store: Store) -> None:
    for rule in standing_rules():
        await store.add_rule(rule)


async def two_people(store: Store) -> None:
    await standing(store)
    await tell(
        store,
        "gp",
        described("a", "Example", "Ada", "1950-03-12", nhs=ADA),
        condition("a", "c1", "230690007", "2024-02-01"),
        hba1c("a", "o1", "48.5", "2024-03-01T09:00:00Z"),
    )
    await tell(
        store,
        "hospital",
        described("h", "Example", "Ada", "1950-03-12", nhs=ADA),
        condition("h", "c1", "422504002", "2024-02-01T10:00:00Z"),
    )
    await tell(
        store,
        "gp",
        described("b", "Other", "Bea", "1960-01-02", nhs=BEA, postcode="LS1 4AP"),
        condition("b", "c2", "44054006", "2020"),
    )


async def test_a_stroke_said_twice_is_one_row_for_each_of_its_codes(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    made = await snapshot(store, tmp_path)
    assert made.manifest.people == made.manifest.folded == 2
    ada = (await store.person_of(patient("gp", "a"))) or PersonId("")
    [number] = numbers_of(made, [ada])
    mine = [row[1:3] for row in rows(made, "condition") if row[0] == number]
    assert sorted(mine) == sorted(
        [
            ("stroke", CONCEPT),
            ("ischaemic-stroke", CONCEPT),
            ("230690007", SNOMED),
            ("422504002", SNOMED),
        ]
    )
    morning = datetime.fromisoformat("2024-03-01T09:00:00")
    assert [row[1:4] for row in rows(made, "observation")] == [
        ("4548-4", "http://loinc.org", morning),
        ("hba1c", CONCEPT, morning),
    ]
    assert {row[4:] for row in rows(made, "observation")} == {(48.5, "mmol/mol", None)}
    assert {(row[1], str(row[2]), row[5]) for row in rows(made, "person")} == {
        ("female", "1950-03-12", "LS2"),
        ("female", "1960-01-02", "LS1"),
    }


async def test_nothing_that_names_somebody_or_was_written_freely_is_in_any_byte(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    made = await snapshot(store, tmp_path)
    said = json.dumps({table: rows(made, table) for table in TABLES}, default=str)
    for word in (SECRET, "Neighbour", "Example", "Ada", ADA, BEA, "LS2 9JT", "9JT"):
        assert word not in said


async def test_a_number_or_words_where_a_code_belongs_are_no_code(
    store: Store, tmp_path: Path
) -> None:
    await standing(store)
    odd = [
        {"system": "urn:local", "code": ADA},
        {"system": "urn:local", "code": "fell at her daughter Jane's"},
        {"system": "urn:local", "code": "X" * 41},
        {"code": "no-system"},
        {"system": "urn:local", "code": "D7"},
    ]
    said = condition("a", "c1", "1", "2024-02-01")
    said["code"] = {"coding": odd}
    await tell(store, "gp", described("a", "Example", "Ada", "1950-03-12", nhs=ADA), said)
    made = await snapshot(store, tmp_path)
    assert [row[1:3] for row in rows(made, "condition")] == [("D7", "urn:local")]


async def test_only_who_changed_is_folded_again_and_the_rows_are_those_of_a_whole_refresh(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    first = await snapshot(store, tmp_path / "a")
    again = await snapshot(store, tmp_path / "a", 1)
    assert again.manifest.folded == 0
    assert whole(again) == whole(first)
    await tell(
        store,
        "gp",
        described("b", "Other", "Bea", "1960-01-02", nhs=BEA, postcode="LS1 4AP"),
        hba1c("b", "o2", "61", "2026-01-05T09:00:00Z"),
        condition("b", "c2", "44054006", "2019"),
    )
    later = await snapshot(store, tmp_path / "a", 2)
    assert later.manifest.folded == 1
    assert whole(later) == whole(await snapshot(store, tmp_path / "b", 2))
    assert whole(later) != whole(first)
    assert whole(again) == whole(first)  # the old one stands


async def test_a_visit_told_later_ends_the_wait_that_it_is_for(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    referral = {
        "resourceType": "ServiceRequest",
        "id": "r1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/b"},
        "category": [{"coding": [{"system": SNOMED, "code": "3457005"}], "text": SECRET}],
        "authoredOn": "2026-02-01",
    }
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "subject": {"reference": "Patient/b"},
        "class": {"code": "AMB"},
        "basedOn": [{"reference": "ServiceRequest/r1"}],
        "period": {"start": "2026-07-01T09:00:00Z"},
    }
    bea = described("b", "Other", "Bea", "1960-01-02", nhs=BEA, postcode="LS1 4AP")
    await tell(store, "gp", bea, referral)
    first = await snapshot(store, tmp_path)
    assert {row[4:6] for row in rows(first, "referral")} == {(None, "waiting")}
    await tell(store, "gp", bea, visit)
    later = await snapshot(store, tmp_path, 1)
    assert {row[4:6] for row in rows(later, "referral")} == {(date(2026, 7, 1), "seen")}
    assert later.manifest.folded == 1


async def test_tables_of_an_earlier_version_are_made_anew_and_everybody_keeps_their_number(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    first = await snapshot(store, tmp_path)
    numbers = {whose: one.person for whose, one in read_known(first).items()}
    parts = tuple(part for part in first.manifest.parts if part.table != "referral")
    old = msgspec.structs.replace(
        first.manifest, parts=parts, versions={**first.manifest.versions, "tables": "1"}
    )
    (first.path / "manifest.json").write_bytes(msgspec.json.encode(old))
    with pytest.raises(NoSnapshot):
        latest_snapshot(tmp_path)
    await tell(store, "gp", described("c", "New", "Cy", "1970-01-02", nhs="9990000034"))
    later = await snapshot(store, tmp_path, 1)
    assert later.manifest.folded == 3
    now = {whose: one.person for whose, one in read_known(later).items()}
    assert numbers.items() <= now.items()
    assert latest_snapshot(tmp_path).manifest.name == later.manifest.name


async def test_who_is_nobody_any_longer_has_no_row_and_gives_their_number_to_nobody(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    first = await snapshot(store, tmp_path)
    bea = await store.person_of(patient("gp", "b"))
    ada = await store.person_of(patient("gp", "a"))
    assert bea is not None
    assert ada is not None
    gone = numbers_of(first, [bea])
    event = await store.join(patient("gp", "b"), ada, by="dr", why="the same")
    joined = await snapshot(store, tmp_path, 1)
    assert joined.manifest.people == 1
    assert not gone & {row[0] for row in rows(joined, "condition")}
    assert len(rows(joined, "condition")) == len(rows(first, "condition"))
    await store.take_back(event.n, by="dr", why="they are not")
    parted = await snapshot(store, tmp_path, 2)
    assert whole(parted)["condition"] == whole(first)["condition"]


@pytest.mark.parametrize("label", ["sealed", "STD"])
async def test_what_is_sealed_or_kept_within_care_by_law_is_never_written(
    store: Store, tmp_path: Path, label: str
) -> None:
    await standing(store)
    await tell(
        store,
        "gp",
        described("a", "Example", "Ada", "1950-03-12", nhs=ADA),
        condition("a", "c1", "230690007", "2024-02-01", meta={"security": [{"code": label}]}),
        condition("a", "c2", "44054006", "2020"),
    )
    made = await snapshot(store, tmp_path)
    assert {row[1] for row in rows(made, "condition")} == {"type-2-diabetes", "44054006"}


async def test_what_somebody_hides_from_care_leaves_the_next_snapshot(
    store: Store, tmp_path: Path
) -> None:
    await two_people(store)
    first = await snapshot(store, tmp_path)
    ada = await store.person_of(patient("gp", "a"))
    hidden = Rule(
        allow=False,
        purpose=Purpose.DIRECT_CARE,
        reason="hidden by the person",
        person=ada,
        item=f"{patient('gp', 'a')}/Condition/c1",
    )
    await store.add_rule(hidden)
    later = await snapshot(store, tmp_path, 1)
    assert later.manifest.folded == 1
    assert len(rows(first, "condition")) == 6
    assert {row[1] for row in rows(later, "condition")} == {"type-2-diabetes", "44054006"}


async def test_a_restricted_person_is_nowhere(store: Store, tmp_path: Path) -> None:
    await standing(store)
    await tell(
        store, "gp", described("a", "Example", "Ada", "1950-03-12", nhs=ADA, restricted=True)
    )
    made = await snapshot(store, tmp_path)
    assert [row[5] for row in rows(made, "person")] == [None]


async def test_all_the_copying_is_one_opening_and_without_a_rule_there_is_none(
    store: Store, tmp_path: Path
) -> None:
    refused = await refresh(Doorway(store), tmp_path, now=NOW)
    assert isinstance(refused, Refused)
    assert snapshots(tmp_path) == ()
    await two_people(store)
    before = len(await store.openings())
    await snapshot(store, tmp_path)
    [opening] = (await store.openings())[before:]
    assert (opening.actor, opening.purpose, opening.view) == ("views", "research", "count")
    assert opening.view == View.COUNT.value
    assert opening.allowed


async def test_a_state_changes_with_statements_rulings_and_a_persons_own_rules(
    store: Store,
) -> None:
    await two_people(store)
    seen = [dict(await store.states())]
    ada = await store.person_of(patient("gp", "a"))
    assert ada is not None
    await tell(store, "gp", described("a", "Example", "Ada", "1950-03-12", nhs=ADA, died="2026"))
    seen.append(dict(await store.states()))
    rule = await store.add_rule(
        Rule(allow=False, purpose=Purpose.RESEARCH, reason="opted out", person=ada)
    )
    seen.append(dict(await store.states()))
    await store.end_rule(rule.n)
    seen.append(dict(await store.states()))
    assert len({each[ada] for each in seen}) == 3
    assert seen[1] == seen[3]
    others = [{whose: state for whose, state in each.items() if whose != ada} for each in seen]
    assert all(each == others[0] for each in others)
