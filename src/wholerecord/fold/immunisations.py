"""Immunisations: one entry for one dose, however many report it.

Same vaccine and day, or a day apart where one is a historical report (a week, with the same batch
number, however it is spaced); never two batch numbers.
Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from wholerecord.fold.dated_said import ImmunizationSaid
from wholerecord.fold.entry import first_code, first_said, made
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Entry, Immunisation, Kind
from wholerecord.fold.told import Around, Group, Told, Way, in_order

Dose = Told[ImmunizationSaid]


class _Given(msgspec.Struct, gc=False, eq=False):
    """One dose while its statements are found; of a statement, the dose it speaks of."""

    group: Group[ImmunizationSaid]
    day: date | None
    batches: set[str]
    reported: bool

    def takes(self, other: "_Given", rules: Policy) -> bool:
        """Whether `other` can speak of this dose."""
        if self.batches and other.batches and self.batches.isdisjoint(other.batches):
            return False
        if self.day is None or other.day is None:
            return False
        days = abs((self.day - other.day).days)
        if not self.reported and not other.reported:
            return days == 0
        same = not self.batches.isdisjoint(other.batches)
        return days <= (rules.same_batch_days if same else rules.historic_days)

    def add(self, other: "_Given") -> None:
        """`other` speaks of this dose too."""
        self.group.add(other.group.told[0], "Same vaccine and date.")
        self.batches |= other.batches
        self.reported = self.reported or other.reported


def _given(one: Dose) -> _Given:
    when, batch = one.said.when, one.body.lot_number
    batch = "".join(filter(str.isalnum, batch)).upper() if batch else ""
    return _Given(
        Group([one], "One statement."),
        when.day if when else None,
        {batch} if batch else set(),
        _historic(one),
    )


def gather(told: list[Dose], around: Around) -> list[Group[ImmunizationSaid]]:
    """Groups that speak of one dose; what was not given stays apart."""
    same: dict[tuple[str, bool], list[_Given]] = {}
    rules = around.policy
    # Days are said in zones, so two more than the rules'.
    far = max(rules.historic_days, rules.same_batch_days) + 2
    for one in in_order(told):
        name = one.body.vaccine.name
        doses, this = same.setdefault((name, one.body.status == "not-done"), []), _given(one)
        known = next((known for known in _near(doses, this, far) if known.takes(this, rules)), None)
        if known is None:
            doses.append(this)
        else:
            known.add(this)
    return [known.group for doses in same.values() for known in doses]


def _near(doses: list[_Given], this: _Given, far: float) -> Iterator[_Given]:
    """The doses that could be the same one, latest first: eight at most, none from long before."""
    for known in reversed(doses[-8:]):
        if known.day and this.day and (this.day - known.day).days > far:
            return
        yield known


def _historic(one: Dose) -> bool:
    return one.body.primary_source is False or one.body.report_origin is not None


def make(group: Group[ImmunizationSaid], _around: Around) -> Entry:
    """One dose. What was given first-hand says when."""
    each = sorted(in_order(group.told), key=_historic)
    best, bodies = each[0], [one.body for one in each]
    concept = best.body.vaccine.concept
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
            batch=first_said([body.lot_number for body in bodies]),
            dose_number=first_said([body.dose for body in bodies]),
            site=first_said([body.site.words for body in bodies]),
        ),
    )


WAY: Way[ImmunizationSaid] = Way(Kind.IMMUNISATION, gather, make)
