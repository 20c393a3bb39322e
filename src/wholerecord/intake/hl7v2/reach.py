"""Where somebody is reached: addresses and telephones.

Source: v2-to-FHIR datatype maps XAD[Address], XTN[ContactPoint].
"""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, period
from wholerecord.intake.hl7v2.segment import Composite

#: XAD-3 to XAD-6.
_NAMED = ("city", "state", "postalCode", "country")


def address(xad: Composite) -> Json:
    """An Address."""
    parts = xad.padded(14)
    lines = [part for part in (*_street(xad), parts[1], parts[7]) if part]
    said: Json = {"line": lines} if lines else {}
    for key, part in zip(_NAMED, parts[2:6], strict=True):
        if part:
            said[key] = part
    if parts[8] and (district := xad.sub(9, 1) or xad.sub(9, 2)):
        said["district"] = district
    if not said:
        return {}
    if use := tables.ADDRESS_USE.get(parts[6].upper()):
        said["use"] = use
    if span := period(parts[12], parts[13]):
        said["period"] = span
    return said


def _street(xad: Composite) -> list[str]:
    """XAD-1: the whole line, or house number and street; whatever the line does not hold itself."""
    whole, street, house = (xad.sub(1, n) for n in (1, 2, 3))
    if not whole:
        return [" ".join(part for part in (house, street) if part)]
    return [whole, *(part for part in (street, house) if part not in whole)]


def contact(xtn: Composite, use: str = "") -> Json:
    """A ContactPoint; `use` is what the field it stands in says."""
    parts = xtn.padded(12)
    equipment, purpose, email = parts[2].upper(), parts[1].upper(), parts[3]
    system = tables.TELECOM_SYSTEM.get(equipment, "phone")
    number = parts[11] or parts[0] or " ".join(part for part in parts[4:7] if part)
    if purpose == "NET" or (not number and email):
        system, number = "email", email or number
    if not number:
        return {}
    if "@" in number:
        system = "email"
    said: Json = {"system": system, "value": number}
    stated = "mobile" if equipment == "CP" else tables.TELECOM_USE.get(purpose, use)
    if stated:
        said["use"] = stated
    return said
