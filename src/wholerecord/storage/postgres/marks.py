"""What the program remembers of a database itself."""

from wholerecord.storage.postgres.database import Database


class Marks:
    """See `record.Marks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, name: str) -> str:
        """See `record.Marks.mark`."""
        row = await self._database.fetchrow("mark", name)
        return "" if row is None else row["value"]

    async def set_mark(self, name: str, value: str) -> None:
        """See `record.Marks.set_mark`."""
        await self._database.fetch("set_mark", name, value)
