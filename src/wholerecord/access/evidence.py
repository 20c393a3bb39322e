"""Evidence of who looked: what a person takes away to check for themselves, with `audit.prove`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wholerecord.access.explaining import decide_for_oneself
from wholerecord.access.opening import Refused
from wholerecord.access.room import Room
from wholerecord.audit import Opening, Seal, Tiles, leaf
from wholerecord.consent import Purpose, View
from wholerecord.record import PersonId

#: Openings proved at once: all of them, for any person there is.
_MOST = 1_000_000
#: Older checkpoints that the log is proved to begin with, besides those asked for.
_SINCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The openings of one record among the first `seal.size`, each with its place and path.

    `since` are older seals and the paths that show that the log still begins with them. `unsealed`
    counts the newest openings, which no seal covers yet; `key` is the public half of the sealing
    key.
    """

    person: PersonId
    seal: Seal
    openings: tuple[tuple[Opening, int, tuple[bytes, ...]], ...]
    since: tuple[tuple[Seal, tuple[bytes, ...]], ...]
    unsealed: int
    key: bytes

    def as_json(self) -> dict[str, Any]:
        """The file that `audit.prove` reads."""
        return {
            "what": "wholerecord openings of one record",
            "key": self.key.hex(),
            "person": self.person,
            "checkpoint": _checkpoint(self.seal) | {"signature": self.seal.signature.hex()},
            "openings": [
                {"leaf": leaf(opening).decode(), "index": index, "path": [p.hex() for p in path]}
                for opening, index, path in self.openings
            ],
            "since": [
                _checkpoint(seal) | {"path": [p.hex() for p in path]} for seal, path in self.since
            ],
            "unsealed": self.unsealed,
        }


class EvidenceRoom(Room):
    """The room where evidence is given."""

    async def evidence(
        self, person: PersonId, *, purpose: Purpose, since: Sequence[int] = ()
    ) -> Evidence | Refused | None:
        """Every sealed opening of this record with its proof; or why not. None: nothing is sealed.

        `since` are sizes of older checkpoints that the asker holds. Only the person themselves gets
        their own: it says which parts others looked at.
        """
        ask = self._asking(person, purpose, View.OPENINGS, part="evidence")
        opening, _, verdict = await self._store.open(ask, decide_for_oneself)
        if not verdict.allowed:
            return Refused(reason=verdict.reason, opening=opening)
        seals = list(await self._store.seals())
        if not seals:
            return None
        tiles, seal = self._way.tiles, seals[-1]
        await tiles.grow(seal)
        looks = await self._store.openings_of(person, limit=_MOST)
        proved: list[tuple[Opening, int, tuple[bytes, ...]]] = []
        for look in reversed(looks):
            index = await tiles.index_of(look)
            if index is not None and index < seal.size:
                proved.append((look, index, tuple(await tiles.inclusion(index, seal.size))))
        return Evidence(
            person=person,
            seal=seal,
            openings=tuple(proved),
            since=tuple([await _since(tiles, older, seal) for older in _older(seals, since)]),
            unsealed=len(looks) - len(proved),
            key=self._way.sealed_by,
        )


async def _since(tiles: Tiles, older: Seal, seal: Seal) -> tuple[Seal, tuple[bytes, ...]]:
    return older, tuple(await tiles.consistency(older.size, seal.size))


def _older(seals: Sequence[Seal], asked: Sequence[int]) -> list[Seal]:
    """The seals asked for, and others spread evenly over the time there were any."""
    before = seals[:-1]
    step = max(1, -(-len(before) // _SINCE))
    spread = {seal.size for seal in before[::-step]}
    return [seal for seal in before if seal.size in spread or seal.size in asked]


def _checkpoint(seal: Seal) -> dict[str, Any]:
    return {"size": seal.size, "root": seal.root.hex(), "at": seal.at.isoformat()}
