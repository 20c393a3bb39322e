"""Definitions that a site loaded, in a dictionary."""

from collections.abc import Sequence
from dataclasses import replace

from wholerecord.fhir.profiles import Base, Definition
from wholerecord.storage.text import storable


class Definitions:
    """See `fhir.profiles.Definitions`."""

    def __init__(self) -> None:
        self._loaded: dict[tuple[str, str], Definition] = {}
        self._asked: set[tuple[Base, str]] = set()
        self._times = 0

    async def load_definitions(self, loaded: Sequence[Definition]) -> int:
        """See `fhir.profiles.Definitions.load_definitions`."""
        before = len(self._loaded)
        for one in loaded:
            url, version, title = storable(one.url), storable(one.version), storable(one.title)
            self._loaded[url, version] = replace(one, url=url, version=version, title=title)
        self._times += 1
        return len(self._loaded) - before

    async def definitions(self) -> Sequence[Definition]:
        """See `fhir.profiles.Definitions.definitions`."""
        return [one for _, one in sorted(self._loaded.items())]

    async def ask_profile(self, base: Base, url: str) -> None:
        """See `fhir.profiles.Definitions.ask_profile`."""
        self._asked.add((base, storable(url)))
        self._times += 1

    async def unask_profile(self, base: Base, url: str) -> bool:
        """See `fhir.profiles.Definitions.unask_profile`."""
        asked = (base, storable(url)) in self._asked
        self._asked.discard((base, storable(url)))
        self._times += 1
        return asked

    async def asked_profiles(self) -> Sequence[tuple[Base, str]]:
        """See `fhir.profiles.Definitions.asked_profiles`."""
        return sorted(self._asked, key=lambda one: (one[0].value, one[1]))

    async def definitions_state(self) -> str:
        """See `fhir.profiles.Definitions.definitions_state`."""
        return str(self._times)
