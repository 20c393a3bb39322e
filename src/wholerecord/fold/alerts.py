"""Alerts: flags, safeguarding, reasonable adjustments, infection risks, decisions about treatment.

Two are one alert only when two sources say the same words of the same status, and no two days: each
stays as it was said. Source: FHIR R4 Flag; NHS England Reasonable Adjustment Flag (which uses
Flag); Consent for advance decisions.
"""

from msgspec.structs import replace

from wholerecord.fold.alert_sort import TITLES, sort_of
from wholerecord.fold.plain import STATUSES, plain_entry
from wholerecord.fold.record import Entry, Kind, Plain
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way, in_order
from wholerecord.terms import plain


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Groups that are one alert."""
    groups: list[Group[Shape]] = []
    alike: dict[tuple[str, str, str], list[Group[Shape]]] = {}
    for one in in_order(told):
        said = one.said
        status = STATUSES.get(said.status, said.status)
        known = alike.setdefault((sort_of(one), plain(said.words), status), [])
        group = next((group for group in known[-8:] if _same(group, one)), None)
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
            known.append(group)
        else:
            group.add(one, "Same words and status, from another source.")
    return groups


def _same(group: Group[Shape], one: Told[Shape]) -> bool:
    if not one.said.words or not group.is_new_to(one):
        return False
    days = {told.said.when.day for told in (*group.told, one) if told.said.when}
    return len(days) < 2


def make(group: Group[Shape], _around: Around) -> Entry:
    """One alert, its sort first."""
    entry = plain_entry(group, Kind.ALERT, "Alert")
    sort = sort_of(group.told[0])
    lines = entry.detail.lines if isinstance(entry.detail, Plain) else ()
    return replace(
        entry,
        title=TITLES.get(entry.title, entry.title),
        detail=Plain(lines=(("Sort of alert", sort), *lines) if sort else lines),
    )


WAY: Way[Shape] = Way(Kind.ALERT, gather, make)
