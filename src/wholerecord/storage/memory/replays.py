"""Kept messages read again. See `storage.rereading`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from wholerecord.errors import Conflict, NotFound
from wholerecord.intake import Kept, Merge, Unmerge
from wholerecord.intake.parked import Step
from wholerecord.intake.replay import Choice, MessageChange, Replay
from wholerecord.record import MessageId, PatientId, Statement
from wholerecord.storage.memory.parked import parked_as
from wholerecord.storage.memory.statements import Statements
from wholerecord.storage.memory.tables import Patient, Tables, now
from wholerecord.storage.rereading import FIRST, Reread, demographics_now
from wholerecord.storage.text import storable


class Replays(Statements):
    """See `intake.replay.Replays`."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)

    async def kept_again(
        self, choice: Choice, *, after: int = 0, limit: int = 256
    ) -> Sequence[Kept]:
        """See `intake.replay.Replays.kept_again`."""
        tables = self._tables
        if choice.source is not None and choice.source not in tables.sources:
            raise NotFound(f"The source {choice.source} is not declared.")
        return [
            replace(one, columns=tables.sources[one.source].columns)
            for one in tables.messages
            if one.message > after
            and choice.source in (None, one.source)
            and (choice.since is None or one.received >= choice.since)
            and (choice.until is None or one.received < choice.until)
            and (not choice.messages or one.message in choice.messages)
            and one.message not in tables.reused
            and one.message not in tables.waiting
            and one.message not in tables.erased
        ][:limit]

    async def said_by(self, messages: Sequence[MessageId]) -> Sequence[Statement]:
        """See `intake.replay.Replays.said_by`."""
        every = await self.statements({who: each.t for who, each in self._tables.patients.items()})
        return [one for one in every if one.message in messages]

    async def standing(self, patients: Sequence[PatientId]) -> Mapping[PatientId, int]:
        """See `intake.replay.Replays.standing`."""
        known = self._tables.patients
        return {patient: known[patient].t for patient in patients if patient in known}

    async def begin_replay(self, *, by: str, why: str) -> int:
        """See `intake.replay.Replays.begin_replay`."""
        n = len(self._tables.replays) + 1
        made = Replay(n=n, at=now(), by=storable(by), why=storable(why), messages=0)
        self._tables.replays.append(made)
        return n

    async def replayed(self, replay: int) -> Sequence[MessageId]:
        """See `intake.replay.Replays.replayed`."""
        if not 1 <= replay <= len(self._tables.replays):
            raise NotFound(f"There is no replay {replay}.")
        return sorted(message for n, message in self._tables.replayed if n == replay)

    async def replays(self, *, limit: int = 20) -> Sequence[Replay]:
        """See `intake.replay.Replays.replays`."""
        return self._tables.replays[::-1][:limit]

    async def publish(self, replay: int, change: MessageChange) -> int:
        """See `intake.replay.Replays.publish`."""
        tables = self._tables
        if change.message in tables.waiting:
            raise Conflict(f"Message {change.message} is not filed yet.")
        await self._check_same(change)
        said = 0
        for one in change.patients:
            if one.about is not None:
                tables.patients.setdefault(one.patient, Patient(one.about))
            known = tables.patients[one.patient]
            known.filed.append(now())
            known.statements.extend(
                Statement(
                    patient=one.patient,
                    source=change.source,
                    t=known.t,
                    n=n,
                    kind=saying.kind,
                    message=change.message,
                    place=storable(saying.place),
                    received=change.received,
                    body=saying.body,
                )
                for n, saying in enumerate(one.after)
            )
            said += len(one.after)
            self._counts_from(one.patient, change.message, replay, known.t)
        await self._describe_again(
            one.patient
            for one in change.patients
            if any(each.kind == "Patient" for each in (*one.before, *one.after))
        )
        tables.to_merge += change.merges
        tables.replayed[replay, change.message] = change.merges
        tables.said += said
        faulty = any(item.message == change.message for item in tables.parked)
        self._park_again(replay, change)
        items = len(change.opened)
        moved = int(bool(items) and not faulty)
        kept = tables.messages[change.message - 1]
        tables.write(
            *(kept.source, kept.received), said=said, items=items, filed=-moved, faulty=moved
        )
        made = tables.replays[replay - 1]
        tables.replays[replay - 1] = replace(made, messages=made.messages + 1)
        return said

    async def undo(self, replay: int, message: MessageId, *, by: str, why: str) -> None:
        """See `intake.replay.Replays.undo`."""
        tables = self._tables
        if (replay, message) not in tables.replayed:
            raise Conflict("That message of the replay is undone already.")
        later = [n for n, one in tables.replayed if one == message and n > replay]
        if later:
            raise Conflict(
                f"Message {message} was read again since: undo replay {min(later)} first."
            )
        patients = sorted(
            {o.patient for o in tables.rereads if (o.replay, o.message) == (replay, message)}
        )
        for patient in patients:
            earlier = [
                one
                for one in tables.rereads
                if (one.patient, one.message) == (patient, message) and one.replay < replay
            ]
            tables.patients[patient].filed.append(now())
            self._counts_from(patient, message, replay, earlier[-1].shows if earlier else FIRST)
        await self._describe_again(patients)
        merges = tables.replayed.pop((replay, message))
        tables.to_merge += [_taken_back(merge) for merge in reversed(merges)]
        self._park_back(replay, message, by=by, why=why)
        if not any(n == replay for n, _ in tables.replayed):
            made = tables.replays[replay - 1]
            tables.replays[replay - 1] = replace(
                made, undone=now(), undone_by=storable(by), undone_why=storable(why)
            )

    async def _check_same(self, change: MessageChange) -> None:
        concerned = {each.patient for each in change.patients}
        counting = {
            (one.patient, one.t, one.n)
            for one in await self.said_by([change.message])
            if not one.replaced and one.patient in concerned
        }
        if counting != {(o.patient, o.t, o.n) for each in change.patients for o in each.before}:
            raise Conflict(f"What message {change.message} says was read again since.")

    def _counts_from(self, patient: PatientId, message: MessageId, replay: int, shows: int) -> None:
        t = self._tables.patients[patient].t
        self._tables.rereads.append(
            Reread(patient=patient, message=message, replay=replay, t=t, shows=shows)
        )

    async def _describe_again(self, patients: Iterable[PatientId]) -> None:
        for patient in patients:
            known = self._tables.patients[patient]
            said = demographics_now(await self.statements({patient: known.t}))
            if said != known.demographics:
                known.demographics = said
                if patient not in self._tables.to_link:
                    self._tables.to_link.append(patient)

    def _park_again(self, replay: int, change: MessageChange) -> None:
        words = f"its message was read again: replay {replay}"
        tables = self._tables
        for n in change.closed:
            item = tables.parked[n - 1]
            tables.parked[n - 1] = replace(
                item, released=now(), released_by="replay", released_why=words
            )
            tables.step(n, Step.REPLAY, by="replay", why=words, replay=replay)
        for fault in change.opened:
            parked_as(tables, tables.messages[change.message - 1], fault)
            tables.step(len(tables.parked), Step.REOPEN, by="replay", why=words, replay=replay)

    def _park_back(self, replay: int, message: MessageId, *, by: str, why: str) -> None:
        tables = self._tables
        words = f"replay {replay} was undone: {why}"
        for step in [one for one in tables.steps if one.replay == replay]:
            item = tables.parked[step.parked - 1]
            if item.message != message:
                continue
            if step.step is Step.REPLAY:
                item = replace(item, released=None, released_by="", released_why="")
                tables.step(item.n, Step.REOPEN, by=by, why=words)
            elif item.released is None:
                item = replace(
                    item, released=now(), released_by=storable(by), released_why=storable(words)
                )
                tables.step(item.n, Step.RELEASE, by=by, why=words)
            tables.parked[item.n - 1] = item


def _taken_back(merge: Merge | Unmerge) -> Merge | Unmerge:
    other = Merge if isinstance(merge, Unmerge) else Unmerge
    return other(kept=merge.kept, retired=merge.retired, place=merge.place)  # said with the other
