"""Shielding: a professional hides an entry from the person themselves.

For fear of serious harm, or because it is about somebody else or was said in confidence. Source:
Data Protection Act 2018, Schedule 3 paragraph 5 (the serious harm test) and Schedule 2 paragraphs
16 and 17 (the rights of others). A demonstration, until a clinical safety officer and a Caldicott
guardian sign it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum

from wholerecord.access.deed import EndPreference, Prefer
from wholerecord.access.opening import Opened, Refused
from wholerecord.access.ruling import NOT_SEEN, RulingRoom
from wholerecord.consent import Preference, Purpose, Rule, View
from wholerecord.errors import Incorrect, NotFound
from wholerecord.fold import About
from wholerecord.record import PersonId

#: The longest until it is reviewed: what nobody looks at again is shown.
LONGEST = timedelta(days=366)
#: What the opening says of it: the person reads their list of openings.
_PART = "ruling"


class Because(Enum):
    """Why something is hidden from the person it is recorded of."""

    HARM = "harm"
    OTHERS = "others"


#: What the rule says of it, and the law it rests on.
_RESTS_ON = {
    Because.HARM: (
        "a professional judged that it could do serious harm",
        "Data Protection Act 2018, Schedule 3 paragraph 5",
    ),
    Because.OTHERS: (
        "a professional judged that it is about somebody else, or was said in confidence",
        "Data Protection Act 2018, Schedule 2 paragraphs 16 and 17",
    ),
}


class ShieldRoom(RulingRoom):
    """The room of professionals who shield."""

    async def shield(
        self,
        person: PersonId,
        about: Sequence[About],
        *,
        until: datetime,
        why: str,
        because: Because = Because.HARM,
    ) -> Refused | None:
        """Hide the entries said by these from the person's own pages, until a review. None: done.

        It ends by itself at `until`: whoever still judges so says it again before.

        Raises:
            Incorrect: the review is not within a year from now.
        """
        if not datetime.now(UTC) < until < datetime.now(UTC) + LONGEST:
            raise Incorrect("The review is a day within a year from now.")

        reason, basis = _RESTS_ON[because]

        def object_to(seen: frozenset[About]) -> str:
            return "" if about and seen.issuperset(about) else NOT_SEEN

        rules = tuple(
            Rule(
                allow=False,
                purpose=Purpose.OWN_RECORD,
                person=person,
                item=f"{one.patient}/{one.kind}/{one.id}",
                until=until,
                reason=reason,
                basis=basis,
            )
            for one in about
        )
        ask = self._asking(person, Purpose.DIRECT_CARE, View.RULING, part=_PART)
        done = await self._act(ask, object_to, Prefer(person=person, rules=rules, words=why))
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def unshield(self, person: PersonId, n: int) -> Refused | None:
        """Show it to the person again. None when it is done.

        Raises:
            NotFound: there is no such shield.
        """
        if all(
            one.n != n or not is_shield(one) for one in await self._store.preferences_of(person)
        ):
            raise NotFound("There is no such decision to end.")
        ask = self._asking(person, Purpose.DIRECT_CARE, View.RULING, part=_PART)
        done = await self._act(ask, lambda _: "", EndPreference(person=person, n=n))
        if done.verdict.allowed:
            return None
        return Refused(reason=done.verdict.reason, opening=done.opening)

    async def shields(self, opened: Opened, about: Sequence[About]) -> tuple[Preference, ...]:
        """What hides these from the person now, of a record already opened to care for them."""
        if opened.opening.purpose == Purpose.OWN_RECORD.value:
            return ()
        items = {f"{one.patient}/{one.kind}/{one.id}" for one in about}
        return tuple(
            one
            for one in await self._store.preferences_of(opened.person)
            if is_shield(one)
            and one.holds(opened.opening.at)
            and any(rule.item in items for rule in one.rules)
        )


def is_shield(decided: Preference) -> bool:
    """Whether it hides something from the person themselves: it is then nothing they decided."""
    return any(
        not rule.allow and rule.purpose is Purpose.OWN_RECORD and rule.role is None
        for rule in decided.rules
    )
