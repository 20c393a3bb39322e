"""Procedures: one entry for one operation, theatre record and general practice's copy together.

Demonstration rules until a clinical safety officer signs them; windows in `policy.json`.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from wholerecord.fold.dated_said import ProcedureSaid
from wholerecord.fold.entry import earliest, first_code, first_said, made
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Entry, Kind, Procedure
from wholerecord.fold.texts import references_in
from wholerecord.fold.told import Around, Group, Key, Told, Way, address, in_order, newest_first
from wholerecord.nhs import PartialDate

Done = Told[ProcedureSaid]

_STATUS = {
    "completed": "final",
    "in-progress": "active",
    "preparation": "planned",
    "not-done": "stopped",
    "stopped": "stopped",
    "on-hold": "planned",
}


class _Act(msgspec.Struct, gc=False, eq=False):
    """One procedure while its statements are found; of a statement, the procedure it speaks of."""

    group: Group[ProcedureSaid]
    day: date | None
    side: str


def gather(told: list[Done], around: Around) -> list[Group[ProcedureSaid]]:
    """Groups that speak of one procedure on one side; what was not done stays apart."""
    same: dict[tuple[str, bool], list[_Act]] = {}
    rules = around.policy
    # Days are said in zones, so two more than the rules'.
    far = max(rules.procedure_days, rules.procedure_echo_days) + 2
    for one in in_order(told):
        what, when = one.body.act, one.said.when
        acts = same.setdefault((what.name, one.body.status == "not-done"), [])
        this = _Act(Group([one], "One statement."), when.day if when else None, "")
        this.side = around.side(one, what.side)
        for known in _near(acts, this, far):
            if why := _joins(known, one, this, rules):
                known.group.add(one, why)
                known.side = known.side or this.side
                break
        else:
            acts.append(this)
    return [act.group for acts in same.values() for act in acts]


def _near(acts: list[_Act], this: _Act, far: float) -> Iterator[_Act]:
    """The procedures that could be the same, latest first: eight at most, none from long before."""
    for known in reversed(acts[-8:]):
        if known.day and this.day and (this.day - known.day).days > far:
            return
        if not known.side or not this.side or known.side == this.side:
            yield known


def _joins(known: _Act, one: Done, this: _Act, rules: Policy) -> str:
    """Why `one` speaks of the known procedure, "" when it does not."""
    first, when = known.group.told[0].said.when, one.said.when
    if first is None or when is None or known.day is None or this.day is None:
        return ""
    days = abs((known.day - this.day).days)
    elsewhere = known.group.is_new_to(one)
    if elsewhere and days <= rules.procedure_days:
        return "Same procedure and side; a day apart at most, said by different sources."
    if elsewhere and days <= rules.procedure_echo_days and when.precision == "day":
        return f"Same procedure and side; the entry {days} days later echoes the first."
    if first.precision == when.precision == "moment":
        return "Same procedure and moment." if first.start == when.start else ""
    if days <= rules.procedure_days and "moment" in {first.precision, when.precision}:
        return "Same procedure and side; one says the moment, one only the day."
    return ""


def make(group: Group[ProcedureSaid], around: Around) -> Entry:
    """One procedure."""
    each = in_order(group.told)
    newest = newest_first(each)[0]
    concept = each[0].body.act.concept
    ended = each[0].body.performed_period
    return made(
        group,
        Kind.PROCEDURE,
        title=concept.title if concept else each[0].said.words or "Unnamed procedure",
        code=first_code(each),
        when=earliest([one.at for one in each]),
        until=PartialDate.parse(ended.end) if ended else None,
        status=_STATUS.get(newest.body.status, "unknown"),
        detail=Procedure(
            side=first_said([around.side(one, one.body.act.side) for one in each]),
            outcome=first_said([one.body.outcome.words for one in each]),
            orders=_orders(each),
        ),
    )


def _orders(each: list[Done]) -> tuple[Key, ...]:
    """Which requests it carries out, each once."""
    said = [one for one in each if one.body.based_on]
    return tuple(
        dict.fromkeys(
            address(one, named) for one in said for named in references_in(one.body.based_on)
        )
    )


WAY: Way[ProcedureSaid] = Way(Kind.PROCEDURE, gather, make)
