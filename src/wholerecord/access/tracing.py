"""One message from end to end: kept, acknowledged, what it became, and who was shown it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wholerecord.access.store import Store
from wholerecord.consent import View
from wholerecord.errors import NotFound
from wholerecord.fold import fold
from wholerecord.intake import Parked
from wholerecord.intake.hl7v2.heading import heading
from wholerecord.intake.known import known_id
from wholerecord.intake.masked import masked
from wholerecord.intake.mllp.answer import Outcome, answers
from wholerecord.intake.trace import Traced
from wholerecord.record import MessageId, PatientId, PersonId, Statement

#: Looks that show what messages say. The others show who somebody is, or that there is something.
_SHOWS = (View.RECORD.value, View.PROVENANCE.value, View.MESSAGE.value)
#: Messages that one id may stand for and are traced at once.
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of a message's statements about one patient, by address and never by name.

    `kinds` counts its statements by FHIR type, and `unfolded` those of them that are in no entry
    (superseded, retracted, not readable), by reason. `person` is who the patient is now, None while
    they are nobody.
    """

    patient: PatientId
    person: PersonId | None
    kinds: Mapping[str, int]
    unfolded: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A message from end to end. `known_id` is the id that stands in it, "" for none.

    `acknowledged` is what its sender was told once it was durable: the MSA segments of the answers,
    or how else. `showings` counts the openings that showed something it said.
    """

    message: Traced
    known_id: str
    acknowledged: str
    became: tuple[Became, ...]
    parked: tuple[Parked, ...]
    replays: tuple[int, ...]
    showings: int

    @property
    def statements(self) -> int:
        """How many statements it became."""
        return sum(sum(one.kinds.values()) for one in self.became)


async def trace(store: Store, id: str) -> tuple[Trace, ...]:
    """Every message that goes by `id`: a control id, a Bundle's id, a number or a SHA-256.

    Raises:
        NotFound: no message does.
    """
    found = await store.find_messages(id, limit=_MOST)
    if not found:
        raise NotFound("No message has that control id, number or hash.")
    return tuple([await _trace(store, message) for message in found])


async def _trace(store: Store, message: MessageId) -> Trace:
    traced, body, said, parked, replays = await asyncio.gather(
        store.traced(message),
        store.message(message),
        store.said_by([message]),
        store.parked_of([message]),
        store.replays_of(message),
    )
    about: dict[PatientId, list[Statement]] = defaultdict(list)
    for one in said:
        about[one.patient].append(one)
    persons = await store.persons_ever(list(about))
    first = {patient: min(one.t for one in each) for patient, each in about.items()}
    return Trace(
        message=replace(traced, name=masked(traced.name)),
        known_id=traced.control or known_id(body),
        acknowledged=_acknowledged(traced, body),
        became=tuple([await _became(store, *each) for each in about.items()]),
        parked=tuple(parked),
        replays=tuple(replays),
        showings=await store.showings(
            sorted({person for each in persons.values() for person in each}), _SHOWS, first
        ),
    )


async def _became(store: Store, patient: PatientId, said: Sequence[Statement]) -> Became:
    person = await store.person_of(patient)
    unfolded: Counter[str] = Counter()
    if person is not None:
        members = await store.members(person)
        seen = {member.patient: member.t for member in members}
        rulings = await store.rulings(list(seen))
        record = fold(await store.statements(seen), rulings, await store.policy())
        mine = {(one.patient, one.t, one.n) for one in said}
        for one in (*record.superseded, *record.parked):
            unfolded[one.why] += (one.said.patient, one.said.t, one.said.n) in mine
    return Became(
        patient=patient,
        person=person,
        kinds=dict(sorted(Counter(one.kind for one in said).items())),
        unfolded={why: count for why, count in sorted(unfolded.items()) if count},
    )


def _acknowledged(traced: Traced, body: bytes) -> str:
    """What its sender was told, made again: it says only what the message and the time do."""
    if not traced.name.startswith("mllp"):
        return f"that it is kept as message {traced.message}"
    told = answers(heading(body), Outcome("A", at=traced.received)).decode("latin-1").split("\r")
    said = "; ".join(line for line in told if line.startswith("MSA"))
    return said or "nothing: none was asked for"
