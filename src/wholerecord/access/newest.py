"""The newest version of everything said of a patient, remembered while nothing more is said.

What was said of a patient up to a `t` never changes but by being erased, which moves `t` on.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from wholerecord.access.store import Store
from wholerecord.record import LogicalId, PatientId, Version
from wholerecord.record.resources import identified

#: Bytes of bodies remembered, in all: of some 200,000 resources.
_MOST = 256 << 20
#: A version's share of the book-keeping, bytes.
_EACH = 500


class Newest:
    """The newest versions of one process's patients."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[tuple[PatientId, int], Sequence[Version]] = OrderedDict()
        self._held = 0

    async def of(self, seen: Mapping[PatientId, int], *, once: bool = False) -> list[Version]:
        """The newest version of each of these patients' resources as of their `t`.

        `once`: whoever asks goes through everybody, so that nothing need be remembered for them.
        """
        unknown = {patient: t for patient, t in seen.items() if (patient, t) not in self._known}
        read = await self._read(unknown) if unknown else {}
        found: list[Version] = []
        for one in seen.items():
            versions = read.get(one) or self._known.get(one)
            if versions is None:
                versions = await self._then(dict([one]))
            elif not once:
                self._remember(one, versions)
            found += versions
        return found

    async def _read(
        self, seen: Mapping[PatientId, int]
    ) -> dict[tuple[PatientId, int], Sequence[Version]]:
        """What there is of those of whom nothing was said since their `t`."""
        now: dict[PatientId, list[Version]] = {patient: [] for patient in seen}
        for version in await self._store.current(list(seen)):
            now[version.statement.patient].append(version)
        return {
            (patient, seen[patient]): versions
            for patient, versions in now.items()
            if versions and all(one.statement.t <= seen[patient] for one in versions)
        }

    def _remember(self, key: tuple[PatientId, int], versions: Sequence[Version]) -> None:
        if key not in self._known:
            self._held += _size(versions)
        self._known[key] = versions
        self._known.move_to_end(key)
        while self._held > _MOST and len(self._known) > 1:
            self._held -= _size(self._known.popitem(last=False)[1])

    async def _then(self, seen: Mapping[PatientId, int]) -> list[Version]:
        """The same as of a `t` that is past."""
        statements = await self._store.statements(seen)
        asked = dict.fromkeys(
            (one.kind, LogicalId.of(one.patient, identified(one.body)[0]))
            for one in statements
            if not one.replaced
        )
        found: list[Version] = []
        for (kind, logical), newest in zip(
            asked, await self._store.newest(list(asked)), strict=True
        ):
            version = newest
            if newest is not None and newest.statement.t > seen[logical.patient]:  # said since
                every = await self._store.versions(kind, logical)
                known = [one for one in every if one.statement.t <= seen[logical.patient]]
                version = known[-1] if known else None
            if version is not None:
                found.append(version)
        return found


def _size(versions: Sequence[Version]) -> int:
    """Bytes, about."""
    return sum(len(one.statement.body) for one in versions) + _EACH * (len(versions) + 1)
