"""Whatever is read again and undone, in whatever order it came: the record is as it was."""

import asyncio
import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from wholerecord.access.reckon import reckon
from wholerecord.access.replaying import preview, publish, undo
from wholerecord.fold import fold
from wholerecord.fold.compare import digest
from wholerecord.intake import Arrival, Filing, Kept, PatientReading, Prepare, Reading, filing
from wholerecord.intake.replay import Choice
from wholerecord.people.decide import decide
from wholerecord.record import PatientKey, Saying, Source
from wholerecord.storage.memory import Store

#: What a reader makes of a message: for each patient, the conditions it finds there.
_Finds = dict[str, list[str]]
_WORDS = st.sampled_from(["Stroke", "Asthma", "Gout", "Migraine"])
_FINDS = st.dictionaries(st.sampled_from("12"), st.lists(_WORDS, max_size=3), max_size=2)


def reader(finds: Sequence[_Finds]) -> Prepare:
    """A reader that finds this in the first message, that in the second, and so on."""

    async def read(batch: Sequence[Kept]) -> Sequence[Filing]:
        return [_read(kept, finds[int(kept.body)]) for kept in batch]

    return read


def _read(kept: Kept, finds: _Finds) -> Filing:
    patients = tuple(
        PatientReading(
            about=PatientKey("gp", number),
            sayings=(_patient(number, words), *(_condition(n, w) for n, w in enumerate(words))),
        )
        for number, words in sorted(finds.items())
    )
    return filing(kept, Reading(patients=patients))


def _patient(number: str, words: Sequence[str]) -> Saying:
    body = {"resourceType": "Patient", "id": number, "name": [{"family": f"N{len(words)}"}]}
    return Saying(kind="Patient", body=json.dumps(body).encode(), place="PID")


def _condition(n: int, words: str) -> Saying:
    body = {"resourceType": "Condition", "id": f"c{n}", "code": {"text": words}}
    return Saying(kind="Condition", body=json.dumps(body).encode(), place=f"DG1[{n}]")


async def settled(store: Store, prepare: Prepare) -> None:
    while await store.file_waiting(prepare):
        pass
    while await store.link_waiting(decide):
        pass


async def digests(store: Store) -> dict[str, str]:
    found: dict[str, str] = {}
    for patient in await store.standing([PatientKey("gp", number).id for number in "12"]):
        t = (await store.standing([patient]))[patient]
        said = await store.statements({patient: t})
        if not all(one.replaced for one in said):
            found[str(patient)] = digest(fold(said))
    return found


@given(st.lists(st.lists(_FINDS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_undoing_in_reverse_restores_every_state_and_the_last_reading_is_what_counts(
    readings: list[list[_Finds]],
):
    async def law() -> None:
        store = Store()
        await store.declare(Source(name="gp", controller="RXA", title="GP"))
        for n in range(3):
            await store.keep(Arrival(source="gp", body=str(n).encode()))
        await settled(store, reader(readings[0]))
        states = [await digests(store)]
        replays: list[int] = []
        for finds in readings[1:]:
            seen = await preview(store, reader(finds), Choice(source="gp"))
            if not seen.changes:
                continue
            done = await publish(store, seen, by="a", why="b")
            assert done.left == ()
            replays.append(done.replay)
            await settled(store, reader(finds))
            assert (await preview(store, reader(finds), Choice(source="gp"))).changes == ()
            states.append(await digests(store))
            assert (await reckon(store)).wrong == []
        while replays:
            assert await digests(store) == states.pop()
            await undo(store, replays.pop(), by="a", why="b")
            await settled(store, reader(readings[0]))
        assert await digests(store) == states.pop()
        assert (await reckon(store)).wrong == []

    asyncio.run(law())
