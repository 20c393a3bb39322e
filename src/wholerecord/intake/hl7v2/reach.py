"""Where somebody is reached: addresses and telephones.

Source: v2-to-FHIR datatype maps XAD[Address], XTN[ContactPoint].
"""

from wholerecord.intake.hl7v2 import tables
from wholerecord.intake.hl7v2.datatypes import Json, period
from wholerecord.intake.hl7v2.segment import Composite


def address(xad: Composite) -> Json:
    """An Address."""
    said: Json = {}
    lines = [part for part in (*_street(xad), xad.text(2), xad.text(8)) if part]
    if lines:
        said["line"] = lines
    for key, component in (("city", 3), ("state", 4), ("postalCode", 5), ("country", 6)):
        if part := xad.text(component):
            said[key] = part
    if district := xad.sub(9, 1) or xad.sub(9, 2):
        said["district"] = district
    if not said:
        return {}
    if use := tables.ADDRESS_USE.get(xad.text(7).upper()):
        said["use"] = use
    if span := period(xad, 13, 14):
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
    equipment = xtn.text(3).upper()
    system = tables.TELECOM_SYSTEM.get(equipment, "phone")
    parts = (xtn.text(5), xtn.text(6), xtn.text(7))
    number = xtn.text(12) or xtn.text(1) or " ".join(part for part in parts if part)
    email = xtn.text(4)
    if xtn.text(2).upper() == "NET" or (not number and email):
        system, number = "email", email or number
    if not number:
        return {}
    if "@" in number:
        system = "email"
    said: Json = {"system": system, "value": number}
    stated = "mobile" if equipment == "CP" else tables.TELECOM_USE.get(xtn.text(2).upper(), use)
    if stated:
        said["use"] = stated
    return said
