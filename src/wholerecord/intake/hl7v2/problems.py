"""PRB as a Condition of the problem list.

Source: HL7 v2.5.1 section 12.4 (PPR_PC1 to PC3, PRB); there is no v2-to-FHIR map of it. A problem
is known by its instance number (PRB-4), else by what it is and when it was established.
"""

from collections.abc import Sequence

from wholerecord.intake.hl7v2.datatypes import Json, concept
from wholerecord.intake.hl7v2.observation import notes_of, order_number, say_lines
from wholerecord.intake.hl7v2.orders import orders
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.telling import Telling
from wholerecord.intake.reading import Reason

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
#: PRB-14, for which the standard only suggests words: active, inactive, resolved.
_LIFE_CYCLE = {
    "A": "active",
    "ACTIVE": "active",
    "CHRONIC": "active",
    "I": "inactive",
    "INACTIVE": "inactive",
    "R": "resolved",
    "RESOLVED": "resolved",
    "REMISSION": "remission",
    "RECURRENCE": "recurrence",
}
#: PRB-13, likewise: confirmed, differential, provisional, rule-out.
_CONFIRMED = {
    "C": "confirmed",
    "CONFIRMED": "confirmed",
    "D": "differential",
    "DIFFERENTIAL": "differential",
    "P": "provisional",
    "PROVISIONAL": "provisional",
    "RULE-OUT": "refuted",
}


def say_problems(telling: Telling, group: Sequence[Segment]) -> None:
    """File every problem of a patient's segments, and what was observed of them."""
    notes: dict[str, list[Segment]] = {}
    last = ""
    for segment in group:
        if segment.name == "NTE":
            notes.setdefault(last, []).append(segment)
        elif segment.name != "VAR":
            last = segment.place
    for segment in group:
        if segment.name == "PRB":
            _say_problem(telling, segment, notes.get(segment.place, []))
    for order in orders(group):
        say_lines(telling, order, order_number(telling, order))


def _say_problem(telling: Telling, prb: Segment, notes: Sequence[Segment]) -> None:
    code = concept(prb.first(3))
    if not code:
        telling.fault(Reason.BAD_VALUE, f"{prb.place}-3", "the problem is not named")
        return
    deleted = prb.text(1).upper() == "DE" or telling.event == "PC3"
    ended = telling.moment(prb, 9)
    clinical = _word(prb, 14, _LIFE_CYCLE) or ("resolved" if ended else "active")
    certainty = "entered-in-error" if deleted else _word(prb, 13, _CONFIRMED)
    known_by = (
        (prb.text(4), "") if prb.text(4) else (prb.text(3) or prb.text(3, 2), prb.text(7)[:8])
    )
    telling.say(
        "Condition",
        telling.unlike("Condition", *telling.number, *known_by),
        prb.place,
        {
            "identifier": [{"value": said}] if (said := prb.text(4)) else [],
            "subject": telling.subject,
            "encounter": telling.encounter,
            "code": code,
            "category": [{"coding": [{"system": _CATEGORY, "code": "problem-list-item"}]}],
            "clinicalStatus": {} if deleted else _coded(_CLINICAL, clinical),
            "verificationStatus": _coded(_VERIFICATION, certainty),
            "onsetDateTime": telling.moment(prb, 16),
            "onsetString": "" if prb.text(16) else prb.text(17),
            "abatementDateTime": ended,
            "recordedDate": telling.moment(prb, 7) or telling.moment(prb, 2),
            "note": notes_of(notes),
        },
    )


def _word(prb: Segment, field: int, words: dict[str, str]) -> str:
    said = (prb.text(field).upper(), prb.text(field, 2).upper())
    return next((words[each] for each in said if each in words), "")


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]} if code else {}
