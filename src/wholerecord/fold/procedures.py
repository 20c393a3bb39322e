"""Procedures: one entry for one operation, theatre record and general practice's copy together.

Demonstration rules until a clinical safety officer signs them; windows in `policy.json`.
"""

from wholerecord.fold.condition_said import most_specific, side_in
from wholerecord.fold.dated_said import ProcedureSaid
from wholerecord.fold.entry import earliest, first_code, made
from wholerecord.fold.policy import POLICY
from wholerecord.fold.record import Entry, Kind, Procedure
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.nhs import PartialDate
from wholerecord.terms import plain

Done = Told[ProcedureSaid]

_STATUS = {
    "completed": "final",
    "in-progress": "active",
    "preparation": "planned",
    "not-done": "stopped",
    "stopped": "stopped",
    "on-hold": "planned",
}


def gather(told: list[Done], _around: Around) -> list[Group[ProcedureSaid]]:
    """Groups that speak of one procedure on one side; what was not done stays apart."""
    same: dict[tuple[str, bool], list[tuple[Group[ProcedureSaid], str]]] = {}
    for one in sorted(told, key=lambda one: one.order):
        groups = same.setdefault((_name(one), one.body.status == "not-done"), [])
        side = _side(one)
        for n in range(len(groups) - 1, max(-1, len(groups) - 9), -1):
            group, other = groups[n]
            if (not side or not other or side == other) and (why := _joins(group, one)):
                group.add(one, why)
                groups[n] = (group, side or other)
                break
        else:
            groups.append((Group([one], "One statement."), side))
    return [group for groups in same.values() for group, _ in groups]


def _name(one: Done) -> str:
    concept, _ = most_specific(one.said.codes, one.said.words, "procedure")
    if concept is not None:
        return concept.id
    codes = one.said.codes
    return f"{codes[0].system}|{codes[0].code}" if codes else plain(one.said.words)


def _side(one: Done) -> str:
    return side_in(one.said.words, *(site.words for site in one.body.body_site))


def _joins(group: Group[ProcedureSaid], one: Done) -> str:
    first = group.told[0]
    if first.said.when is None or one.said.when is None:
        return ""
    days = abs((first.said.when.day - one.said.when.day).days)
    elsewhere = group.is_new_to(one)
    if elsewhere and days <= POLICY.procedures.days.value:
        return "Same procedure and side; a day apart at most, said by different sources."
    if elsewhere and days <= POLICY.procedures.echo_days.value and one.said.when.precision == "day":
        return f"Same procedure and side; the entry {days} days later echoes the first."
    same_moment = (
        first.said.when.precision == "moment" and first.said.when.start == one.said.when.start
    )
    return "Same procedure and moment." if same_moment else ""


def make(group: Group[ProcedureSaid], _around: Around) -> Entry:
    """One procedure."""
    each = sorted(group.told, key=lambda one: one.order)
    newest = max(each, key=lambda one: one.newest)
    concept, _ = most_specific(each[0].said.codes, each[0].said.words, "procedure")
    ended = each[0].body.performed_period
    return made(
        group,
        Kind.PROCEDURE,
        title=concept.title if concept else each[0].said.words or "Unnamed procedure",
        code=first_code(each),
        when=earliest(one.at for one in each),
        until=PartialDate.parse(ended.end) if ended else None,
        status=_STATUS.get(newest.body.status, "unknown"),
        detail=Procedure(
            side=next((side for one in each if (side := _side(one))), ""),
            outcome=next((one.body.outcome.words for one in each if one.body.outcome.words), ""),
        ),
    )


WAY: Way[ProcedureSaid] = Way(Kind.PROCEDURE, gather, make)
