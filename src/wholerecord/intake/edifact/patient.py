"""S06 and S07 as a Patient, and the number the patient is filed under.

Source: NHS pathology messages, segments PNA, DTM (329, date of birth), PDI, ADR and RFF (SSI, the
laboratory's own number for the patient). A message does not say whether an NHS number is verified.
"""

import hashlib

from wholerecord.intake.edifact import tables
from wholerecord.intake.edifact.parties import Json
from wholerecord.intake.edifact.sections import Sections
from wholerecord.intake.edifact.syntax import Segment
from wholerecord.intake.edifact.words import joined, when
from wholerecord.nhs import NhsNumber
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

_SSI = "urn:wholerecord:edifact-service-subject"


def number_of(sender: str, report: str, said: Sections) -> tuple[str, str]:
    """(authority, number) of the patient: the laboratory's own, else a right NHS number.

    Without either they are known by this report alone, and by who it says they are: one number of a
    report may stand on several patients' messages.
    """
    if own := _own_number(said):
        return sender, own
    nhs = NhsNumber.parse(_nhs_number(said))
    if nhs:
        return "nhs", nhs.digits
    who = [sender, report, *(part for one in said.patients[0] for part in _flat(one))]
    return "report", hashlib.sha256("\0".join(who).encode()).hexdigest()[:32]


def patient(sender: str, said: Sections) -> Json:
    """The Patient that the message says."""
    pna = next((one for one in said.patients[0] if one.tag == "PNA"), None)
    pdi = next((one for one in said.patients[0] if one.tag == "PDI"), None)
    return {
        "identifier": _identifiers(sender, said),
        "name": [name] if pna and (name := _name(pna)) else [],
        "gender": tables.SEX.get(pdi.text(1), "") if pdi else "",
        "birthDate": when(said.patients[0], "329")[:10],
        "address": [found for one in said.where if one.tag == "ADR" and (found := _address(one))],
    }


def _identifiers(sender: str, said: Sections) -> list[Json]:
    found: list[Json] = []
    if number := _nhs_number(said):
        found.append({"system": NHS_NUMBER_SYSTEM, "value": number})
    if own := _own_number(said):
        found.append({"system": f"{_SSI}:{sender}", "value": own})
    return found


def _nhs_number(said: Sections) -> str:
    pna = next((one for one in said.patients[0] if one.tag == "PNA"), None)
    return pna.text(2).replace(" ", "").replace("-", "") if pna else ""


def _own_number(said: Sections) -> str:
    found = (one.text(1, 2) for one in said.where if one.tag == "RFF" and one.text(1) == "SSI")
    return next((number for number in found if number), "")


def _flat(segment: Segment) -> list[str]:
    return [part for element in segment.elements for part in element]


def _name(pna: Segment) -> Json:
    said: dict[str, list[str]] = {}
    for element in range(3, len(pna.elements) + 1):
        kind, part = pna.text(element), joined(pna.parts(element)[1:], 35)
        if part:
            said.setdefault(kind, []).append(part)
    name: Json = {"use": "official"} if said else {}
    if "SU" in said:
        name["family"] = " ".join(said["SU"])
    if given := [*said.get("FO", []), *said.get("MI", [])]:
        name["given"] = given
    if "TI" in said:
        name["prefix"] = said["TI"]
    return name


def _address(adr: Segment) -> Json:
    lines = [line for one in adr.parts(2)[1:] if (line := one.strip())]
    said: Json = {"line": lines} if lines else {}
    if postcode := adr.text(4):
        said["postalCode"] = postcode
    return said
