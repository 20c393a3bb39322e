"""Definitions that a site loaded."""

from collections.abc import Sequence

import zstandard

from wholerecord.fhir.profiles import Base, Definition
from wholerecord.storage.postgres.database import Database
from wholerecord.storage.text import storable

_LEVEL = 9


class Definitions:
    """See `fhir.profiles.Definitions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load_definitions(self, loaded: Sequence[Definition]) -> int:
        """See `fhir.profiles.Definitions.load_definitions`."""
        last = {(storable(one.url), storable(one.version)): one for one in loaded}
        pack = zstandard.ZstdCompressor(level=_LEVEL).compress
        row = await self._database.fetchrow(
            "load_definitions",
            [url for url, _ in last],
            [version for _, version in last],
            [one.kind for one in last.values()],
            [storable(one.title) for one in last.values()],
            [pack(one.body) for one in last.values()],
        )
        return int(row["fresh"]) if row else 0

    async def definitions(self) -> Sequence[Definition]:
        """See `fhir.profiles.Definitions.definitions`."""
        unpack = zstandard.ZstdDecompressor().decompress
        return [
            Definition(
                url=row["url"],
                version=row["version"],
                kind=row["kind"],
                title=row["title"],
                body=unpack(row["body"]),
            )
            for row in await self._database.fetch("definitions")
        ]

    async def ask_profile(self, base: Base, url: str) -> None:
        """See `fhir.profiles.Definitions.ask_profile`."""
        await self._database.fetch("ask_profile", base.value, storable(url))

    async def unask_profile(self, base: Base, url: str) -> bool:
        """See `fhir.profiles.Definitions.unask_profile`."""
        return bool(await self._database.fetch("unask_profile", base.value, storable(url)))

    async def asked_profiles(self) -> Sequence[tuple[Base, str]]:
        """See `fhir.profiles.Definitions.asked_profiles`."""
        rows = await self._database.fetch("asked_profiles")
        return [(Base(row["base"]), row["url"]) for row in rows]

    async def definitions_state(self) -> str:
        """See `fhir.profiles.Definitions.definitions_state`."""
        row = await self._database.fetchrow("definitions_state")
        return row["state"] if row else ""
