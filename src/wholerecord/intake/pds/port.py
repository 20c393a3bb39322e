"""What is asked of PDS."""

from typing import Protocol

from wholerecord.intake.pds.answer import Demographic, Nothing
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
