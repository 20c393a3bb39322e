"""The database brought to what this program needs, whoever starts first."""

from importlib.resources import files

from asyncpg import Connection, Record

from wholerecord.errors import Unavailable
from wholerecord.storage.postgres.sql import QUERIES, text


class Newer(Unavailable):
    """The database was brought forward by a newer Wholerecord: start that one."""


def migrations() -> list[str]:
    """The names of the migrations that ship with this program, in order."""
    folder = files("wholerecord.storage.postgres") / "migrations"
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))


async def migrate(connection: "Connection[Record]") -> None:
    """Make the database, or apply what is missing, in one transaction; one program at a time.

    Raises:
        Newer: it has migrations that this program does not know.
    """
    async with connection.transaction():
        await connection.execute(QUERIES["lock_migrations"])
        known = migrations()
        if not await connection.fetchval(QUERIES["migrations_begun"]):
            await connection.execute(text("schema.sql"))
            await connection.execute(QUERIES["add_migrations"], known)
            return
        applied = {row["name"] for row in await connection.fetch(QUERIES["migrations"])}
        if not applied <= set(known):
            raise Newer
        for name in known:
            if name not in applied:
                await connection.execute(text(f"migrations/{name}"))
        await connection.execute(QUERIES["add_migrations"], known)
