"""Immunisations: one entry for one dose, however many report it.

Same vaccine and day, or a day apart where one is a historical report; never two batch numbers.
Demonstration rules until a clinical safety officer signs them.
"""

from wholerecord.fold.condition_said import most_specific
from wholerecord.fold.dated_said import ImmunizationSaid
from wholerecord.fold.entry import first_code, made
from wholerecord.fold.policy import POLICY
from wholerecord.fold.record import Entry, Immunisation, Kind
from wholerecord.fold.told import Around, Group, Told, Way
from wholerecord.terms import plain

Dose = Told[ImmunizationSaid]


def gather(told: list[Dose], _around: Around) -> list[Group[ImmunizationSaid]]:
    """Groups that speak of one dose; what was not given stays apart."""
    same: dict[tuple[str, bool], list[Group[ImmunizationSaid]]] = {}
    for one in sorted(told, key=lambda one: one.order):
        groups = same.setdefault((_name(one), one.body.status == "not-done"), [])
        group = next((group for group in reversed(groups[-8:]) if _joins(group, one)), None)
        if group is None:
            groups.append(Group([one], "One statement."))
        else:
            group.told.append(one)
            group.why = "Same vaccine and date."
    return [group for groups in same.values() for group in groups]


def _name(one: Dose) -> str:
    concept, _ = most_specific(one.said.codes, one.said.words, "vaccine")
    if concept is not None:
        return concept.id
    codes = one.said.codes
    return f"{codes[0].system}|{codes[0].code}" if codes else plain(one.said.words)


def _joins(group: Group[ImmunizationSaid], one: Dose) -> bool:
    batches = {body.lot_number.upper() for body in _bodies(group) if body.lot_number}
    if one.body.lot_number and batches and one.body.lot_number.upper() not in batches:
        return False
    first = group.told[0]
    if first.said.when is None or one.said.when is None:
        return False
    days = abs((first.said.when.day - one.said.when.day).days)
    if days == 0:
        return True
    reported = _historic(one) or any(map(_historic, group.told))
    return reported and days <= POLICY.immunisations.historic_days.value


def _historic(one: Dose) -> bool:
    return one.body.primary_source is False or one.body.report_origin is not None


def _bodies(group: Group[ImmunizationSaid]) -> list[ImmunizationSaid]:
    return [one.body for one in group.told]


def make(group: Group[ImmunizationSaid], _around: Around) -> Entry:
    """One dose. What was given first-hand says when."""
    each = sorted(group.told, key=lambda one: (_historic(one), one.order))
    best, bodies = each[0], [one.body for one in each]
    concept, _ = most_specific(best.said.codes, best.said.words, "vaccine")
    given = best.body.status != "not-done"
    return made(
        group,
        Kind.IMMUNISATION,
        title=best.said.words or (concept.title if concept else "Unnamed vaccine"),
        code=first_code(each),
        when=best.said.when or best.said.recorded,
        status="final" if given else "stopped",
        detail=Immunisation(
            given=given,
            why_not="" if given else best.body.status_reason.words,
            batch=next((body.lot_number for body in bodies if body.lot_number), ""),
            dose_number=next((body.dose for body in bodies if body.dose), ""),
            site=next((body.site.words for body in bodies if body.site.words), ""),
        ),
    )


WAY: Way[ImmunizationSaid] = Way(Kind.IMMUNISATION, gather, make)
