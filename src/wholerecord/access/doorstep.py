"""Before the door: who came, was let in or was turned away, in the same log as every look.

See decision 16. A sign-in is written down as an opening of the view `SIGN_IN` about nobody, or
about oneself where one's own record is what one came for.
"""

from wholerecord.access.door import Doorway
from wholerecord.access.opening import Actor, Ask, Facts, Refused, Verdict
from wholerecord.consent import Purpose, Role, View
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people.search import Search
from wholerecord.record import PersonId

#: Who looks for the person that somebody proved to be. A standing rule lets it find, and no more.
_PORTER = Actor(id="sign-in", name="Signing in", role=Role.SYSTEM, organisation="")
_VERIFIED = "01"


class Doorstep:
    """What signing in may ask and must write down."""

    def __init__(self, way: Doorway) -> None:
        self._way = way

    async def whose(self, number: NhsNumber, born: PartialDate) -> PersonId | None:
        """The one person with this verified number and day of birth; None: nobody, or several.

        Both in the words of one source: somebody else's number is on many a record by mistake.
        """
        search = Search(nhs_number=number, born=born)
        found = await self._way.door(_PORTER).find(search, purpose=Purpose.ADMINISTRATION)
        if isinstance(found, Refused) or len(found) != 1:
            return None
        proved = any(
            one.demographics.nhs_number == number
            and one.demographics.nhs_status == _VERIFIED
            and one.demographics.born is not None
            and one.demographics.born.day == born.day
            for one in found[0].members
        )
        return found[0].person if proved else None

    async def let_in(self, actor: Actor, how: str) -> None:
        """Write down that somebody signed in; `how` says by which way."""
        await self._write(actor, Verdict(allowed=True, rule=0, reason="signed in"), how)

    async def ended(self, actor: Actor, what: str) -> None:
        """Write down that somebody ended what they had let in."""
        await self._write(actor, Verdict(allowed=True, rule=0, reason="ended by them"), what)

    async def turned_away(self, claimed: str, why: str, how: str) -> None:
        """Write down that somebody was not let in. `claimed` is who a right token says, or ""."""
        actor = Actor(id=claimed or "nobody", name="", role=Role.SYSTEM, organisation="")
        await self._write(actor, Verdict(allowed=False, rule=0, reason=why), how)

    async def _write(self, actor: Actor, verdict: Verdict, how: str) -> None:
        def decided(_ask: Ask, _facts: Facts) -> Verdict:
            return verdict

        ask = Ask(
            actor=actor,
            purpose=Purpose.ADMINISTRATION,
            view=View.SIGN_IN,
            person=actor.person,
            part=how,
        )
        await self._way.store.open(ask, decided)
