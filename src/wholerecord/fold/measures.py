"""Results and observations: one entry for one measurement, which `measured` makes.

Which statements are one measurement is in `same_measure`. Demonstration rules until a clinical
safety officer signs them.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain

from wholerecord.fold.measure_said import ObservationSaid, ReportSaid
from wholerecord.fold.measured import make
from wholerecord.fold.pressures import PARTS, pair_up
from wholerecord.fold.record import Kind
from wholerecord.fold.same_measure import ONE_STATEMENT, by_day, together_at
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Key, Told, Way, in_order

Said = ObservationSaid | ReportSaid
#: How long a date is that says only the day.
_DAY = len("2019-03-02")


class _OfName:
    """What measures one thing: by moment, each moment's statements as one group until looked at.

    `crowded`: a moment has several. `dated`: a statement says only the day.
    """

    __slots__ = ("crowded", "dated", "times")

    def __init__(self) -> None:
        self.times: dict[datetime, Group[Said]] = {}
        self.crowded = self.dated = False

    def groups(self, around: Around) -> list[Group[Said]]:
        """Groups that speak of one measurement."""
        each = [*self.times.values()]
        if self.crowded:
            each = [
                group
                for same in each
                for group in ([same] if len(same.told) == 1 else together_at(same.told, around))
            ]
        return by_day(each, around) if self.dated else each


def gather(told: list[Told[Said]], around: Around) -> list[Group[Said]]:
    """Groups that speak of one measurement."""
    named: dict[str, _OfName] = {}
    undated: list[Group[Said]] = []
    reports: list[Told[Said]] = []
    for one in told:
        what, when = one.measurand, one.said.when
        if what is None or (one.measure is None and _only_names(one.body)):
            reports.append(one)
        elif when is None:
            undated.append(Group([one], "One statement, with no time."))
        else:
            of_name = named.get(what.name)
            if of_name is None:
                of_name = named[what.name] = _OfName()
            group = of_name.times.get(when.start)
            if group is None:
                of_name.times[when.start] = Group([one], ONE_STATEMENT)
            else:
                group.told.append(one)
                of_name.crowded = True
            if len(when.text) == _DAY:
                of_name.dated = True
    by_name = {name: of_name.groups(around) for name, of_name in named.items()}
    pair_up(*(by_name.get(part, ()) for part in PARTS))
    for part in PARTS:
        by_name[part] = [group for group in by_name.get(part, ()) if group.told]
    groups = [*undated, *chain.from_iterable(by_name.values())]
    return (
        groups + _panels(reports, _Placed(undated, named, by_name), around) if reports else groups
    )


def _only_names(body: Said) -> bool:
    """Whether it says no value itself, and names what does."""
    return isinstance(body, ObservationSaid) and bool(body.has_member) and not body.valued


class _Placed:
    """Which group a statement is in: without a walk where they are as they were begun."""

    def __init__(
        self,
        undated: list[Group[Said]],
        named: Mapping[str, _OfName],
        by_name: Mapping[str, list[Group[Said]]],
    ) -> None:
        self._named, self._by_name = named, by_name
        self._walked: dict[str, dict[Key, Group[Said]]] = {}
        self._undated = {group.told[0].key: group for group in undated}

    def of(self, one: Told[Shape]) -> Group[Said] | None:
        """The group that `one` is in, None where it is in none of these."""
        what, when = one.measurand, one.said.when
        if what is None or (of_name := self._named.get(what.name)) is None:
            return self._undated.get(one.key)
        if when is None:
            return self._undated.get(one.key)
        if of_name.crowded or of_name.dated or what.name in PARTS:
            if (walked := self._walked.get(what.name)) is None:
                groups = self._by_name[what.name]
                walked = {told.key: group for group in groups for told in group.told}
                self._walked[what.name] = walked
            return walked.get(one.key)
        group = of_name.times.get(when.start)
        return group if group is not None and group.told[0] is one else None


def _panels(reports: list[Told[Said]], placed: _Placed, around: Around) -> list[Group[Said]]:
    """Each report that only names its results joins the first of them; without one it stands alone.

    Changes the groups of `placed`: a report is a statement in the entry of its first result.
    """
    alone: list[Group[Said]] = []
    for report in in_order(reports):
        body = report.body
        members = body.result if isinstance(body, ReportSaid) else body.has_member
        known = (around.find(report, member.reference) for member in members)
        groups = (placed.of(one) for one in known if one is not None)
        first = next((group for group in groups if group is not None), None)
        if first is not None:
            first.told.append(report)
        else:
            alone.append(Group([report], "A report; none of its results has arrived."))
    return alone


WAY: Way[Said] = Way(Kind.RESULT, gather, make)
