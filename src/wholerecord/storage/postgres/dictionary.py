"""`python -m wholerecord.storage.postgres.dictionary FOLDER`: train dictionaries from a store.

A dictionary repeats pieces of what it was trained on. So those that ship with this package were
trained on the demonstration region, in which nobody is real; one trained on real statements must
not leave the organisation that holds them.
"""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from wholerecord.access.envelope import Entry, envelope
from wholerecord.record.logical_id import new_word
from wholerecord.settings import Settings
from wholerecord.storage import open_store
from wholerecord.storage.keyring import keyring
from wholerecord.storage.postgres.bodies import group_of, shipped
from wholerecord.storage.postgres.message_bodies import WRITTEN
from wholerecord.storage.postgres.store import Store

#: Bytes of a dictionary. Larger ones fit what they were trained on a little better and, measured on
#: published payloads nobody trained on, everything else a little worse.
_SIZE = 16 << 10
#: Bodies of one FHIR type to learn from, at most.
_SAMPLES = 3000
#: Fewer bodies than this teach nothing.
_FEWEST = 100


async def train(store: Store) -> dict[str, bytes]:
    """A dictionary for each group of FHIR types the store has enough statements of.

    And one for what clients write: the same, each in the message that keeps it.
    """
    return trained(await store.samples(_SAMPLES))


def trained(samples: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """A dictionary for each group that there are enough samples of: a FHIR type and a body each."""
    bodies: dict[str, list[bytes]] = defaultdict(list)
    for at, (kind, body) in enumerate(samples):
        bodies[group_of(kind)].append(body)
        bodies[WRITTEN].append(_written(kind, body, spaced=bool(at % 2)))
    return {
        group: zstandard.train_dictionary(_SIZE, [*each], level=3).as_bytes()
        for group, each in sorted(bodies.items())
        if len(each) >= _FEWEST
    }


def _written(kind: str, body: bytes, *, spaced: bool) -> bytes:
    """The message of a client that creates it; half of them write JSON with spaces."""
    said = json.dumps(json.loads(body), ensure_ascii=False).encode() if spaced else body
    location = f"{kind}/{new_word()}"
    entry = Entry(method="POST", location=location, full_url="", resource=said)
    return envelope([entry], datetime.now(UTC), "https://fhir.example/fhir")


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
