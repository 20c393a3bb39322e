"""One message traced among ten million: how long, and by which indexes.

    .venv/bin/python -m benchmarks.trace [MESSAGES]

Fills the tables on an embedded PostgreSQL of its own with rows made in the database, files a real
message on top, and traces it by control id, id in a file, number and hash. Prints the plan of each
question, in which no table may be read from end to end.
"""

import asyncio
import hashlib
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.machine import machine, spread
from wholerecord import worker
from wholerecord.access.tracing import trace
from wholerecord.intake import Arrival
from wholerecord.intake.known import known_as
from wholerecord.record import Source
from wholerecord.storage import embedded, open_store
from wholerecord.storage.postgres import Store
from wholerecord.storage.postgres.sql import QUERIES

_MESSAGES = 10_000_000
_PATIENTS, _OPENINGS = 200_000, 1_000_000
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY($1::text[])"
_FILL = (
    """
    INSERT INTO message (
        received, size, source, sha256, name, body, control, sender, known_as
    )
    SELECT
        timestamptz '2020-01-01Z' + n * interval '15 seconds', 300, 1 + n % 50,
        sha256(int8send(n)), 'mllp', '\\x00', CASE WHEN n % 2 = 0 THEN 'C' || n END,
        CASE WHEN n % 2 = 0 THEN 'PAS' ELSE '' END,
        CASE WHEN n % 2 = 1 THEN
            ('x' || encode(substr(sha256(convert_to('F' || n, 'UTF8')), 1, 8), 'hex'))
                ::bit(64)::bigint
        END
    FROM generate_series(1, $1::bigint) AS n
    """,
    """
    INSERT INTO statement (
        home, patient, message, received, filed, t, n, kind, dictionary, place, body
    )
    SELECT
        n % $2::bigint, n % $2::bigint, n, now(), now(), n / $2::bigint, 0, 1, 0, 'OBX[1]', '\\x00'
    FROM generate_series(1, $1::bigint) AS n
    """,
    """
    INSERT INTO parked (message, source, place, reason, says, owner, since)
    SELECT n * 100, 1 + n % 50, '', 'BAD_VALUE', '', '', now()
    FROM generate_series(1, $1::bigint / 100) AS n
    """,
    """
    INSERT INTO opening (
        at, rule, allowed, actor, name, role, organisation, purpose, view, part, person, reason,
        given, seen
    )
    SELECT
        now(), 1, true, 'dr', '', '', '', '', 'record', '', 'p' || n % 10000, '', '',
        jsonb_build_object((n % $2::bigint)::text, 1)
    FROM generate_series(1, $1::bigint) AS n
    """,
)
_MESSAGE = (
    b"MSH|^~\\&|PAS|RXX|WR|WR|20260302091500||ADT^A01^ADT_A01|%s|P|2.4\r"
    b"PID|1||H1^^^RXX^MR~9990000018^^^NHS^NH||Okafor^Grace||19480302|F\r"
    b"AL1|1|DA|764146007^Penicillin^SCT|SV|Anaphylaxis\r"
)


async def fill(connection: "asyncpg.Connection[Any]", messages: int) -> None:
    """Fill the tables, their indexes made after."""
    tables = ["message", "statement"]
    indexes = [
        row
        for row in await connection.fetch(_INDEXES, tables)
        if row["indexname"] != "message_pkey"
    ]
    await connection.execute("ALTER TABLE message DROP CONSTRAINT message_source_sha256_key")
    await connection.execute("ALTER TABLE statement DROP CONSTRAINT statement_pkey")
    for row in indexes:
        await connection.execute(f'DROP INDEX IF EXISTS "{row["indexname"]}"')
    await connection.execute(_FILL[0], messages)
    await connection.execute(_FILL[1], messages, _PATIENTS)
    await connection.execute(_FILL[2], messages)
    await connection.execute(_FILL[3], _OPENINGS, _PATIENTS)
    for row in indexes:
        await connection.execute(row["indexdef"])
    await connection.execute("VACUUM ANALYZE message, statement, parked, opening")


async def explain(connection: "asyncpg.Connection[Any]", name: str, *values: object) -> None:
    """Print how the query of that name is answered; a sequential scan of a large table fails."""
    rows = await connection.fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {QUERIES[name]}", *values)
    plan = [row[0] for row in rows]
    print(f"  {name}: {plan[-1].strip()}")
    for line in plan:
        if "Scan" in line:
            print(f"    {line.strip().split('  (')[0].lstrip('-> ')}")
    large = ("on message", "on statement", "on opening", "on parked ")
    if any("Seq Scan" in line and any(each in line for each in large) for line in plan):
        raise SystemExit(f"{name} reads a table from end to end")


async def explained(connection: "asyncpg.Connection[Any]", messages: int) -> None:
    """The plan of each question a trace asks, for a message in the middle."""
    n = messages // 2 // 2 * 2
    sha256 = hashlib.sha256(n.to_bytes(8, "big")).digest()
    await explain(connection, "find_messages", f"C{n}", known_as(f"C{n}"), None, None, 20)
    await explain(connection, "find_messages", f"F{n + 1}", known_as(f"F{n + 1}"), None, None, 20)
    await explain(connection, "find_messages", sha256.hex(), 0, None, sha256, 20)
    await explain(connection, "traced", n)
    await explain(connection, "said_by", [n])
    await explain(connection, "parked_of", [n])
    await explain(connection, "openings_that_showed", ["p7"], ["record"], ["7"], [1])


async def traced(store: Store) -> None:
    """How long whole traces take, of messages kept and filed on top of all that."""
    wire, posted = _MESSAGE % b"WIRE-1", _MESSAGE % b"FILE-1"
    await store.keep(
        Arrival(source="s1", body=wire, name="mllp", control="WIRE-1", sender="PAS|RXX")
    )
    receipt = await store.keep(Arrival(source="s1", body=posted, name="a.hl7"))
    await worker.settle(store, worker.prepare_here)
    names = ("WIRE-1", "FILE-1", str(receipt.message), hashlib.sha256(wire).hexdigest())
    for name in names:
        seconds: list[float] = []
        for _ in range(20):
            began = time.perf_counter()
            [found] = await trace(store, name)
            seconds.append(time.perf_counter() - began)
        print(f"  trace {name[:12]}: {found.statements} statements, {spread(seconds)}")


async def main() -> None:
    """Measure on a store of its own."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else _MESSAGES
    folder = Path(tempfile.mkdtemp(prefix="wholerecord-bench-"))
    print(machine())
    try:
        async with (
            embedded.running(folder / "database") as url,
            open_store(f"embedded:{folder / 'database'}") as store,
        ):
            for n in range(1, 51):
                await store.declare(Source(name=f"s{n}", controller="BENCH", title=f"Source {n}"))
            connection = await asyncpg.connect(url)
            began = time.perf_counter()
            await fill(connection, messages)
            print(f"filled: {messages:,} messages in {time.perf_counter() - began:.0f} s")
            await explained(connection, messages)
            await connection.close()
            await traced(store)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
