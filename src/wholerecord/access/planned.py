"""What a request of several changes comes to: which resource each is about, and what is filed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wholerecord.access.envelope import Entry, envelope, identifiers_of, led_elsewhere, retraction
from wholerecord.access.saying import (
    Change,
    Key,
    Outcome,
    Told,
    Unsaid,
    Why,
    Writing,
    Written,
    token,
)
from wholerecord.intake import Filing, Kept
from wholerecord.intake.file import filing
from wholerecord.intake.recognise import read
from wholerecord.record import LogicalId, MessageId, PatientKey, Saying, Statement, Version
from wholerecord.record.resources import identified

#: How much of what was written an opening names, characters.
_PART = 200


@dataclass(slots=True)
class Plan:
    """What a request comes to, as things stand."""

    source: str
    entries: list[Entry] = field(default_factory=list[Entry])
    done: list[Told | None] = field(default_factory=list["Told | None"])
    own: list[str] = field(default_factory=list[str])
    was: list[Version | None] = field(default_factory=list["Version | None"])
    found: dict[int, frozenset[Key]] = field(default_factory=dict[int, frozenset[Key]])

    def again(self, change: Change, own: str) -> None:
        """Add a change to be made where none is there yet, and that another here makes already."""
        location = f"{change.kind}/{own}"
        self.entries.append(
            Entry(method=change.method, location=location, full_url=change.full_url, resource=b"")
        )
        self.done.append(None)
        self.own.append(own)
        self.was.append(None)


async def message_of(plan: Plan, now: datetime, base: str) -> tuple[bytes, Filing]:
    """The message that is kept, and what filing it writes."""
    body = envelope(plan.entries, now, base)
    kept = Kept(message=MessageId(0), source=plan.source, name="write", body=body, received=now)
    reading = await asyncio.to_thread(read, kept) if len(body) > 1 << 16 else read(kept)
    return body, filing(kept, reading)


def lead(plan: Plan, changes: Sequence[Change], keys: Sequence[Key | None]) -> bool:
    """Lead what is no reference to where the request's resources will be; whether any was."""
    led: dict[str, str] = {}
    for change, key, told in zip(changes, keys, plan.done, strict=True):
        version = told.version if told else None
        logical = key[1] if key else version.id if version else None
        if change.full_url.startswith("urn:") and logical is not None:
            led[change.full_url] = f"{change.kind}/{logical.text}"
    before = [entry.resource for entry in plan.entries]
    if led:
        plan.entries = [
            replace(entry, resource=led_elsewhere(entry.resource, led)) for entry in plan.entries
        ]
    return [entry.resource for entry in plan.entries] != before


def settle(plan: Plan, change: Change, found: Version | None, word: str) -> Unsaid | None:
    """Add to the plan what a change comes to."""
    where = Unsaid(why=Why.OTHER_VERSION, place=change.place)
    if change.if_match is not None and (found is None or found.number != change.if_match):
        return where
    told: Told | None = None
    resource = change.resource
    if change.method == "POST" and found is not None:
        told = Told(outcome=Outcome.UNCHANGED, version=found)
    elif change.method == "PUT" and found is None and not change.where:
        return replace(where, why=Why.NOT_CLIENTS_ID)
    elif change.method == "DELETE" and (found is None or found.gone):
        told = Told(outcome=Outcome.UNCHANGED, version=found)
    elif change.method == "DELETE" and found is not None:
        resource = retraction(change.kind, found.statement.body)
    own = found.id.own if found else word
    location = f"{change.kind}/{own if told is None or found is None else found.id.text}"
    plan.entries.append(
        Entry(
            method=change.method,
            location=location,
            full_url=change.full_url,
            resource=resource if told is None else b"",
        )
    )
    plan.done.append(told)
    plan.own.append(own)
    plan.was.append(found if told is None else None)
    return None


def keys_of(plan: Plan, made: Filing, changes: Sequence[Change]) -> list[Key | None] | Unsaid:
    """Where each change is filed; None: it changes nothing."""
    there: dict[tuple[str, str], LogicalId] = {}
    for each in made.patients:
        for saying in each.sayings:
            own = _own_id(saying)
            there.setdefault((saying.kind, own), LogicalId.of(each.about.id, own))
    keys: list[Key | None] = []
    for change, own, was, told in zip(changes, plan.own, plan.was, plan.done, strict=True):
        if told is not None:
            keys.append(None)
            continue
        logical = there[change.kind, own]
        if was is not None and was.id != logical:
            return Unsaid(why=Why.MOVED, place=change.place)
        keys.append((change.kind, logical))
    return keys


def _own_id(saying: Saying) -> str:
    return identified(saying.body)[0]


def names_of(plan: Plan, made: Filing) -> frozenset[tuple[int, str, LogicalId]]:
    """Under which identifiers each resource of the filing can be found: token, type and id."""
    return frozenset(
        (
            token(plan.source, saying.kind, one),
            saying.kind,
            LogicalId.of(each.about.id, _own_id(saying)),
        )
        for each in made.patients
        for saying in each.sayings
        for one in identifiers_of(saying.body)
    )


def told_of(
    plan: Plan, writing: Writing, keys: Sequence[Key | None], written: Written
) -> list[Told]:
    """What became of each change."""
    said: dict[Key, tuple[PatientKey, Saying]] = {}
    for each in writing.filing.patients:
        for saying in each.sayings:
            said[saying.kind, LogicalId.of(each.about.id, _own_id(saying))] = each.about, saying
    told: list[Told] = []
    for key, done, was, entry in zip(keys, plan.done, plan.was, plan.entries, strict=True):
        if done is not None or key is None:
            told += [done] if done else []
            continue
        about, saying = said[key]
        statement = Statement(
            patient=about.id,
            source=about.source,
            t=0,
            n=0,
            kind=saying.kind,
            message=written.message,
            place=saying.place,
            received=written.received,
            body=saying.body,
        )
        gone = entry.method == "DELETE"
        outcome = Outcome.UPDATED if was else Outcome.CREATED
        if not entry.resource:
            outcome = Outcome.UNCHANGED
        version = Version(
            id=key[1],
            statement=statement,
            number=was.number + 1 if was else 1,
            filed=written.filed,
            gone=gone,
            person=None,
            shared=not about.number,
        )
        told.append(Told(outcome=Outcome.DELETED if gone else outcome, version=version))
    return told


def part_of(changes: Sequence[Change]) -> str:
    """What is written, for the opening: types and ids, never what is said."""
    named = (f"{one.method} {one.kind}{'/' + one.id.text if one.id else ''}" for one in changes[:5])
    return ", ".join(named)[:_PART]


def place_of(place: str, changes: Sequence[Change]) -> str:
    """Where in the client's request a place of the envelope is."""
    found = place.removeprefix("entry[").partition("]")
    if place != found[0] and found[0].isdigit() and int(found[0]) < len(changes):
        return f"{changes[int(found[0])].place}{found[2]}".strip()
    return place
