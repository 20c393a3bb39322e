"""Kept messages read again: one message in one transaction. See `storage.rereading`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from asyncpg import Record

from wholerecord.errors import Conflict, NotFound
from wholerecord.intake import Kept
from wholerecord.intake.replay import Choice, MessageChange, PatientChange, Replay
from wholerecord.record import MessageId, PatientId, Statement
from wholerecord.storage.postgres.batch import Moved
from wholerecord.storage.postgres.batch_written import COLUMNS, queue_links
from wholerecord.storage.postgres.book import Page, book, hour_of, slot_to_file_in
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.filing import kept_of
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.replay_parts import (
    Claimed,
    flat,
    park,
    park_back,
    queue_merges,
    taken_back,
)
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.postgres.statements import Statements
from wholerecord.storage.postgres.who import home_of, pack
from wholerecord.storage.rereading import Reread, demographics_now, shown_before
from wholerecord.storage.sealed import statement_place
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection


class Replays(Statements):
    """See `intake.replay.Replays`."""

    def __init__(self, database: Database) -> None:
        Statements.__init__(self, database)

    async def kept_again(
        self, choice: Choice, *, after: int = 0, limit: int = 256
    ) -> Sequence[Kept]:
        """See `intake.replay.Replays.kept_again`."""
        source = await self._database.source_id(choice.source) if choice.source else None
        rows = await self._database.fetch(
            "kept_again",
            *(after, source, choice.since, choice.until),
            list(choice.messages) or None,
            limit,
        )
        return [kept_of(row, self._database.keys) for row in rows]

    async def said_by(self, messages: Sequence[MessageId]) -> Sequence[Statement]:
        """See `intake.replay.Replays.said_by`."""
        [said] = await self._told(
            await self._database.fetch("said_by", list(messages)), [_Endless()]
        )
        return said

    async def standing(self, patients: Sequence[PatientId]) -> Mapping[PatientId, int]:
        """See `intake.replay.Replays.standing`."""
        rows = await self._database.fetch("standing", list(patients))
        return {row["id"]: row["t"] for row in rows}

    async def begin_replay(self, *, by: str, why: str) -> int:
        """See `intake.replay.Replays.begin_replay`."""
        row = await self._database.fetchrow("begin_replay", storable(by), storable(why))
        return int(row["n"]) if row else 0

    async def replayed(self, replay: int) -> Sequence[MessageId]:
        """See `intake.replay.Replays.replayed`."""
        known = await self._database.fetchrow("replay_known", replay)
        if known is None or not known[0]:
            raise NotFound(f"There is no replay {replay}.")
        return [row["message"] for row in await self._database.fetch("replayed", replay)]

    async def replays(self, *, limit: int = 20) -> Sequence[Replay]:
        """See `intake.replay.Replays.replays`."""
        return [Replay(**dict(row)) for row in await self._database.fetch("replays", limit)]

    @redone
    async def publish(self, replay: int, change: MessageChange) -> int:
        """See `intake.replay.Replays.publish`."""
        await self._database.know_kinds(
            saying.kind for patient in change.patients for saying in patient.after
        )
        async with self._database.transaction() as connection, self._database.within(connection):
            message = await _claimed(connection, change.message)
            homes = await self._know_again(connection, message, change.patients)
            await self._check_same(change)
            said = await self._file_again(connection, message, replay, change, homes)
            await self._describe_again(
                connection,
                homes,
                {
                    one.patient
                    for one in change.patients
                    if any(each.kind == "Patient" for each in (*one.before, *one.after))
                },
            )
            await queue_merges(connection, change.merges)
            await connection.execute(
                QUERIES["add_replayed"], message.id, replay, said, flat(change.merges)
            )
            await park(connection, message, replay, change)
            items = len(change.opened)
            page = Page(said=said, items=items)
            if items and not message.faulty:
                page.filed, page.faulty = -1, 1
            slot = slot_to_file_in()
            await book(connection, {(message.source, hour_of(change.received)): page}, slot)
            await connection.execute(QUERIES["count_said"], [message.source], [said], [None], slot)
            return said

    @redone
    async def undo(self, replay: int, message: MessageId, *, by: str, why: str) -> None:
        """See `intake.replay.Replays.undo`."""
        async with self._database.transaction() as connection, self._database.within(connection):
            await _claimed(connection, message)
            row = await connection.fetchrow(QUERIES["replayed_message"], message, replay)
            if row is None:
                raise Conflict("That message of the replay is undone already.")
            later = await connection.fetchval(QUERIES["later_replay"], message, replay)
            if later is not None:
                raise Conflict(
                    f"Message {message} was read again since: undo replay {later} first."
                )
            rows = await connection.fetch(QUERIES["replayed_patients"], message, replay)
            homes = await _locked(connection, [each["patient"] for each in rows])
            await self._take_back(connection, replay, message, homes)
            await self._describe_again(connection, homes, homes.keys())
            await queue_merges(connection, taken_back(row["merged"]))
            await park_back(connection, message, replay, by=by, why=why)
            await connection.execute(QUERIES["undo_replayed"], message, replay)
            await connection.execute(QUERIES["undo_replay"], replay, storable(by), storable(why))

    async def _know_again(
        self, connection: "Connection", message: Claimed, patients: Sequence[PatientChange]
    ) -> dict[PatientId, Record]:
        """The patients of a change, known from now on and locked until the commit."""
        new = sorted((one.patient, one) for one in patients if one.about is not None and one.after)
        rows = await connection.fetch(
            QUERIES["know_patients"],
            [patient for patient, _ in new],
            [home_of(patient, [d for d in [one.demographics] if d]) for patient, one in new],
            [message.source for _ in new],
            [storable(one.about.number) if one.about else "" for _, one in new],
        )
        if rows:
            await connection.execute(QUERIES["wait_to_link"], [row["id"] for row in rows])
        homes = await _locked(connection, [one.patient for one in patients])
        for one in patients:
            if one.about and homes[one.patient]["number"] != storable(one.about.number):
                raise Conflict("Two patients would have one key: tell whoever runs this.")
        return homes

    async def _check_same(self, change: MessageChange) -> None:
        """That what counts of the message is what the change was made from."""
        counting = {
            (one.patient, one.t, one.n)
            for one in await self.said_by([change.message])
            if not one.replaced and one.patient in {each.patient for each in change.patients}
        }
        expected = {(o.patient, o.t, o.n) for each in change.patients for o in each.before}
        if counting != expected:
            raise Conflict(f"What message {change.message} says was read again since.")

    async def _file_again(
        self,
        connection: "Connection",
        message: Claimed,
        replay: int,
        change: MessageChange,
        homes: Mapping[PatientId, Record],
    ) -> int:
        """File the message again about each patient, and let that count; how many statements."""
        now: datetime = await connection.fetchval(QUERIES["clock"])
        rows: list[tuple[Any, ...]] = []
        kind_id, packed = self._database.kind_id, self._database.bodies.pack
        data_keys = await self._database.keys.for_writing(
            connection, {who: row["home"] for who, row in homes.items()}
        )
        for one in change.patients:
            home, t = homes[one.patient]["home"], homes[one.patient]["t"] + 1
            for n, saying in enumerate(one.after):
                dictionary, body = packed(saying.kind, saying.body)
                if one.patient in data_keys:
                    place = statement_place(one.patient, t, n)
                    body = data_keys[one.patient].seal(body, place)
                rows.append(
                    (
                        *(home, one.patient, message.id, change.received, now, t, n),
                        *(kind_id(saying.kind), dictionary, storable(saying.place), body),
                    )
                )
        await connection.copy_records_to_table("statement", records=rows, columns=COLUMNS)
        shows = {patient: row["t"] + 1 for patient, row in homes.items()}
        await _count(connection, message.id, replay, homes, shows)
        return len(rows)

    async def _take_back(
        self,
        connection: "Connection",
        replay: int,
        message: MessageId,
        homes: Mapping[PatientId, Record],
    ) -> None:
        """Let what the message said before the replay count again."""
        rows = await connection.fetch(
            QUERIES["rereads_of"],
            message,
            list({row["home"] for row in homes.values()}),
            list(homes),
        )
        earlier: dict[PatientId, list[Reread]] = defaultdict(list)
        for row in rows:
            if row["replay"] < replay:
                earlier[row["patient"]].append(Reread(**dict(row)))
        shows = {patient: shown_before(earlier[patient], message) for patient in homes}
        await _count(connection, message, replay, homes, shows)

    async def _describe_again(
        self,
        connection: "Connection",
        homes: Mapping[PatientId, Record],
        patients: Collection[PatientId],
    ) -> None:
        """Keep who each of these is said to be now, and look again at whom they may be."""
        changed: dict[PatientId, Moved] = {}
        for patient in patients:
            [said] = await self._read([{patient: homes[patient]["t"] + 1}])
            now = pack(demographics_now(said))
            was = homes[patient]["demographics"]
            if now != was:
                changed[patient] = Moved(home=homes[patient]["home"], t=0, was=was, now=now)
        if changed:
            await connection.execute(
                QUERIES["move_patients"],
                list(changed),
                [0] * len(changed),
                [each.now for each in changed.values()],
                [None] * len(changed),
            )
            await queue_links(connection, changed)


class _Endless(dict[PatientId, int]):
    """Every patient as they stand now."""

    def __missing__(self, _: PatientId) -> int:
        return 1 << 31


async def _claimed(connection: "Connection", message: MessageId) -> Claimed:
    row = await connection.fetchrow(QUERIES["is_filed"], message)
    if row is None:
        raise NotFound(f"There is no message {message}.")
    if not row["filed"]:
        raise Conflict(f"Message {message} is not filed yet.")
    return Claimed(message, row["source"], row["controller"], row["faulty"])


async def _locked(
    connection: "Connection", patients: Iterable[PatientId]
) -> dict[PatientId, Record]:
    rows = await connection.fetch(QUERIES["lock_patients"], list(patients))
    return {row["id"]: row for row in rows}


async def _count(
    connection: "Connection",
    message: MessageId,
    replay: int,
    homes: Mapping[PatientId, Record],
    shows: Mapping[PatientId, int],
) -> None:
    """Move each patient on by one, and say which filing of the message counts from there on."""
    await connection.execute(
        QUERIES["add_rereads"],
        message,
        replay,
        [row["home"] for row in homes.values()],
        list(homes),
        [row["t"] + 1 for row in homes.values()],
        [shows[patient] for patient in homes],
    )
    await connection.execute(
        QUERIES["move_patients"],
        list(homes),
        [1] * len(homes),
        [None] * len(homes),
        [None] * len(homes),
    )
    await connection.execute(QUERIES["mark_reread"], list(homes))
