"""The last transfers of care of an opened record, worked out once for it, and in words.

Of what its reader may see: what is withheld from them is in no line of it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.heard import listed
from wholerecord.care.titles import Titles
from wholerecord.fold import Once, Record
from wholerecord.fold.transfer import Change, Moved, Sort, Transfer, Turn
from wholerecord.fold.transfers import transfers

#: What was found last in each record, with the day and the policy it was found by.
_Found = tuple[date, str, Sequence[Transfer]]
#: That it is not signed: wherever transfers are shown.
DEMONSTRATION = "A demonstration until a clinical safety officer signs it."
_NAMES = {Sort.ADMISSION: "admission", Sort.DISCHARGE: "discharge"}


def _nothing_yet(_: Record) -> list[_Found]:
    return []


_FOUND = Once(_nothing_yet)


def transfers_of(opened: Opened, today: date) -> Sequence[Transfer]:
    """Newest first; remembered by the very record, for a first screen asks every time."""
    known = _FOUND.of(opened.record)
    if not known or known[0][:2] != (today, opened.policy.digest):
        controllers = {member.source: member.controller for member in opened.members}
        found = transfers(opened.record, today, opened.policy, controllers)
        known[:] = [(today, opened.policy.digest, found)]
    return known[0][2]


def named(one: Transfer, titles: Titles) -> str:
    """Which transfer it is: `Last discharge, 14 Jan 2026, Northgate Hospital`."""
    at = one.at.say() if one.at else "on a day that nobody says"
    return ", ".join((f"Last {_NAMES[one.sort]}", at, hospital(one, titles)))


def hospital(one: Transfer, titles: Titles) -> str:
    """Who tells of the stay, by title."""
    return listed([titles.get(name, name) for name in one.hospital])


def in_short(one: Transfer) -> str:
    """How many medicines of each change, with the names of what did change; "" of no medicine."""
    parts: list[str] = []
    for change in Change:
        lines = [line for line in one.lines if line.change is change]
        if not lines:
            continue
        named = change in _NAMED
        says = ", ".join(line.entry.title for line in lines) if named else str(len(lines))
        parts.append(f"{change.value}: {says}")
    return "; ".join(parts)


#: What is named where a transfer is told in short; of what is as it was the number is enough.
_NAMED = frozenset({Change.STOPPED, Change.HELD, Change.CHANGED, Change.STARTED, Change.UNSURE})


def told(line: Moved, titles: Titles) -> Iterator[str]:
    """A line in phrases: what was taken before, by whose word, each turn, and who is silent."""
    newest = {word.said.source: word for word in reversed(line.before)}  # of each source
    for word in newest.values():
        since = f" since {word.since.say()}" if word.since else ""
        dose = " and ".join(word.doses) or "dose not said"
        yield f"before: {dose}, {titles.get(word.said.source, word.said.source)}{since}"
    for turn in line.turns:
        yield said(turn, titles)
    if line.silent:
        yield f"not known from {listed([titles.get(name, name) for name in line.silent])}"


def said(turn: Turn, titles: Titles) -> str:
    """What one source said of it, with the dose and the reason, and the day."""
    at = turn.at.say() if turn.at else "on a day not said"
    over = turn.change in (Change.STOPPED, Change.HELD)
    dose = "" if over else " and ".join(turn.doses) or "dose not said"
    because = f"because: {turn.because}" if turn.because else ""
    who = f"{titles.get(turn.source, turn.source)}, {at}"
    return ", ".join(part for part in (turn.change.value, dose, because, who) if part)
