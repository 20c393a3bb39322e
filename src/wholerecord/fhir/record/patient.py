"""A person as a FHIR R4 Patient."""

from wholerecord.fhir.record.said_by import HL7, Json, said_by, without_empty
from wholerecord.fold import Record
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM
from wholerecord.people import Demographics
from wholerecord.record import PersonId


def patient(person: PersonId, record: Record, now: PersonId | None = None) -> Json:
    """The person as a FHIR Patient. A restricted person has no address and no telecom.

    `now` is who they have become since: `Patient.link`, replaced-by.
    """
    resource: Json = {"resourceType": "Patient", "id": person}
    if now is not None:
        other = {"reference": f"Patient/{now}"}
        resource |= {"active": False, "link": [{"other": other, "type": "replaced-by"}]}
    if record.who is None:
        return resource
    who = record.who.best
    if who.restricted:
        resource["meta"] = {"security": [{"system": f"{HL7}/v3-Confidentiality", "code": "R"}]}
    else:
        resource |= _contact(who)
    if who.nhs_number:
        resource["identifier"] = [{"system": NHS_NUMBER_SYSTEM, "value": who.nhs_number.digits}]
    resource["name"] = [
        without_empty(
            {"use": name.use, "family": name.family, "given": list(name.given)}
            | ({"prefix": [name.prefix]} if name.prefix else {})
        )
        for name in who.names
    ]
    if who.born:
        resource["birthDate"] = who.born.text[:10]
    if who.died:
        resource["deceasedDateTime"] = who.died.text
    elif who.dead:
        resource["deceasedBoolean"] = True
    resource["gender"] = who.sex
    resource["extension"] = [said_by(said) for said, _ in record.who.said_by]
    return without_empty(resource)


def _contact(who: Demographics) -> Json:
    return {
        "address": [
            without_empty(
                {
                    "line": list(address.lines),
                    "postalCode": address.postcode or "",
                    "use": address.use,
                }
            )
            for address in who.addresses
        ],
        "telecom": [
            *({"system": "phone", "value": phone} for phone in who.phones),
            *({"system": "email", "value": email} for email in who.emails),
        ],
    }
