"""How people want to be told who looked, and the messages that tell them."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from wholerecord.access.outbox import LEASE, NOT_NEWS, TOLD_OF, Choice, Dispatch
from wholerecord.audit import Opening
from wholerecord.record import PersonId
from wholerecord.storage.memory.tables import Tables, Waiting, now
from wholerecord.storage.text import storable

_TOLD_OF = frozenset(view.value for view in TOLD_OF)


class Outbox:
    """See `access.outbox.Outbox`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def choice_of(self, person: PersonId) -> Choice:
        """See `access.outbox.Outbox.choice_of`."""
        known = self._tables.choices.get(storable(person))
        return known[0] if known else Choice()

    async def choose_telling(self, person: PersonId, choice: Choice, *, by: str) -> None:  # noqa: ARG002 - the opening says who
        """See `access.outbox.Outbox.choose_telling`."""
        self._tables.choices[storable(person)] = choice, now()
        for dispatch in self._tables.dispatches:
            if (
                dispatch.look.person == storable(person)
                and not dispatch.sent
                and not dispatch.dropped
            ):
                dispatch.dropped = "chosen otherwise"

    async def write_dispatches(self, *, limit: int = 5000) -> int:
        """See `access.outbox.Outbox.write_dispatches`."""
        page = [one for one in self._tables.openings if one.n > self._tables.dispatched_until][
            :limit
        ]
        for look in page:
            self._write(look)
            self._tables.dispatched_until = look.n
        return len(page)

    def _write(self, look: Opening) -> None:
        choice, chosen = self._tables.choices.get(look.person or "", (Choice(), look.at))
        news = look.allowed and look.view in _TOLD_OF and look.role != NOT_NEWS.value
        once = (look.person or "", look.actor, look.purpose, look.at.astimezone(UTC).date())
        if news and choice.sends and look.at > chosen and once not in self._tables.dispatched:
            self._tables.dispatched.add(once)
            self._tables.dispatches.append(Waiting(look=look, choice=choice, due=now()))

    async def take_dispatches(self, *, limit: int = 100) -> Sequence[Dispatch]:
        """See `access.outbox.Outbox.take_dispatches`."""
        moment = now()
        due = [
            (n, dispatch)
            for n, dispatch in enumerate(self._tables.dispatches, 1)
            if not dispatch.sent and not dispatch.dropped and dispatch.due <= moment
        ]
        taken = sorted(due, key=lambda each: (each[1].due, each[0]))[:limit]
        for _, dispatch in taken:
            dispatch.tries += 1
            dispatch.due = moment + timedelta(minutes=LEASE)
        return [
            Dispatch(
                n=n,
                channel=dispatch.choice.channel,
                address=dispatch.choice.address,
                says_who=dispatch.choice.says_who,
                tries=dispatch.tries,
                look=dispatch.look,
            )
            for n, dispatch in sorted(taken, key=lambda each: each[0])
        ]

    async def dispatch_sent(self, n: int) -> None:
        """See `access.outbox.Outbox.dispatch_sent`."""
        self._tables.dispatches[n - 1].sent = True

    async def dispatch_failed(self, n: int, *, again: int | None) -> None:
        """See `access.outbox.Outbox.dispatch_failed`."""
        dispatch = self._tables.dispatches[n - 1]
        if again is None:
            dispatch.dropped = "given up"
        else:
            dispatch.due = now() + timedelta(minutes=again)

    async def given_up(self) -> int:
        """See `access.outbox.Outbox.given_up`."""
        return sum(dispatch.dropped == "given up" for dispatch in self._tables.dispatches)
