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


class _Given:
    """One dose while its statements are found."""

    __slots__ = ("batches", "first", "group", "reported")

    def __init__(self, first: Dose) -> None:
        self.first = first
        self.group = Group([first], "One statement.")
        self.batches = {batch for batch in (_batch(first),) if batch}
        self.reported = _historic(first)

    def takes(self, one: Dose) -> bool:
        """Whether `one` can speak of this dose."""
        if _batch(one) and self.batches and _batch(one) not in self.batches:
            return False
        if self.first.said.when is None or one.said.when is None:
            return False
        days = abs((self.first.said.when.day - one.said.when.day).days)
        if days == 0:
            return True
        reported = self.reported or _historic(one)
        return reported and days <= POLICY.immunisations.historic_days.value

    def add(self, one: Dose) -> None:
        """`one` speaks of this dose too."""
        self.group.add(one, "Same vaccine and date.")
        self.batches |= {batch for batch in (_batch(one),) if batch}
        self.reported = self.reported or _historic(one)


def _batch(one: Dose) -> str:
    return one.body.lot_number.upper()


def gather(told: list[Dose], _around: Around) -> list[Group[ImmunizationSaid]]:
    """Groups that speak of one dose; what was not given stays apart."""
    same: dict[tuple[str, bool], list[_Given]] = {}
    for one in sorted(told, key=lambda one: one.order):
        groups = same.setdefault((_name(one), one.body.status == "not-done"), [])
        known = next((known for known in reversed(groups[-8:]) if known.takes(one)), None)
        if known is None:
            groups.append(_Given(one))
        else:
            known.add(one)
    return [known.group for groups in same.values() for known in groups]


def _name(one: Dose) -> str:
    concept, _ = most_specific(one.said.codes, one.said.words, "vaccine")
    if concept is not None:
        return concept.id
    codes = one.said.codes
    return f"{codes[0].system}|{codes[0].code}" if codes else plain(one.said.words)


def _historic(one: Dose) -> bool:
    return one.body.primary_source is False or one.body.report_origin is not None


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
