"""Any happening a FHIR source tells, as its resources."""

from collections.abc import Callable, Mapping
from typing import Any

from wholerecord.demo import happening
from wholerecord.demo.coding import Json
from wholerecord.demo.r4.clinical import allergy, condition, encounter, immunisation, procedure
from wholerecord.demo.r4.measures import report
from wholerecord.demo.r4.medicines import dispense, request
from wholerecord.demo.r4.papers import letter, note, plan
from wholerecord.demo.r4.voice import Voice

_WRITERS: Mapping[type, Callable[[Any, Json, Voice], Json]] = {
    happening.Diagnosis: condition,
    happening.Sensitivity: allergy,
    happening.Prescription: request,
    happening.Dispensing: dispense,
    happening.Jab: immunisation,
    happening.Operation: procedure,
    happening.Letter: letter,
    happening.Plan: plan,
    happening.Note: note,
}


def resources(what: happening.Happening, subject: Json, voice: Voice) -> list[Json]:
    """The resources that say `what`; what only another format says has none (a `KeyError`)."""
    match what:
        case happening.Report():
            return report(what, subject, voice)
        case happening.Contact():
            return [
                encounter(what, subject, voice),
                *(condition(said, subject, voice) for said in what.diagnoses),
                *(allergy(said, subject, voice) for said in what.sensitivities),
            ]
        case _:
            return [_WRITERS[type(what)](what, subject, voice)]
