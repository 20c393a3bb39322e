"""A pregnancy as a FHIR R4 EpisodeOfCare: when it began and ended, when it is due, how it ended.

Due dates and outcomes, for which R4 has no element, are extensions. Whether it goes on is left out,
as unknown, where nobody said that it ended and it must be over. Conditions are named by reference.
"""

from hashlib import blake2b

from wholerecord.fhir.record.entries import TYPES
from wholerecord.fhir.record.said_by import Json, without_empty
from wholerecord.fold import Entry, Kind
from wholerecord.fold.maternity import Pregnancy, State
from wholerecord.record import PersonId

TYPE = "EpisodeOfCare"
_DUE = "https://wholerecord.example/StructureDefinition/pregnancy-due"
_OUTCOME = "https://wholerecord.example/StructureDefinition/pregnancy-outcome"
_TOLD_BY = "https://wholerecord.example/StructureDefinition/worked-out-of"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_STATES = {State.CURRENT: "active", State.ENDED: "finished"}
_PREGNANCY = {"system": "http://snomed.info/sct", "code": "77386006", "display": "Pregnancy"}


def episode_of_care(person: PersonId, one: Pregnancy) -> Json:
    """The pregnancy, with a reference to every entry that it is worked out of."""
    entries = worked_out_of(one)
    status = _STATES.get(one.state)
    unknown: Json = {"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}
    diagnoses = [entry for entry in entries if entry.kind is Kind.CONDITION]
    return without_empty(
        {
            "resourceType": TYPE,
            "id": _id(one),
            "meta": {"lastUpdated": max(each.said.received for each in one.told).isoformat()},
            "extension": [
                *({"url": _DUE, "valueDate": day.isoformat()} for day in one.due),
                *({"url": _OUTCOME, "valueString": words} for words in one.outcomes),
                *({"url": _TOLD_BY, "valueReference": _to(entry)} for entry in entries),
            ],
            "status": status or "",
            "_status": {} if status else unknown,
            "type": [{"coding": [_PREGNANCY], "text": "Pregnancy"}],
            "diagnosis": [{"condition": _to(entry)} for entry in diagnoses],
            "patient": {"reference": f"Patient/{person}"},
            "period": without_empty(
                {
                    "start": one.began.isoformat() if one.began else "",
                    "end": one.ended.isoformat() if one.ended else "",
                }
            ),
        }
    )


def worked_out_of(one: Pregnancy) -> tuple[Entry, ...]:
    """The entries that tell of it, each once."""
    return tuple({each.entry.key: each.entry for each in one.told}.values())


def _to(entry: Entry) -> Json:
    return {"reference": f"{TYPES[entry.kind]}/{entry.key}"}


def _id(one: Pregnancy) -> str:
    """16 hexadecimal digits of the smallest address that tells of it: whatever the order."""
    first = min((each.said.id_key, each.tells.value) for each in one.told)
    name = "\0".join(map(str, ("pregnancy", *first[0], first[1])))
    return blake2b(name.encode(), digest_size=8).hexdigest()
