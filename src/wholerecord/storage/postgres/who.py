"""Persons, patients and demographics between values and rows."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from wholerecord.people import (
    Act,
    Candidate,
    Demographics,
    LinkEvent,
    Member,
    Part,
)
from wholerecord.record import PatientId, PersonId

_READ = msgspec.msgpack.Decoder(Demographics)
_WRITE = msgspec.msgpack.Encoder()
_READ_PARTS = msgspec.json.Decoder(tuple[Part, ...])
_VERIFIED = "01"
_NOTHING_SAID = Demographics()


def pack(demographics: Demographics) -> bytes:
    """The demographics as MessagePack: equal ones give equal bytes."""
    return _WRITE.encode(demographics)


@lru_cache(maxsize=2048)
def unpack(packed: bytes | None) -> Demographics:
    """The demographics; none said are empty ones.

    Remembered by their bytes: those of whoever is looked at are read with every look.
    """
    return _READ.decode(packed) if packed is not None else _NOTHING_SAID


def home_of(patient: PatientId, said: Iterable[Demographics]) -> int:
    """Where a new patient's rows live, 64 bits: by verified NHS number, else by their own id.

    So the patients of one person usually live together.
    """
    for each in said:
        if each.nhs_status == _VERIFIED and each.nhs_number is not None:
            digest = hashlib.sha256(f"nhs number\0{each.nhs_number.digits}".encode()).digest()
            return int.from_bytes(digest[:8], "big", signed=True)
    return patient


def uuid_of(person: PersonId) -> UUID | None:
    """The person's id as it is stored, or None: no person has an id like that."""
    try:
        known = UUID(person)
    except ValueError:
        return None
    return known if known.hex == person else None


def person_of(stored: UUID) -> PersonId:
    """The person's id, 32 hexadecimal digits."""
    return PersonId(stored.hex)


def parts_json(parts: tuple[Part, ...]) -> str:
    """The parts of a weight, as JSON."""
    return msgspec.json.encode(parts).decode()


def parts_of(said: str) -> tuple[Part, ...]:
    """The parts of a weight, from JSON."""
    return _READ_PARTS.decode(said)


def member(row: Record) -> Member:
    """A row of `members`, `members_at` or `find`."""
    return Member(
        patient=row["id"],
        source=row["source"],
        number=row["number"],
        controller=row["controller"],
        t=row["t"],
        demographics=unpack(row["demographics"]),
    )


def candidate(row: Record) -> Candidate:
    """A row of `claim_links`, `link_candidates` or `companions`."""
    return Candidate(
        patient=row["id"],
        person=person_of(row["person"]),
        demographics=unpack(row["demographics"]),
    )


def event(row: Record) -> LinkEvent:
    """A row of `link_event`."""
    said: dict[str, Any] = dict(row)
    said["act"] = Act(row["act"])
    said["person"] = person_of(row["person"])
    said["was"] = person_of(row["was"]) if row["was"] else None
    said["parts"] = parts_of(row["parts"])
    return LinkEvent(**said)


def event_columns(events: Sequence[LinkEvent]) -> tuple[list[Any], ...]:
    """The arrays that `add_events` takes."""
    return (
        [each.patient for each in events],
        [each.act.value for each in events],
        [each.person for each in events],
        [each.was for each in events],
        [each.weight for each in events],
        [parts_json(each.parts) for each in events],
        [each.by for each in events],
        [each.why for each in events],
        [each.model for each in events],
    )
