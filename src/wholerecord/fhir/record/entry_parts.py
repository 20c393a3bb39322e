"""The parts that resources of entries are made of: concepts, values and times."""

from wholerecord.fhir.record.said_by import HL7, Json, without_empty
from wholerecord.fold import Coding, Entry


def concept(one: Entry) -> Json:
    """What an entry is: its code, and its title in words."""
    return codes(one.code, one.title)


def codes(code: Coding | None, text: str) -> Json:
    """A CodeableConcept, of the code or of the words alone."""
    coding = (
        [without_empty({"system": code.system, "code": code.code, "display": code.display})]
        if code
        else []
    )
    return without_empty({"coding": coding, "text": text})


def coded(system: str, code: str | None) -> Json:
    """A CodeableConcept of one of HL7's own code systems."""
    return {"coding": [{"system": f"{HL7}/{system}", "code": code}]} if code else {}


def text_of(words: str) -> Json:
    """A CodeableConcept of words alone."""
    return {"text": words} if words else {}


def value_of(text: str, number: object, unit: str) -> Json:
    """The value of an Observation: a quantity where it is a number."""
    if number is not None:
        return {"valueQuantity": without_empty({"value": number, "unit": unit})}
    return {"valueString": text} if text else {}


def time_of(one: Entry) -> str:
    """When it was, as precisely as it is known; empty where it is not."""
    return one.when.text if one.when else ""


def period_of(one: Entry) -> Json:
    """From when until when."""
    return without_empty({"start": time_of(one), "end": one.until.text if one.until else ""})


def in_error(one: Entry) -> bool:
    """Whether a professional ruled it wrong. Of these kinds no source can say that it is not so."""
    return one.status == "refuted"
