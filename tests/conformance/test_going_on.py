"""A record that goes on with what was said since: never stale, and what each store gives for it."""

import json
from collections.abc import Sequence

import pytest

from tests.conformance.given import allow, ask, patient, person, settled, sources, who
from wholerecord.access import Store, Verdict
from wholerecord.access.folds import Folds
from wholerecord.access.opening import Facts
from wholerecord.access.replaying import preview, publish, undo
from wholerecord.fold import About, Record
from wholerecord.fold import Verdict as Ruled
from wholerecord.intake import Arrival, Filing, Kept, PatientFiling
from wholerecord.intake.replay import Choice
from wholerecord.record import PatientKey, Saying, canonical

NUMBER = "9990000018"
SEALED = frozenset({"sealed"})


def observed(n: int, **more: object) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "id": f"o{n}",
        "status": "final",
        "code": {"text": "Potassium"},
        "effectiveDateTime": f"2026-03-{1 + n % 4:02}T09:00:00Z",
        "valueQuantity": {"value": n, "unit": "mmol/L"},
    } | more


def secret(n: int) -> dict[str, object]:
    meta = {"security": [{"code": "sealed"}]}
    return observed(n, meta=meta, code={"text": "Viral load"})


async def prepare(kept: Sequence[Kept]) -> Sequence[Filing]:
    """Each message is a list of what is said of patient 7."""
    return [_filing(each) for each in kept]


def _filing(kept: Kept) -> Filing:
    said = json.loads(kept.body)
    sayings = tuple(
        Saying(kind=one["resourceType"], body=canonical(one), place=f"[{n}]")
        for n, one in enumerate(said)
    )
    about = PatientFiling(
        about=PatientKey(kept.source, "7"), sayings=sayings, demographics=who("Marsh", NUMBER)
    )
    return Filing(message=kept.message, source=kept.source, patients=(about,), merges=(), faults=())


async def say(store: Store, *said: dict[str, object], source: str = "gp") -> None:
    """One message, filed and linked."""
    body = json.dumps(said).encode()
    await store.keep(Arrival(source=source, body=body, name="post"))
    while await store.file_waiting(prepare):
        pass
    await settled(store)


async def facts(store: Store) -> Facts:
    """What the store knows of the person now."""
    _, known, _ = await store.open(ask(await person(store, "gp", "7")), allow)
    return known


async def seen(folds: Folds, known: Facts, withheld: frozenset[str] = SEALED) -> Record:
    verdict = Verdict(allowed=True, rule=1, reason="because", withheld=withheld)
    return (await folds.allowed(known, verdict, at=None, today=())).allowed


async def agree(store: Store, folds: Folds) -> Record:
    """The record as it goes on, which is the record folded anew, whole and without the sealed."""
    known = await facts(store)
    whole = await folds.whole(known.members, rulings=known.rulings)
    anew = Folds(store)
    assert whole == await anew.whole(known.members, rulings=known.rulings)
    assert await seen(folds, known) == await seen(anew, known)
    return whole


@pytest.fixture
async def folds(store: Store) -> Folds:
    """The folds of a store in which the GP and the hospital have spoken of one person."""
    await sources(store, "gp", "acute")
    await say(store, observed(1), secret(2))
    await say(store, observed(3), source="acute")
    folds = Folds(store)
    assert len((await agree(store, folds)).entries) == 3
    return folds


@pytest.mark.usefixtures("folds")
async def test_what_was_said_since_is_what_is_new(store: Store):
    gp, acute = patient("gp", "7"), patient("acute", "7")
    assert await store.since({gp: 1, acute: 1}, {gp: 1, acute: 1}) == []
    await say(store, observed(4), observed(5))
    await say(store, observed(6), source="acute")
    await say(store, observed(7))
    before, now = {gp: 1, acute: 1}, {gp: 2, acute: 2}
    new = await store.since(before, now)
    assert new is not None
    assert [(one.patient, one.t, one.n) for one in new] == sorted(
        [(gp, 2, 0), (gp, 2, 1), (acute, 2, 0)]
    )
    whole = await store.statements(now)
    assert [one for one in whole if one.t == 2] == new


async def test_a_record_goes_on_as_it_would_be_folded_anew(store: Store, folds: Folds):
    for n in range(4, 9):
        await say(store, observed(n), source="acute" if n % 2 else "gp")
        assert len((await agree(store, folds)).entries) == n
    await say(store, observed(4, valueQuantity={"value": 40, "unit": "mmol/L"}))
    record = await agree(store, folds)
    assert "40" in {entry.detail.value for entry in record.entries}
    await say(store, observed(4, status="entered-in-error"))
    assert len((await agree(store, folds)).entries) == 7


async def test_what_is_sealed_later_is_gone_from_the_record_that_goes_on(
    store: Store, folds: Folds
):
    await say(store, observed(1, meta={"security": [{"code": "sealed"}]}), secret(9))
    await agree(store, folds)
    known = await facts(store)
    assert [one.detail.value for one in (await seen(folds, known)).entries] == ["3"]
    assert len((await seen(folds, known, frozenset())).entries) == 4


async def test_a_ruling_is_never_missed(store: Store, folds: Folds):
    await say(store, observed(4))
    [first, *_] = (await agree(store, folds)).entries
    about = About(*first.said_by[0].id_key)
    ruling = await store.rule(Ruled.WRONG, [about], by="Dr Hale", why="a mistake")
    assert "refuted" in {entry.status for entry in (await agree(store, folds)).entries}
    await say(store, observed(5))
    assert "refuted" in {entry.status for entry in (await agree(store, folds)).entries}
    await store.withdraw(ruling.n, by="Dr Hale")
    assert "refuted" not in {entry.status for entry in (await agree(store, folds)).entries}


async def test_a_message_read_again_is_not_gone_on_from(store: Store, folds: Folds):
    async def mended(kept: Sequence[Kept]) -> Sequence[Filing]:
        """Reads 30 where 3 was read before."""
        return [
            _filing(
                Kept(
                    message=one.message,
                    source=one.source,
                    name=one.name,
                    body=one.body.replace(b'"value": 3', b'"value": 30'),
                    received=one.received,
                )
            )
            for one in kept
        ]

    acute = patient("acute", "7")
    found = await preview(store, mended, Choice(source="acute"))
    done = await publish(store, found, by="eve", why="the map is mended")
    assert await store.since({acute: 1}, {acute: 2}) is None
    record = await agree(store, folds)
    assert {"30"} < {entry.detail.value for entry in record.entries}
    await undo(store, done.replay, by="eve", why="it was not")
    assert "30" not in {entry.detail.value for entry in (await agree(store, folds)).entries}
