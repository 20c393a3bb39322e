"""Alerts: flags, safeguarding, reasonable adjustments, infection risks, decisions about treatment.

Source: FHIR R4 Flag; NHS England Reasonable Adjustment Flag (which uses Flag); Consent for advance
decisions (v3 ActCode: `acd`, `dnr`, `polst`). Alerts are never joined: each stays as it was said.
"""

from wholerecord.fold.entry import singly
from wholerecord.fold.plain import plain_entry
from wholerecord.fold.record import Entry, Kind
from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Around, Group, Told, Way

#: Codes of categories that make a Consent an alert. Source: HL7 consentcategorycodes.
DECISIONS = frozenset({"acd", "dnr", "polst", "hcd", "emrgonly", "DNACPR", "ReSPECT"})


def gather(told: list[Told[Shape]], _around: Around) -> list[Group[Shape]]:
    """Each alert apart."""
    return singly(told)


def make(group: Group[Shape], _around: Around) -> Entry:
    """One alert."""
    return plain_entry(group, Kind.ALERT, "Alert")


WAY: Way[Shape] = Way(Kind.ALERT, gather, make)
