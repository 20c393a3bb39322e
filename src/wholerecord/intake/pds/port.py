"""What is asked of PDS."""

from collections.abc import Sequence
from typing import Protocol

from wholerecord.intake.pds.answer import Demographic, Nothing
from wholerecord.intake.pds.change import Change
from wholerecord.nhs import NhsNumber
from wholerecord.people import Demographics


class Pds(Protocol):
    """Somebody who knows who has which NHS number."""

    async def read(self, number: NhsNumber) -> Demographic | Nothing:
        """Whose number it is; of a superseded one whoever has the number that replaced it."""
        ...

    async def search(
        self, said: Demographics, *, fuzzy: bool = False
    ) -> tuple[Demographic, ...] | Nothing:
        """Who fits what is said of somebody, the likeliest first."""
        ...

    async def update(self, known: Demographic, changes: Sequence[Change]) -> Demographic | Nothing:
        """Somebody as they are after all of `changes`, or none of them and why.

        `known` is who was changed, as read: what somebody else changed since is never overwritten.
        Where PDS did not answer it may have changed them all the same: read again before trying
        again, and trying again with the same `known` changes nothing twice.
        """
        ...
