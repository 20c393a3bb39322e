"""Clients' writes: decided, kept, filed, linked and written down in one shared transaction."""

import hashlib
import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wholerecord.access import Ask, DecideAccess, Facts, Refused, Verdict
from wholerecord.access.departures import note
from wholerecord.access.saying import Key, Stale, Writing, Written
from wholerecord.audit import Opening
from wholerecord.errors import Conflict
from wholerecord.people import Act, LinkEvent
from wholerecord.people.decide import decide as decide_links
from wholerecord.people.weigh import MODEL
from wholerecord.record import PatientId, PersonId
from wholerecord.storage.gather import Gatherer
from wholerecord.storage.postgres.batch import known
from wholerecord.storage.postgres.batch_written import write_filed
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.events import NOT_YET, write_events
from wholerecord.storage.postgres.filed import FiledResources
from wholerecord.storage.postgres.filing import Filings
from wholerecord.storage.postgres.inbox import SLOTS, sealed
from wholerecord.storage.postgres.linking import link_these
from wholerecord.storage.postgres.message_bodies import WrittenBodies
from wholerecord.storage.postgres.openings import Openings, append, members_of
from wholerecord.storage.postgres.redone import redone
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from asyncpg import Record

    from wholerecord.storage.postgres.database import Connection

_Decided = tuple[Ask, Facts, Verdict]


@dataclass(slots=True)
class _Request:
    """One caller's writing, and what becomes of it."""

    asks: Sequence[Ask]
    decide: DecideAccess
    writing: Writing
    decided: list[_Decided] = field(default_factory=list[_Decided])
    stale: bool = False

    @property
    def refused(self) -> Verdict | None:
        """The first refusal."""
        return next((verdict for _, _, verdict in self.decided if not verdict.allowed), None)


class Writings(FiledResources, Openings):
    """See `access.saying.Writings`."""

    def __init__(self, database: Database, filings: Filings) -> None:
        FiledResources.__init__(self, database)
        self._filings = filings
        self._bodies = WrittenBodies()
        self._writes = Gatherer(self._write_all, most=64, at_once=2)

    async def write(
        self, asks: Sequence[Ask], decide: DecideAccess, writing: Writing
    ) -> Written | Stale | Refused:
        """See `access.saying.Writings.write`."""
        self._database.need_room()
        reply, openings = await self._writes.ask((asks, decide, writing))
        note(*openings)
        return reply

    @redone
    async def _write_all(
        self, asked: Sequence[tuple[Sequence[Ask], DecideAccess, Writing]]
    ) -> list[tuple[Written | Stale | Refused, list[Opening]]]:
        requests = [_Request(*each) for each in asked]
        sources = await self._filings.ids_of([each.writing.filing for each in requests])
        async with self._database.transaction() as connection:
            await self._decide(connection, requests)
            going = [each for each in requests if each.refused is None]
            written = await self._do(connection, going, sources) if going else {}
            openings = await _write_down(connection, requests)
        replies = [
            Stale()
            if each.stale
            else Refused(reason=refused.reason, opening=openings[at][0])
            if (refused := each.refused)
            else written[id(each)]
            for at, each in enumerate(requests)
        ]
        return list(zip(replies, openings, strict=True))

    async def _decide(self, connection: "Connection", requests: Sequence[_Request]) -> None:
        asks = [ask for each in requests for ask in each.asks]
        people = list({ask.person for ask in asks if ask.person is not None})
        now, _, rules = await self._standing.now_in_force(connection, people)
        members = await members_of(connection, asks)
        ties = await self.ties_of(connection, asks, members, now)
        for each in requests:
            for ask in each.asks:
                who, rulings = members.get((ask.person, ask.at), ((), 0))
                in_force = rules.get(ask.person, rules[None])
                facts = Facts(
                    members=who,
                    rules=in_force,
                    rulings=rulings,
                    now=now,
                    ties=ties.get(ask.person, ()),
                )
                each.decided.append((ask, facts, each.decide(ask, facts)))

    async def _do(
        self, connection: "Connection", going: Sequence[_Request], sources: dict[str, int]
    ) -> dict[int, Written]:
        """Keep, file and link what is not stale."""
        tokens = {token for each in going for token in each.writing.found}
        if tokens:
            await connection.execute(QUERIES["lock_tokens"], list(tokens))
        numbered = [
            replace(each.writing.filing, message=place) for place, each in enumerate(going, start=1)
        ]
        batch = await known(connection, numbered, sources, self._database.keys)
        await self._sift(connection, going, tokens)
        fresh = [each for each in going if not each.stale]
        if not fresh:
            return {}
        rows = await self._keep_written(connection, fresh, sources)
        for each, row in zip(fresh, rows, strict=True):
            about = {"source_id": row["source"], "controller": "", "id": row["id"]}
            filing = replace(each.writing.filing, message=row["id"])
            filed = self._filings.file(batch, {**about, "received": row["received"]}, filing)
            if filed.parked:
                raise Conflict("A patient or a merge it names is not one that can be filed.")
        await write_filed(connection, batch)
        await self._name(connection, fresh)
        linked = await _link(connection, fresh, batch.changed.keys())
        return {
            id(each): Written(
                message=row["id"],
                received=row["received"],
                filed=batch.filed_at,
                linked=linked,
            )
            for each, row in zip(fresh, rows, strict=True)
        }

    async def _sift(
        self, connection: "Connection", going: Sequence[_Request], tokens: set[int]
    ) -> None:
        """Mark as stale what was made from versions or identities that are others now."""
        async with self._database.within(connection):
            keys = list({key for each in going for key in each.writing.expects})
            newest = [one for one, _ in (await self._read_newest([keys]))[0]] if keys else []
            named = await self._named_now(tokens) if tokens else ()
        numbers = {
            key: version.number if version else 0 for key, version in zip(keys, newest, strict=True)
        }
        there: defaultdict[int, set[Key]] = defaultdict(set)
        for known_as, kind, one in named:
            there[known_as].add((kind, one))
        for each in going:
            writing = each.writing
            each.stale = any(
                numbers[key] != number for key, number in writing.expects.items()
            ) or any(frozenset(there[one]) != found for one, found in writing.found.items())
            if not each.stale:
                for key in writing.expects:
                    numbers[key] += 1
                for known_as, kind, one in writing.names:
                    there[known_as].add((kind, one))

    async def _keep_written(
        self, connection: "Connection", fresh: Sequence[_Request], sources: Mapping[str, int]
    ) -> list["Record"]:
        """The rows of their messages, kept, in the same order."""
        hashes = [hashlib.sha256(each.writing.body).digest() for each in fresh]
        packed = [
            sealed(
                self._database.keys,
                sources[each.writing.source],
                digest,
                self._bodies.pack(each.writing.body),
            )
            for each, digest in zip(fresh, hashes, strict=True)
        ]
        rows = await connection.fetch(
            QUERIES["keep_written"],
            [sources[each.writing.source] for each in fresh],
            hashes,
            [len(each.writing.body) for each in fresh],
            [body for body, _ in packed],
            random.randrange(SLOTS),  # noqa: S311 - spreads a counter, keeps no secret
            [wrapped and wrapped.kek for _, wrapped in packed],
            [wrapped and wrapped.data for _, wrapped in packed],
        )
        kept = {row["sha256"]: row for row in rows}
        if len(kept) != len(fresh):
            raise Conflict
        return [kept[digest] for digest in hashes]

    async def _name(self, connection: "Connection", fresh: Sequence[_Request]) -> None:
        names = [name for each in fresh for name in each.writing.names]
        if names:
            await connection.execute(
                QUERIES["name_resources"],
                [token for token, _, _ in names],
                [one.patient for _, _, one in names],
                [one.key for _, _, one in names],
                [self._database.kind_id(kind) for _, kind, _ in names],
            )


async def _link(
    connection: "Connection", fresh: Sequence[_Request], changed: Collection[PatientId]
) -> frozenset[PersonId]:
    """Link whom the writers named and whoever is new; the persons of whoever was moved."""
    joins = {
        patient: (person, each.asks[0].actor.id)
        for each in fresh
        for patient, person in each.writing.joins.items()
    }
    events: list[LinkEvent] = []
    if joins:
        rows = await connection.fetch(QUERIES["people_of"], list(joins))
        linked = {row["patient"] for row in rows}
        events = [
            LinkEvent(
                n=0,
                act=Act.LINK,
                patient=patient,
                person=person,
                was=None,
                weight=0.0,
                parts=(),
                by=storable(by),
                why="written about a patient of this person",
                model="",
                at=NOT_YET,
            )
            for patient, (person, by) in joins.items()
            if patient not in linked
        ]
        await write_events(connection, events)
    people: set[PersonId] = set()
    if changed:
        mine = await connection.fetch(QUERIES["claim_links_of"], list(changed))
        made = await link_these(connection, mine, decide_links, MODEL)
        people = {event.person for event in made}
    return frozenset(people)


async def _write_down(
    connection: "Connection", requests: Sequence[_Request]
) -> list[list[Opening]]:
    """The openings of each request; of what is stale none, for it is asked again."""
    decided = [[] if each.stale else _told(each) for each in requests]
    openings = iter(await append(connection, [one for each in decided for one in each]))
    return [[next(openings) for _ in each] for each in decided]


def _told(request: _Request) -> list[_Decided]:
    """What is written down of a request: where one is refused nothing is seen or said."""
    if request.refused is None:
        return request.decided
    return [one for one in request.decided if not one[2].allowed][:1]
