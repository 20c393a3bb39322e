"""The workbench of the desk: one parked item, a message traced, kept messages read again.

Every look and act is an opening. What a replay would change is shown by address, and each person
whose record it is gets an opening of their own, so that they can see that somebody looked.
"""

import asyncio
from dataclasses import dataclass, replace

from wholerecord.access.decide import decide
from wholerecord.access.deed import Assign, Deed, Note, Release
from wholerecord.access.opening import Refused
from wholerecord.access.replaying import Preview, Published, preview, publish, undo
from wholerecord.access.room import Room
from wholerecord.access.tracing import Trace, trace
from wholerecord.consent import Purpose, View
from wholerecord.errors import Conflict
from wholerecord.fold.compare import Difference
from wholerecord.intake import Parked
from wholerecord.intake.parked import ParkedStep
from wholerecord.intake.prepare import prepare_aside
from wholerecord.intake.replay import Choice, Replay

#: Messages read for one page. More is for the command line, which takes its time.
_MOST = 2_000
_WITHHELD = "an entry that is withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A parked item, and what was done about it."""

    parked: Parked
    steps: tuple[ParkedStep, ...]


class BenchRoom(Room):
    """What is done at the desk about one message."""

    async def item(self, n: int) -> Item | Refused:
        """A parked item; or why not.

        Raises:
            NotFound: there is no such item.
        """
        refused = await self._at_desk(f"parked {n}")
        if refused:
            return refused
        parked, steps = await asyncio.gather(self._store.parked_item(n), self._store.steps(n))
        return Item(parked=parked, steps=tuple(steps))

    async def assign(self, n: int, to: str, *, why: str) -> Refused | None:
        """Give a parked item to somebody. None when it is done."""
        return await self._work_on(n, "assign", Assign(n=n, to=to, why=why))

    async def note(self, n: int, *, why: str) -> Refused | None:
        """Write something down about a parked item. None when it is done."""
        return await self._work_on(n, "note", Note(n=n, why=why))

    async def release(self, n: int, *, why: str) -> Refused | None:
        """Close a parked item, with who and why. None when it is done."""
        return await self._work_on(n, "release", Release(n=n, why=why))

    async def trace(self, id: str) -> tuple[Trace, ...] | Refused:
        """Every message that goes by `id`, from end to end; or why not.

        Raises:
            NotFound: no message does.
        """
        # What was asked for may hold anything: the opening says only that a message was traced.
        return await self._at_desk("trace") or await trace(self._store, id)

    async def replays(self) -> tuple[Replay, ...] | Refused:
        """The last replays, newest first; or why not."""
        return await self._at_desk("replays") or tuple(await self._store.replays())

    async def preview(self, choice: Choice) -> Preview | Refused:
        """What reading the chosen messages again would change; or why not.

        Raises:
            Incorrect: there are more messages than a page can hold.
        """
        refused = await self._at_desk("replay: preview")
        if refused:
            return refused
        seen = await preview(self._store, prepare_aside, choice, most=_MOST)
        for change in seen.people:
            if change.person is not None:
                ask = self._asking(
                    change.person, Purpose.SAFETY_REVIEW, View.RULING, part="replay: preview"
                )
                if refused := await self._may(ask):
                    return refused
        return replace(
            seen,
            people=tuple(
                replace(one, differences=tuple(map(outlined, one.differences)))
                for one in seen.people
            ),
        )

    async def publish(self, choice: Choice, digest: str, *, why: str) -> Published | Refused:
        """Publish the changes with this digest, signed off by the actor; or why not.

        Raises:
            Conflict: reading the messages again now would change something else.
        """
        refused = await self._at_desk("replay: publish")
        if refused:
            return refused
        seen = await preview(self._store, prepare_aside, choice, most=_MOST)
        if seen.digest != digest:
            raise Conflict("What would change is not what you saw.")
        done = await publish(self._store, seen, by=self.actor.id, why=why)
        self._way.surroundings.forget()
        return done

    async def undo_replay(self, n: int, *, why: str) -> int | Refused:
        """Undo a replay; how many messages say what they said before. Or why not."""
        refused = await self._at_desk(f"replay: undo {n}")
        if refused:
            return refused
        count = await undo(self._store, n, by=self.actor.id, why=why)
        self._way.surroundings.forget()
        return count

    async def _work_on(self, n: int, part: str, deed: Deed) -> Refused | None:
        """Do it to parked item `n`; its opening is in the same commit."""
        ask = self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part=f"{part} {n}")
        done = await self._store.act(ask, decide, deed)
        if not done.verdict.allowed:
            return Refused(reason=done.verdict.reason, opening=done.opening)
        self._way.surroundings.forget()
        return None

    async def _at_desk(self, part: str) -> Refused | None:
        return await self._may(self._asking(None, Purpose.SAFETY_REVIEW, View.DESK, part=part))


def outlined(one: Difference) -> Difference:
    """The difference; of an entry with a sensitivity, that there is one and no more."""
    if not one.labels:
        return one
    return replace(
        one, was=_WITHHELD if one.was else "", now=_WITHHELD if one.now else "", parts=()
    )
