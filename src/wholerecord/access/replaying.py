"""Kept messages read again: the clinical diff before anything is published, then the publishing.

Nothing is written until somebody signs it off. What they sign is what they saw: the digest of the
changes is checked against a preview made again at that moment.
"""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from wholerecord.access.store import Store
from wholerecord.errors import Conflict, Incorrect
from wholerecord.fold import fold
from wholerecord.fold.compare import Difference, differences
from wholerecord.intake import Kept, Merge, Parked, Prepare, Unmerge
from wholerecord.intake.replay import Choice, MessageChange, compare
from wholerecord.record import MessageId, PatientId, PersonId, Statement

#: Messages read at once.
_BATCH = 256
#: Messages that one replay may change: more is a period to narrow, and would not fit in a page.
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What would change in one person's record. `person` is None for who is nobody yet."""

    person: PersonId | None
    patients: tuple[PatientId, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What reading the chosen messages again would change. `read` counts them all.

    `digest` names exactly these changes: two previews of the same changes have the same.
    """

    choice: Choice
    read: int
    changes: tuple[MessageChange, ...]
    people: tuple[PersonChange, ...]
    digest: str

    @property
    def statements(self) -> tuple[int, int]:
        """How many statements are added, and how many count no longer."""
        counts = [one.counts for change in self.changes for one in change.patients]
        return sum(added for added, _ in counts), sum(removed for _, removed in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A replay that was published: messages and statements, and those that changed meanwhile."""

    replay: int
    messages: int
    statements: int
    left: tuple[MessageId, ...]


async def preview(
    store: Store,
    prepare: Prepare,
    choice: Choice,
    *,
    columns: bytes | None = None,
    most: int | None = None,
) -> Preview:
    """Everything that would change. Writes nothing. `columns` tries a map not yet declared.

    Raises:
        Incorrect: more messages would change than one replay may, or more than `most` are read.
    """
    read = 0
    changes: list[MessageChange] = []
    async for batch in _kept(store, choice, columns):
        read += len(batch)
        if most is not None and read > most:
            raise Incorrect(
                f"There are more than {most:,} messages: choose a shorter period, or use "
                "`wholerecord replay`."
            )
        changes += [one for one in await _compared(store, prepare, batch) if not one.is_nothing]
        if len(changes) > MOST:
            raise Incorrect(f"More than {MOST:,} messages would change: choose a shorter period.")
    return Preview(
        choice=choice,
        read=read,
        changes=tuple(changes),
        people=await _people(store, changes),
        digest=_digest(changes),
    )


async def publish(store: Store, seen: Preview, *, by: str, why: str) -> Published:
    """Publish what was seen, each message in a commit of its own, as one replay.

    A message that changed meanwhile is left as it is and named; the rest is published. Killed at
    any moment, what is not published is what a new preview shows.
    """
    if not seen.changes:
        raise Incorrect("Nothing would change: there is nothing to publish.")
    n = await store.begin_replay(by=by, why=why)
    messages = statements = 0
    left: list[MessageId] = []
    for change in seen.changes:
        try:
            statements += await store.publish(n, change)
        except Conflict:
            left.append(change.message)
        else:
            messages += 1
    return Published(replay=n, messages=messages, statements=statements, left=tuple(left))


async def undo(store: Store, n: int, *, by: str, why: str) -> int:
    """Let what counted before replay `n` count again, message by message; how many messages.

    Raises:
        NotFound: there is no such replay.
        Conflict: it is undone, or one of its messages was read again since. Messages before that
            one are undone, and undoing again goes on from there.
    """
    messages = await store.replayed(n)
    if not messages:
        raise Conflict(f"Replay {n} is undone already.")
    for message in reversed(messages):
        await store.undo(n, message, by=by, why=why)
    return len(messages)


async def _kept(
    store: Store, choice: Choice, columns: bytes | None
) -> AsyncIterator[Sequence[Kept]]:
    after = 0
    while batch := await store.kept_again(choice, after=after, limit=_BATCH):
        after = batch[-1].message
        yield batch if columns is None else [replace(one, columns=columns) for one in batch]


async def _compared(
    store: Store, prepare: Prepare, batch: Sequence[Kept]
) -> Sequence[MessageChange]:
    numbers = [kept.message for kept in batch]
    filings = await prepare(batch)
    said: dict[MessageId, list[Statement]] = defaultdict(list)
    for one in await store.said_by(numbers):
        said[one.message].append(one)
    parked: dict[MessageId, list[Parked]] = defaultdict(list)
    for item in await store.parked_of(numbers):
        parked[item.message].append(item)
    to_do = await _to_do(store, [merge for filing in filings for merge in filing.merges])
    return [
        compare(kept, filing, said[kept.message], parked[kept.message], merges=to_do)
        for kept, filing in zip(batch, filings, strict=True)
    ]


async def _to_do(store: Store, merges: Sequence[Merge | Unmerge]) -> list[Merge | Unmerge]:
    """The merges that are not so yet, between patients who are known."""
    found: list[Merge | Unmerge] = []
    for merge in merges:
        kept, retired = (
            await store.person_of(merge.kept.id),
            await store.person_of(merge.retired.id),
        )
        if kept and retired and (kept == retired) == isinstance(merge, Unmerge):
            found.append(merge)
    return found


async def _people(store: Store, changes: Sequence[MessageChange]) -> tuple[PersonChange, ...]:
    """The differences in the record of each person concerned."""
    about: dict[PatientId, list[MessageChange]] = defaultdict(list)
    for change in changes:
        for one in change.patients:
            about[one.patient].append(change)
    groups: dict[PersonId | None, list[PatientId]] = defaultdict(list)
    nobody: list[list[PatientId]] = []
    for patient in about:
        person = await store.person_of(patient)
        if person is None:
            nobody.append([patient])
        else:
            groups[person].append(patient)
    found: list[PersonChange] = []
    for person, patients in [*groups.items(), *((None, each) for each in nobody)]:
        changed = await _differences(store, person, patients, about)
        if changed:
            found.append(PersonChange(person=person, patients=tuple(patients), differences=changed))
    return tuple(found)


async def _differences(
    store: Store,
    person: PersonId | None,
    patients: Sequence[PatientId],
    about: Mapping[PatientId, Sequence[MessageChange]],
) -> tuple[Difference, ...]:
    members = await store.members(person) if person else ()
    seen = {member.patient: member.t for member in members}
    if person is None:
        seen |= await store.standing(patients)
    rulings = await store.rulings(list(seen))
    before = await store.statements(seen)
    after = list(before)
    for patient in patients:
        t = seen.get(patient, 0)
        for step, change in enumerate(about[patient], start=1):
            after = _read_again(after, change, patient, t + step)
    policy = await store.policy()
    return differences(fold(before, rulings, policy), fold(after, rulings, policy))


def _read_again(
    statements: Sequence[Statement], change: MessageChange, patient: PatientId, t: int
) -> list[Statement]:
    """The statements as they would be with the message read again about one patient."""
    [mine] = [one for one in change.patients if one.patient == patient]
    kept = [
        msgspec.structs.replace(one, replaced=True)
        if one.patient == patient and one.message == change.message
        else one
        for one in statements
    ]
    return kept + [
        Statement(
            patient=patient,
            source=change.source,
            t=t,
            n=n,
            kind=saying.kind,
            message=change.message,
            place=saying.place,
            received=change.received,
            body=saying.body,
        )
        for n, saying in enumerate(mine.after)
    ]


def _digest(changes: Sequence[MessageChange]) -> str:
    """32 hexadecimal digits of the SHA-256 of the changes."""
    hashed = hashlib.sha256()
    for change in changes:
        hashed.update(f"{change.message} {change.closed} {change.merges}".encode())
        hashed.update(f"{[(f.reason.name, f.place) for f in change.opened]}".encode())
        for one in change.patients:
            hashed.update(f"{one.patient} {[(b.t, b.n) for b in one.before]}".encode())
            for saying in one.after:
                hashed.update(saying.kind.encode() + b"\0" + saying.body + b"\0")
    return hashed.hexdigest()[:32]
