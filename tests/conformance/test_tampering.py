"""What a hand in the database does to the log of openings is found."""

import asyncpg
import pytest

from tests.conformance.given import allow, ask, keep, person, settled, sources
from wholerecord.audit import Sealer, Verified, signing_key, verify
from wholerecord.consent import View
from wholerecord.storage import open_store

pytestmark = pytest.mark.postgres
TAMPERING = {
    "an edit": "UPDATE opening SET name = 'Nobody' WHERE n = (SELECT min(n) + 2 FROM opening)",
    "a deletion": "DELETE FROM opening WHERE n = (SELECT min(n) + 2 FROM opening)",
    "the newest deleted": "DELETE FROM opening WHERE n = (SELECT max(n) FROM opening)",
    "a look put in": (
        "INSERT INTO opening (n, at, rule, allowed, actor, name, role, organisation, purpose,"
        " view, part, person, reason, given, seen, nth) OVERRIDING SYSTEM VALUE"
        " SELECT 0, at, rule, allowed, actor, name, role, organisation, purpose, view, part,"
        " person, reason, given, seen, 1 FROM opening LIMIT 1"
    ),
    "two exchanged": (
        "UPDATE opening SET name = (SELECT name FROM opening AS other WHERE other.n ="
        " (SELECT min(n) + 3 FROM opening)), part = 'moved'"
        " WHERE n = (SELECT min(n) + 1 FROM opening)"
    ),
    "seals taken away": "DELETE FROM seal WHERE size = (SELECT max(size) FROM seal)",
    "all of it taken away": "TRUNCATE opening, seal",
}
#: Deletes what follows and gives the rest new numbers, as if it had never been.
REBUILT = """
DELETE FROM opening WHERE n = (SELECT min(n) + 2 FROM opening);
UPDATE opening SET nth = counted.nth
FROM (SELECT n, row_number() OVER (PARTITION BY person ORDER BY n) AS nth FROM opening) AS counted
WHERE counted.n = opening.n;
TRUNCATE seal;
"""


@pytest.mark.parametrize("how", [*TAMPERING, "a chain rebuilt with its key"])
async def test_tampering_by_sql_is_found(empty_database, tmp_path, how) -> None:
    url = empty_database()
    key, published = signing_key(tmp_path / "key"), tmp_path / "seals.log"
    async with open_store(url) as store:
        await sources(store, "gp")
        await keep(store, "gp", ["1", "Example", "9990000018", 1])
        await settled(store)
        somebody = await person(store, "gp", "1")
        sealer = Sealer(store, key, published)
        for n in range(6):
            await store.open(ask(somebody, view=View.RECORD, part=f"{n}"), allow)
            await sealer.seal()
        assert await found(store, key, published) == ""
        connection = await asyncpg.connect(url)
        await connection.execute(TAMPERING.get(how, REBUILT))
        await connection.close()
        if how not in TAMPERING:  # whoever holds the key seals again what they made
            await Sealer(store, key, tmp_path / "their-own.log").seal()
            assert await found(store, key, tmp_path / "their-own.log") == ""
        assert await found(store, key, published)


async def found(store, key, published) -> str:
    verified: Verified = await verify(store, key.public_key(), published)
    return verified.broken
