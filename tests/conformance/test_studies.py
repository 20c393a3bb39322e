"""Studies sent in, on snapshots of what every store holds: who is counted, and what is released."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.conformance.demographics import described, patient
from tests.conformance.test_views import condition
from wholerecord import worker
from wholerecord.access import Actor, Doorway, Refused, Store
from wholerecord.access.studying import left_out
from wholerecord.consent import Purpose, Role, Rule, standing_rules
from wholerecord.consent.outs import refusal
from wholerecord.intake import Arrival
from wholerecord.record import PersonId, Source
from wholerecord.research.board.count import Board
from wholerecord.research.board.show import board
from wholerecord.research.known import read_known
from wholerecord.research.refresh import refresh
from wholerecord.research.snapshot import Snapshot, latest_snapshot
from wholerecord.research.study.beside import read_written
from wholerecord.research.study.book import Case, Sent, Standing
from wholerecord.research.study.project import Project
from wholerecord.research.study.pseudonyms import key_id, make_key, read_key
from wholerecord.research.study.release import State, code_hash
from wholerecord.research.study.spark import NoSpark, spark_is_here
from wholerecord.research.study.submit import Place, submit
from wholerecord.storage import memory

PEOPLE = 30
TODAY = datetime(2026, 12, 1, tzinfo=UTC)
STUDY = b"""
has = condition.where(row.code in codes("44054006"))
study("Diabetes", people=has.exists())
table("by sex", by=[person.sex])
"""
ALL = [(("female",), 15), (("male",), 15)]


async def place(store: Store, folder: Path) -> Place:
    """A place with thirty people who all have diabetes, and a project of Ann's."""
    for rule in standing_rules():
        await store.add_rule(rule)
    await store.declare(Source(name="gp", controller="RXGP", title="gp"))
    for n in range(PEOPLE):
        sex = "female" if n % 2 else "male"
        born = f"{1940 + n}-0{1 + n % 9}-1{n % 9}"
        told = described(f"a{n}", f"Surname{chr(97 + n % 26)}{n}", f"Given{n}", born, sex,
                         postcode=f"LS{1 + n} {n % 9}AB")  # fmt: skip
        entries = [
            {"resource": each} for each in (told, condition(f"a{n}", f"c{n}", "44054006", "2020"))
        ]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        await store.keep(Arrival(source="gp", body=json.dumps(bundle).encode(), name="test"))
    await worker.settle(store, worker.prepare_here)
    assert len(await store.people()) == PEOPLE
    made = Place(way=Doorway(store), book=store, snapshots=folder / "s", keys=folder)
    file = made.key_file("p1")
    make_key(file)
    project = Project(
        id="p1",
        title="A project",
        legal_basis="section 251",
        controller="RXA",
        purposes=frozenset({Purpose.RESEARCH}),
        ends=date(2026, 12, 31),
        people=frozenset({"ann"}),
        key=key_id(read_key(file)),
    )
    await store.add_project(project)
    await fresh(made)
    return made


async def fresh(at: Place) -> Snapshot:
    """A snapshot of now."""
    made = await refresh(at.way, at.snapshots, now=datetime.now(UTC))
    assert isinstance(made, Snapshot)
    return made


def sent(raw: bytes = STUDY, **more) -> Sent:
    said = {"project": "p1", "actor": "ann", "purpose": Purpose.RESEARCH, "sql": False} | more
    return Sent(code=code_hash(raw, {}), raw=raw, lists={}, **said)


async def ask(at: Place, raw: bytes = STUDY, **more) -> Case:
    return await submit(at, sent(raw, **more), now=lambda: TODAY, pace=0)


async def numbered(store: Store, at: Place, n: int) -> int:
    """The number in the tables of whoever patient n is."""
    whose = await store.person_of(patient("gp", f"a{n}")) or PersonId("")
    return read_known(latest_snapshot(at.snapshots))[whose].person


async def opt_out(store: Store, n: int, reason: str = "national data opt-out") -> Rule:
    whose = await store.person_of(patient("gp", f"a{n}"))
    return await store.add_rule(
        Rule(allow=False, purpose=Purpose.RESEARCH, person=whose, reason=reason)
    )


async def counted(store: Store, at: Place, n: int) -> bool:
    """Whether patient n's person was counted in the newest study."""
    [case, *_] = await store.study_cases(limit=1)
    return case.n in await store.studies_with(await numbered(store, at, n))


async def out_of(store: Store, at: Place) -> frozenset[PersonId]:
    """Who is left out of studies on the newest tables."""
    since = latest_snapshot(at.snapshots).manifest.as_of
    return (await left_out(store, Purpose.RESEARCH, project="p1", since=since)).people


async def test_a_clear_study_is_released_and_each_person_counted_can_find_it(store, tmp_path):
    at = await place(store, tmp_path)
    case = await ask(at)
    assert case.standing is Standing.RELEASED, case.ran
    assert list(case.ran.told.tables[0].rows) == ALL
    assert (case.ran.told.before, case.ran.told.after) == (30, 30)
    assert case.ran.snapshot == latest_snapshot(at.snapshots).manifest.name
    assert await counted(store, at, 3)
    [look] = [each for each in await store.openings() if each.part.startswith("study 1 of")]
    assert (look.actor, look.allowed, look.purpose) == ("ann", True, "research")
    again = await ask(at)  # given again without a charge, and nothing is added to the ledger
    assert again.ran.told.tables == case.ran.told.tables


async def test_a_query_goes_the_same_way_and_is_held_against_studies(store, tmp_path):
    at = await place(store, tmp_path)
    query = b"SELECT p.sex, COUNT(DISTINCT p.person) FROM person AS p GROUP BY p.sex"
    case = await ask(at, query, sql=True)
    assert (case.standing, list(case.ran.told.tables[0].rows)) == (Standing.RELEASED, ALL)
    near = query.replace(b" GROUP", b" WHERE p.born > DATE '1942-06-01' GROUP")
    assert (await ask(at, near, sql=True)).standing is Standing.WAITING
    wrong = await ask(at, b"SELECT * FROM person", sql=True)
    assert wrong.standing is Standing.WRONG
    assert "Star cannot be used" in wrong.ran.told.why


REFUSALS = (
    ({"actor": "bob"}, "is not named in project p1"),
    ({"project": "p9"}, "There is no project of that id"),
    ({"purpose": Purpose.PLANNING}, "is not approved for planning"),
    ({"purpose": Purpose.DIRECT_CARE}, "It may not be asked"),
)


async def test_where_there_is_no_spark_a_study_for_it_is_kept_and_says_what_is_missing(
    store, tmp_path, monkeypatch
):
    monkeypatch.setattr("wholerecord.research.study.spark.spark_is_here", lambda: False)
    at = replace(await place(store, tmp_path), spark="spark://127.0.0.1:7077")
    with pytest.raises(NoSpark, match="Java 17"):
        await ask(at)
    [case] = await store.study_cases()
    assert case.ran.state is State.WRONG
    query = b"SELECT p.sex, COUNT(DISTINCT p.person) FROM person AS p GROUP BY p.sex"
    assert (await ask(at, query, sql=True)).standing is Standing.RELEASED  # by DuckDB


@pytest.mark.skipif(not spark_is_here(), reason="no Spark: install the pyspark wheel and Java 17")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_study_sent_to_spark_is_released_as_one_sent_to_duckdb(tmp_path_factory):
    here = await place(memory.Store(), tmp_path_factory.mktemp("here"))
    there = replace(await place(memory.Store(), tmp_path_factory.mktemp("there")), spark="local[1]")
    one, other = await ask(here), await ask(there)
    assert other.ran.told == one.ran.told
    assert other.standing is Standing.RELEASED


async def test_who_may_not_ask_is_told_why_and_the_attempt_is_kept(store, tmp_path):
    at = await place(store, tmp_path)
    for n, (more, told) in enumerate(REFUSALS, 1):
        case = await ask(at, **more)
        assert (case.n, case.standing) == (n, Standing.REFUSED)
        assert told in case.ran.told.why
        assert case.ran.told.tables == ()
        assert [each.part for each in await store.openings() if f"study {n} of" in each.part]
    late = await submit(at, sent(), now=lambda: TODAY.replace(year=2027), pace=0)
    assert "Project p1 ended on 2026-12-31" in late.ran.told.why
    assert await store.releases() == []


async def test_a_study_that_cannot_be_run_is_kept_with_its_line(store, tmp_path):
    at = await place(store, tmp_path)
    case = await ask(at, b"x = 1\nimport os")
    assert case.standing is Standing.WRONG
    assert "Line 2" in case.ran.told.why
    at.key_file("p1").unlink()
    assert "key of project p1 is missing" in (await ask(at)).ran.told.why
    make_key(at.key_file("p1"))  # another key gives other pseudonyms: it is not the project's
    assert (await ask(at)).standing is Standing.REFUSED
    none = replace(at, snapshots=tmp_path / "none")
    assert "no tables yet" in (await ask(none)).ran.told.why


async def test_opt_outs_are_told_apart_and_leave_people_out(store, tmp_path):
    at = await place(store, tmp_path)
    for n in range(8):
        await opt_out(store, n)
    for n in range(8, 10):
        await opt_out(store, n, "Type 1 opt-out, told the practice")
    whose = await store.person_of(patient("gp", "a10")) or PersonId("")
    await store.add_rule(refusal(whose, "p1", Purpose.RESEARCH, reason="not this one"))
    other = await store.person_of(patient("gp", "a11")) or PersonId("")
    await store.add_rule(refusal(other, "p2", Purpose.RESEARCH, reason="another project"))
    case = await ask(at)
    assert case.ran.told.after == 20
    assert dict(case.ran.told.left_out) == {
        "national data opt-out": 10,
        "type 1 opt-out": None,
        "refused this project": None,
    }
    assert [await counted(store, at, n) for n in (0, 8, 10, 11)] == [False, False, False, True]


async def test_who_opted_out_is_in_nothing_after_merge_unmerge_and_restore(store, tmp_path):
    at = await place(store, tmp_path)
    rule = await opt_out(store, 0)
    own, other = patient("gp", "a0"), patient("gp", "a1")
    alone = await store.person_of(own) or PersonId("")
    kept = await store.person_of(other) or PersonId("")
    await store.join(own, kept, by="dr", why="one person")
    await ask(at)  # on tables from before the merge
    assert not await counted(store, at, 1)
    await fresh(at)
    await ask(at)
    assert not await counted(store, at, 1)
    undone = await store.unlink(own, by="dr", why="they are two")
    assert undone.person == alone
    await ask(at)  # on tables in which both are one
    assert [await counted(store, at, n) for n in (1, 2)] == [False, True]
    await fresh(at)
    case = await ask(at)
    assert case.standing is Standing.WAITING  # there is one more than before: two look at it
    assert await out_of(store, at) == {alone}
    await store.end_rule(rule.n)
    assert await out_of(store, at) == frozenset()


async def test_a_second_snapshot_is_held_against_what_the_first_released(store, tmp_path):
    at = await place(store, tmp_path)
    assert (await ask(at)).standing is Standing.RELEASED
    await opt_out(store, 4)
    await fresh(at)
    for _ in range(3):
        case = await ask(at)
        assert case.standing is Standing.WAITING
        assert case.ran.near
        assert case.ran.told.tables  # for the checkers
    locked = await ask(at, STUDY.replace(b"person.sex", b"person.area"))
    assert "came too near to earlier releases too often" in locked.ran.told.why
    for n in (2, 3, 4):
        await store.check_study(n, by="cat", approve=False, why="wait")
    freed = await ask(at, STUDY.replace(b"person.sex", b"person.area"))
    assert "too often" not in freed.ran.told.why


async def with_healthy(store: Store, folder: Path) -> Place:
    """The same, beside twenty who have nothing: so that a board has two halves."""
    at = await place(store, folder)
    for n in range(20):
        sex, born = "female" if n % 2 else "male", f"{1940 + n}-12-2{n % 8}"
        told = described(f"h{n}", f"Healthy{chr(97 + n)}", f"Well{n}", born, sex,
                         postcode=f"BD{1 + n} {n % 9}AB")  # fmt: skip
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": told}]}
        await store.keep(Arrival(source="gp", body=json.dumps(bundle).encode(), name="test"))
    await worker.settle(store, worker.prepare_here)
    await fresh(at)
    return at


async def planned(at: Place, now: datetime = TODAY) -> Board:
    """The board of diabetes, as a researcher sees it."""
    door = at.way.door(Actor(id="pat", name="Pat", role=Role.RESEARCHER, organisation="RXA"))
    folder = at.snapshots
    made = await board(door, at.book, folder, "prevalence-diabetes", purpose=Purpose.RESEARCH,
                       now=now)  # fmt: skip
    assert not isinstance(made, Refused)
    return made[1]


async def test_a_study_near_to_what_a_board_showed_waits_for_two(store, tmp_path):
    at = await with_healthy(store, tmp_path)
    await planned(at)
    [kept] = await store.board_releases()
    assert read_written(kept)[1]
    near = STUDY.replace(b"has.exists()", b"has.exists() and person.born > date(1942, 1, 1)")
    case = await ask(at, near)
    assert case.standing is Standing.WAITING
    assert case.ran.near
    assert (await ask(at)).standing is Standing.RELEASED  # the board's own people


async def test_a_board_near_to_what_a_study_released_leaves_its_table_out(store, tmp_path):
    at = await with_healthy(store, tmp_path)
    near = STUDY.replace(b"has.exists()", b"has.exists() and person.born > date(1942, 1, 1)")
    assert (await ask(at, near)).standing is Standing.RELEASED
    by = {one.by: one.left_out for one in (await planned(at)).breakdowns}
    assert by["Sex"]
    assert not await store.release_board(b"", seen=0)
    assert await store.release_board(b"", seen=2)
