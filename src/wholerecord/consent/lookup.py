"""The national data opt-out looked up: a file of NHS numbers out, those that may be used back.

Source: NHS England, Check for National Data Opt-outs Service: a line each, ten digits, a comma and
a line feed; what comes back are the lines of those without an opt-out. National Data Opt-out
Operational Policy Guidance: what was looked up may be held briefly, and is no part of a record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from wholerecord.errors import Incorrect
from wholerecord.nhs import NhsNumber
from wholerecord.record import PersonId

#: How long a look-up counts: with the time to use what was made of it within the policy's 21 days.
LASTS = timedelta(days=7)


class NotAnAnswer(Incorrect):
    """It is not the answer to what was asked: take the file that came back for that very list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Who may not be used for planning and research, as known at `at`; it counts until `until`."""

    at: datetime
    until: datetime
    people: frozenset[PersonId]


class LookUps(Protocol):
    """Where the last look-up is held: never with a record, and one takes the place of another."""

    async def hold_look_up(self, found: LookUp) -> None:
        """Hold this one, and forget the one before it."""
        ...

    async def look_up(self) -> LookUp | None:
        """The last one, over or not; None where nothing was ever looked up."""
        ...


def asked_file(numbers: Iterable[NhsNumber]) -> bytes:
    r"""The list that is asked about: each number once, in order, as the service reads it.

    >>> asked_file([NhsNumber("9990000018")])
    b'9990000018,\n'
    """
    return b"".join(b"%s,\n" % each.encode() for each in sorted({one.digits for one in numbers}))


def opted_out(asked: bytes, answered: bytes) -> frozenset[NhsNumber]:
    """Those asked about who are not in the answer.

    Raises:
        NotAnAnswer: a line is no NHS number, or of somebody who was not asked about.
    """
    wanted = _numbers(asked)
    given = _numbers(answered)
    if not given <= wanted:
        raise NotAnAnswer("It names somebody who was not asked about.")
    return frozenset(wanted - given)


def _numbers(body: bytes) -> set[NhsNumber]:
    found: set[NhsNumber] = set()
    for n, line in enumerate(body.splitlines(), 1):
        said = line.decode("ascii", "replace").strip().removesuffix(",").strip()
        if not said:
            continue
        number = NhsNumber.parse(said)
        if number is None:
            raise NotAnAnswer(f"Line {n} is not an NHS number.")
        found.add(number)
    return found
