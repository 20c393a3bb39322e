"""What people decided about who sees their records."""

from collections.abc import Sequence

from wholerecord.consent import Preference, Rule
from wholerecord.errors import NotFound
from wholerecord.record import PersonId
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.postgres.rules import Rules, columns_of
from wholerecord.storage.postgres.sql import QUERIES
from wholerecord.storage.text import storable

#: The first number too large for a database.
_TOO_LARGE = 1 << 63


class Preferences:
    """See `consent.Preferences`."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._standing = rules

    async def prefer(
        self, person: PersonId, rules: Sequence[Rule], *, by: str, words: str
    ) -> Preference:
        """See `consent.Preferences.prefer`."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                QUERIES["add_preference"], storable(person), storable(by), storable(words)
            )
            assert row is not None  # noqa: S101 - INSERT … RETURNING gives the row
            numbers = [
                (await connection.fetchval(QUERIES["add_rule"], *columns_of(rule), row["n"]))
                for rule in rules
            ]
            kept = await self._standing.numbered(connection, numbers)
        return Preference(**dict(row), rules=kept)

    async def end_preference(self, person: PersonId, n: int, *, by: str) -> None:
        """See `consent.Preferences.end_preference`."""
        said = storable(person), n, storable(by)
        if not (0 < n < _TOO_LARGE and await self._database.fetchrow("end_preference", *said)):
            raise NotFound("There is no such decision to end.")

    async def preferences_of(self, person: PersonId) -> Sequence[Preference]:
        """See `consent.Preferences.preferences_of`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(QUERIES["preferences_of"], storable(person))
            found: list[Preference] = []
            for row in rows:
                said = dict(row)
                rules = await self._standing.numbered(connection, said.pop("rules"))
                found.append(Preference(**said, rules=rules))
        return found
