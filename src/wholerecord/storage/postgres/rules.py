"""Rules of who may see what. A rule never changes, so each is read once and remembered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from asyncpg import Record

from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.consent.book import Book, Shelf
from wholerecord.consent.outs import is_of_another
from wholerecord.consent.period import Period
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

if TYPE_CHECKING:
    from wholerecord.storage.postgres.database import Connection

#: Rules remembered by one process; beyond it, all are forgotten and read again.
_MOST = 100_000
#: Books remembered, of a person's own rules each.
_MOST_BOOKS = 10_000


class InForce(NamedTuple):
    """How things stand: the time, the number of the last step about the policy, and the rules."""

    now: datetime
    steps: int
    books: dict[PersonId | None, Book]


class Rules:
    """See `consent.Rules`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: dict[int, Rule] = {}
        #: The general rules read last, and the version they were then: replaced as one.
        self._general: tuple[UUID | None, Shelf] = (None, Shelf(()))
        self._books: dict[tuple[int, ...], Book] = {}

    async def add_rule(self, rule: Rule) -> Rule:
        """See `consent.Rules.add_rule`."""
        row = await self._database.fetchrow("add_rule", *columns_of(rule), None)
        assert row is not None  # noqa: S101 - INSERT … RETURNING gives the row
        async with self._database.connection() as connection:
            return (await self._rules(connection, [row["n"]]))[row["n"]]

    async def end_rule(self, n: int) -> None:
        """See `consent.Rules.end_rule`."""
        if await self._database.fetchrow("end_rule", n) is None:
            raise NotFound(f"There is no rule {n}.")

    async def rules(self, *, person: PersonId | None = None) -> Sequence[Rule]:
        """See `consent.Rules.rules`."""
        async with self._database.connection() as connection:
            in_force = await self.in_force(connection, [] if person is None else [person])
        return in_force.get(person, in_force[None])

    async def rules_of(self, people: Sequence[PersonId]) -> Sequence[Rule]:
        """See `consent.Rules.rules_of`."""
        async with self._database.connection() as connection:
            books = await self.in_force(connection, people)
        every = (rule for book in books.values() for rule in book.own)
        return sorted((*books[None].general.rules, *every), key=lambda rule: rule.n)

    async def in_force(
        self, connection: "Connection", people: Sequence[PersonId]
    ) -> dict[PersonId | None, Book]:
        """The rules in force, by person for who has their own, and by None for others."""
        return (await self.now_in_force(connection, people)).books

    async def now_in_force(self, connection: "Connection", people: Sequence[PersonId]) -> InForce:
        """The same with the time and the last step about the policy, asked for at once.

        The general rules are read when they are not those that were read last: the database gives
        them another version with every change, in the transaction that makes it.
        """
        wanted = [storable(person) for person in people]
        version, general = self._general
        rows = await connection.fetch(QUERIES["rules_in_force"], wanted, version)
        rules = await self._rules(connection, [row["n"] for row in rows if row["n"] is not None])
        now = rows[0]["version"]
        if now is None or now != version:
            numbers = [row["n"] for row in rows if row["person"] is None and row["n"] is not None]
            general = Shelf(rules[n] for n in numbers)
            self._general = now, general
            self._books = {}
        own: dict[PersonId | None, list[int]] = {None: []}
        for row in rows:
            if row["person"] is not None:
                own.setdefault(row["person"], []).append(row["n"])
        books = {person: self._book(general, tuple(theirs)) for person, theirs in own.items()}
        return InForce(rows[0]["now"], rows[0]["steps"], books)

    def _book(self, general: Shelf, own: tuple[int, ...]) -> Book:
        """The general rules and these, laid out once: rules never change, so numbers name them."""
        book = self._books.get(own)
        if book is None or book.general is not general:
            if len(self._books) > _MOST_BOOKS:
                self._books.clear()
            book = Book(general, tuple([self._remembered[n] for n in own]))
            self._books[own] = book
        return book

    async def numbered(self, connection: "Connection", numbers: Sequence[int]) -> tuple[Rule, ...]:
        """The rules of those numbers, in force or not, in that order."""
        rules = await self._rules(connection, numbers)
        return tuple(rules[n] for n in numbers)

    async def _rules(self, connection: "Connection", wanted: Iterable[int]) -> dict[int, Rule]:
        new = [n for n in wanted if n not in self._remembered]
        if new:
            if len(self._remembered) > _MOST:
                self._remembered.clear()
                new = list(wanted)
            rows = await connection.fetch(QUERIES["rules"], new)
            self._remembered |= {row["n"]: _rule(row) for row in rows}
        return self._remembered

    async def refusals(self, purpose: Purpose, project: str = "") -> Sequence[Rule]:
        """See `consent.Rules.refusals`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(QUERIES["refusals"], purpose.value)
            found = await self._rules(connection, [row["n"] for row in rows])
            rules = [found[row["n"]] for row in rows]
        return [rule for rule in rules if not is_of_another(rule, project)]


def columns_of(rule: Rule) -> tuple[object, ...]:
    """What `add_rule` takes, but for the preference it is of."""
    return (
        rule.allow,
        rule.related,
        rule.purpose.value,
        storable(rule.reason),
        rule.view.value if rule.view else None,
        rule.role.value if rule.role else None,
        rule.organisation,
        rule.actor,
        rule.person,
        rule.kinds,
        rule.label,
        rule.since,
        rule.until,
        rule.kind,
        rule.source,
        rule.item,
        None if rule.author is None else storable(rule.author),
        rule.period.first if rule.period else None,
        rule.period.last if rule.period else None,
        storable(rule.basis),
        storable(rule.controller),
    )


def _rule(row: Record) -> Rule:
    said: dict[str, Any] = dict(row)
    said["purpose"] = Purpose(row["purpose"])
    said["view"] = View(row["view"]) if row["view"] else None
    said["role"] = Role(row["role"]) if row["role"] else None
    said["kinds"] = tuple(row["kinds"])
    first, last = said.pop("first_day"), said.pop("last_day")
    said["period"] = Period(first=first, last=last) if first or last else None
    return Rule(**said)
