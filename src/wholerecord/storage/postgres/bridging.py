"""Two persons made one, whom somebody who came later certainly is both: see `people.bridge`.

In a transaction of its own, after the newcomer's: everybody of both persons is read, they and the
keys by which anybody could be linked to one of them are locked in their order, and everybody is
read again. So nobody joins one of the two meanwhile and is left behind, and two linkers never wait
for each other, nor for whoever files and links in one transaction.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wholerecord.people import Candidate, LinkEvent
from wholerecord.people.blocking import keys
from wholerecord.people.bridge import bridge
from wholerecord.people.constraints import CROWDED
from wholerecord.record import PatientId
from wholerecord.storage.linking import bridged
from wholerecord.storage.postgres.events import write_events
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.who import candidate, person_of

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


async def queue_bridges(
    connection: "Connection", certain: Sequence[tuple[PatientId, PatientId]]
) -> None:
    """Have the persons of these pairs of patients looked at: they may be one."""
    if certain:
        patients, others = zip(*certain, strict=True)
        await connection.execute(QUERIES["queue_bridges"], patients, others)


async def bridge_waiting(connection: "Connection", model: str) -> tuple[bool, list[LinkEvent]]:
    """Whether a pair waited, and what became of it."""
    row = await connection.fetchrow(QUERIES["claim_bridge"])
    if row is None:
        return False, []
    pair = (PatientId(row["patient"]), PatientId(row["other"]))
    near = await _members(connection, pair)
    if len(near) <= CROWDED:
        locked = sorted({key for each in near for key in keys(each.demographics)})
        await connection.fetch(QUERIES["lock_members"], [each.patient for each in near])
        await connection.execute(QUERIES["lock_keys"], locked)
        if await _members(connection, pair) != near:
            return True, []  # somebody came or changed before the locks: it waits still
    written = await _bridged(connection, pair, near, model)
    await connection.execute(QUERIES["bridge_done"], *pair)
    return True, written


async def _bridged(
    connection: "Connection",
    pair: tuple[PatientId, PatientId],
    near: Sequence[Candidate],
    model: str,
) -> list[LinkEvent]:
    """The persons of a pair made one, where the rules may: everybody who moved."""
    two = sorted({each.person for each in near})
    rows = await connection.fetch(QUERIES["apart_of"], two)
    apart = {(row["patient"], person_of(row["person"])) for row in rows}
    own = {row["person"] for row in await connection.fetch(QUERIES["own"], two)}
    found = bridge(*pair, near, apart=apart, own=own)
    if found is None:
        return []
    events = await write_events(connection, bridged(found, model))
    await connection.execute(QUERIES["carry"], found.left, found.person)
    return events


async def _members(connection: "Connection", pair: tuple[PatientId, PatientId]) -> list[Candidate]:
    """Everybody of both persons, by id; of a crowd one more than is looked at."""
    rows = await connection.fetch(QUERIES["bridge_members"], list(pair), CROWDED + 1)
    return [candidate(row) for row in rows]
