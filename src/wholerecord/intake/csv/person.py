"""A row's person as a FHIR R4 Patient."""

from typing import Any

from wholerecord.intake.csv.columns import Person
from wholerecord.intake.csv.values import Values
from wholerecord.intake.fhir.ids import id_from
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM


def patient_of(person: Person, values: Values, number: str) -> dict[str, Any]:
    """The Patient resource. An NHS number is kept as said: whether it is one is decided later.

    Raises:
        BadValue: a date or a sex is not as the map says.
    """
    nhs = values.text(person.nhs_number)
    identifiers = [{"use": "usual", "value": number}]
    if nhs:
        identifiers.append({"system": NHS_NUMBER_SYSTEM, "value": nhs})
    said = {
        "resourceType": "Patient",
        "id": id_from(number),
        "identifier": identifiers,
        "name": _names(person, values),
        "gender": values.one_of(person.sex, person.sex_codes),
        "birthDate": values.date(person.born)[:10],
        "deceasedDateTime": values.date(person.died),
        "address": _addresses(person, values),
        "telecom": _telecoms(person, values),
    }
    return {name: value for name, value in said.items() if value}


def _names(person: Person, values: Values) -> list[dict[str, Any]]:
    family, given = values.text(person.family), values.text(person.given).split()
    if not family and not given:
        return []
    prefix = values.text(person.prefix)
    name = {"family": family, "given": given, "prefix": [prefix] if prefix else []}
    return [{"use": "official", **{part: said for part, said in name.items() if said}}]


def _addresses(person: Person, values: Values) -> list[dict[str, Any]]:
    lines = [line for column in person.address if (line := values.text(column))]
    address = {"line": lines, "postalCode": values.text(person.postcode)}
    said = {part: value for part, value in address.items() if value}
    return [{"use": "home", **said}] if said else []


def _telecoms(person: Person, values: Values) -> list[dict[str, str]]:
    said = (("phone", values.text(person.phone)), ("email", values.text(person.email)))
    return [{"system": system, "value": value} for system, value in said if value]
