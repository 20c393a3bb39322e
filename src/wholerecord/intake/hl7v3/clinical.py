"""Problems, allergies, immunisations and what relatives had.

Source: GP2GP LinkSet (problems), ObservationStatement; UK Core Condition, AllergyIntolerance and
Immunization; FHIR R4 FamilyMemberHistory.
"""

import re

from wholerecord.intake.hl7v3.coded import concept, is_one_of
from wholerecord.intake.hl7v3.extract import Extract, notes_of
from wholerecord.intake.hl7v3.look import (
    Json,
    child,
    children,
    first,
    happened,
    recorded,
    span,
    text,
    value,
)
from wholerecord.intake.hl7v3.observed import annotations
from wholerecord.intake.hl7v3.stated import DRUG_ALLERGY
from wholerecord.intake.markup import Element
from wholerecord.intake.reading import Reason

_UK = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_PROBLEM: Json = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/condition-category",
            "code": "problem-list-item",
            "display": "Problem List Item",
        }
    ]
}
#: LinkSet code, SNOMED CT: an inactive problem; its qualifier: significant, or not.
_INACTIVE = frozenset({"394775005"})
_SIGNIFICANT = frozenset({"386134007"})
_ENDED = re.compile(r"\bStatus: (?:Resolved|Inactive)\b")
_BATCH = re.compile(r"\bBatch(?: Number)?: ?([A-Za-z0-9-]{2,30})\b", re.IGNORECASE)


def say_problem(extract: Extract, n: int) -> None:
    """File a LinkSet: the statement it names is the problem, the others are about it."""
    one = extract.said[n]
    link, code = one.element, child(one.element, "code")
    named = value(child(link, "conditionNamed", "namedStatementRef", "id"), "root").upper()
    extract_named = extract.named.get(named)
    if extract_named is None:
        detail = "the statement it names is not in the extract"
        extract.telling.fault(Reason.CUT_SHORT, extract.places[n], detail)
    about = [
        found
        for each in children(link, "component")
        if (found := extract.reference(value(child(each, "statementRef", "id"), "root").upper()))
    ]
    period = span(link)
    significant = any(
        is_one_of(child(each, "name"), _SIGNIFICANT) for each in children(code, "qualifier")
    )
    actual = extract.reference(named)
    extensions: list[Json] = [
        {
            "url": f"{_UK}ProblemSignificance",
            "valueCode": "major" if significant else "minor",
        },
        *([{"url": f"{_UK}ActualProblem", "valueReference": actual}] if actual else []),
        *({"url": f"{_UK}RelatedClinicalContent", "valueReference": each} for each in about),
    ]
    extract.say(
        n,
        {
            "extension": extensions,
            "clinicalStatus": _status(_CLINICAL, ended=is_one_of(code, _INACTIVE)),
            "category": [_PROBLEM],
            "code": _named(extract_named) or concept(code),
            "subject": extract.telling.subject,
            "encounter": extract.encounter(one),
            "onsetDateTime": period.get("start", ""),
            "abatementDateTime": period.get("end", ""),
            "recordedDate": recorded(link),
            "asserter": first(extract.by(one)),
            "note": annotations(extract_named) if extract_named is not None else [],
        },
    )


def _named(at: Element | None) -> Json:
    """What a statement is of: its code, or of a medicine its product."""
    product = child(at, "consumable", "manufacturedProduct", "manufacturedMaterial", "code")
    return concept(product) or concept(child(at, "code"))


def _status(system: str, *, ended: bool) -> Json:
    return {"coding": [{"system": system, "code": "inactive" if ended else "active"}]}


def say_allergy(extract: Extract, n: int) -> None:
    """File an allergy. It is active unless what is written beside it says it has ended."""
    one = extract.said[n]
    notes = annotations(one.element) + notes_of(one.notes)
    ended = any(_ENDED.search(note["text"]) for note in notes)
    drug = one.around is not None and is_one_of(one.around.code, DRUG_ALLERGY)
    said, substance = concept(child(one.element, "code")), concept(child(one.element, "value"))
    if substance:  # the code then only says that it is an allergy
        notes = [*notes, {"text": said["text"]}] if "text" in said else notes
    extract.say(
        n,
        {
            "clinicalStatus": _status(_ALLERGY, ended=ended),
            "category": ["medication"] if drug else [],
            "code": substance or said or {"text": "not named"},
            "patient": extract.telling.subject,
            "encounter": extract.encounter(one),
            **_onset(one.element),
            "recordedDate": recorded(one.element),
            "asserter": first(extract.by(one)),
            "note": notes,
        },
    )


def _onset(element: Element) -> Json:
    return {f"onset{kind[:1].upper()}{kind[1:]}": at for kind, at in happened(element).items()}


def say_immunisation(extract: Extract, n: int) -> None:
    """File a vaccination that was given. Its code is the procedure's: the product has none."""
    one = extract.said[n]
    notes = annotations(one.element) + notes_of(one.notes)
    batch = next((found[1] for note in notes if (found := _BATCH.search(note["text"]))), "")
    procedure = concept(child(one.element, "code"))
    words = procedure.get("text", "")
    when = happened(one.element)
    given = when.get("dateTime") or when.get("Period", {}).get("start", "")
    extract.say(
        n,
        {
            "status": "completed",
            "extension": [{"url": f"{_UK}VaccinationProcedure", "valueCodeableConcept": procedure}],
            "vaccineCode": {"text": words or "not named"},
            "patient": extract.telling.subject,
            "encounter": extract.encounter(one),
            **({"occurrenceDateTime": given} if given else {"occurrenceString": "not recorded"}),
            "recorded": recorded(one.element),
            "lotNumber": batch,
            "performer": [{"actor": each} for each in extract.by(one)],
            "note": notes,
        },
    )


def say_relative(extract: Extract, n: int) -> None:
    """File what a relative has or had: never the patient's own."""
    one = extract.said[n]
    relation = child(one.element, "subject", "personalRelationship", "code")
    extract.say(
        n,
        {
            "status": "completed",
            "patient": extract.telling.subject,
            "date": recorded(one.element),
            "relationship": concept(relation) or {"text": "a relative"},
            "condition": [{"code": concept(child(one.element, "code")) or {"text": "not named"}}],
            "note": annotations(one.element)
            + ([{"text": words}] if (words := text(child(one.element, "value"))) else []),
        },
    )
