"""`python -m wholerecord.storage.postgres.dictionary FOLDER`: train dictionaries from a store.

A dictionary repeats pieces of what it was trained on. So those that ship with this package were
trained on the demonstration region, in which nobody is real; one trained on real statements must
not leave the organisation that holds them.
"""

import asyncio
import sys
from collections import defaultdict
from pathlib import Path

import zstandard

from wholerecord.settings import Settings
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring
from wholerecord.storage.postgres.bodies import group_of, shipped
from wholerecord.storage.postgres.store import Store

#: Bytes of a dictionary. Larger ones fit what they were trained on a little better and, measured on
#: published payloads nobody trained on, everything else a little worse.
_SIZE = 16 << 10
#: Bodies of one FHIR type to learn from, at most.
_SAMPLES = 3000
#: Fewer bodies than this teach nothing.
_FEWEST = 100


async def train(store: Store) -> dict[str, bytes]:
    """A dictionary for each group of FHIR types the store has enough statements of."""
    bodies: dict[str, list[bytes]] = defaultdict(list)
    for kind, body in await store.samples(_SAMPLES):
        bodies[group_of(kind)].append(body)
    return {
        group: zstandard.train_dictionary(_SIZE, [*each], level=3).as_bytes()
        for group, each in sorted(bodies.items())
        if len(each) >= _FEWEST
    }


async def _write(folder: Path) -> None:
    settings = Settings.from_environment()
    async with open_store(settings.database, keyring(settings.keys)) as store:
        trained = await train(store)
    number = max(shipped(), default=0)
    for group, data in trained.items():
        number += 1
        file = folder / f"{number}-{group}.zdict"
        file.write_bytes(data)
        sys.stdout.write(f"{file}: {len(data)} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(_write(Path(sys.argv[1])))
