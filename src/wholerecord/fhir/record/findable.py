"""What of the one record is searched beside what is shown: all that any source called it by."""

from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.search.path import under, values
from wholerecord.fold import Entry, Record
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

#: Where a type says what it is, if not in `code`.
_CODED = {
    "MedicationStatement": "medicationCodeableConcept",
    "Immunization": "vaccineCode",
    "Encounter": "type",
    "DocumentReference": "type",
}


def by_every_number(shown: Json, record: Record) -> Json:
    """The Patient with every NHS number of theirs: a superseded one finds who they are now."""
    said = [one.nhs_number for _, one in record.who.said_by] if record.who else []
    numbers = dict.fromkeys(number.digits for number in said if number)
    if len(numbers) < 2:
        return shown
    each = [{"system": NHS_NUMBER_SYSTEM, "value": number} for number in numbers]
    return {**shown, "identifier": each}


def by_every_code(shown: Json, one: Entry) -> Json:
    """The resource with every code that any source gave the entry: it is found by each of them."""
    codings = [
        {"system": code.system, "code": code.code, "display": code.display}
        for code in dict.fromkeys(code for said in one.said_by for code in said.codes)
    ]
    if not codings:
        return shown
    words = [{"text": said.words} for said in one.said_by if said.words]
    name = _CODED.get(shown["resourceType"], "code")
    written = values(shown, name) or [under(shown, name)]
    return {**shown, name: [*written, {"coding": codings}, *words]}
