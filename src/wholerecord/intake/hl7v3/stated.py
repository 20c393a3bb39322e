"""An extract's statements, each with what it is to become and what it stands in.

Source: GP2GP (EHR extract), ehrComposition and CompoundStatement: TOPIC and CATEGORY are headings,
BATTERY and CLUSTER hold what belongs together. What a statement becomes is told from its class and
its compound's code alone, before anything is read from it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wholerecord.intake.hl7v3.coded import is_one_of
from wholerecord.intake.hl7v3.held import Holder, holder
from wholerecord.intake.hl7v3.look import child, root, statements, text, value
from wholerecord.intake.markup import Element, local

#: Read code 14L (history of drug allergy) and SN53 (allergy, unspecified), and SNOMED CT's.
ALLERGIES = frozenset({"14L..00", "14L..", "SN53.00", "SN53.", "SN530", "161609004", "416098002"})
#: GP2GP's codes of an allergy whose own code could not be used: to a drug, to something else.
_DEGRADED_ALLERGIES = frozenset({"196461000000101", "196471000000108"})
DRUG_ALLERGY = frozenset({"14L..00", "14L..", "416098002"})
_REPORT = frozenset({"16488004"})
_SPECIMEN = frozenset({"123038009"})
_DEEPEST = 40
#: No term is longer, in characters; what is, is not looked through.
_LONGEST = 300
_PRESSURE = re.compile(
    r"\b(systolic|diastolic)\b.*\bpressure\b|\b(systolic|diastolic) bp\b", re.IGNORECASE
)
_SYSTOLIC = frozenset({"271649006", "72313002", "2469.", "2469.00", "407554009", "400974009"})
_DIASTOLIC = frozenset({"271650006", "1091811000000102", "246A.", "246A.00"})
_VACCINE = re.compile(r"\b(?:vaccination|immunisation|immunization|vaccine)s?\b", re.IGNORECASE)
#: Words that say a vaccine is spoken of and was not given.
_NOT_GIVEN = re.compile(
    r"\b(?:allerg\w*|reaction|adverse|contraindicat\w*|contra-indicat\w*|declin\w*|refus\w*|consent"
    r"|invit\w*|due|need\w*|not|no|never|did|dna|offer\w*|advice|education|recall|status|overdue"
    r"|history|h/o|requir\w*|counsel\w*|record|leaflet|letter|requested|missed|defer\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One statement and what it becomes. `kind` is a FHIR type; "" where nobody knows it.

    `element` is the statement, or the supply within a MedicationStatement. `around` is what it
    stands in directly; `notes` are narratives that belong to it, `members` what it holds together.
    """

    kind: str
    element: Element
    composition: Holder
    around: Holder | None = None
    heading: str = ""
    specimen: Holder | None = None
    report: bool = False
    notes: tuple[Element, ...] = ()
    members: tuple[Element, ...] = ()

    @property
    def root(self) -> str:
        """The sender's id for it."""
        return root(self.element)


def stated(composition: Holder) -> Iterator[Stated]:
    """Every statement of a composition, in order; one in a compound after the compound."""
    within = Stated(kind="", element=composition.element, composition=composition)
    for element in statements(composition.element):
        yield from _one(element, within, 0)


def _one(element: Element, within: Stated, depth: int) -> Iterator[Stated]:
    here = replace(within, element=element, notes=(), members=())
    match local(element):
        case "CompoundStatement" if depth < _DEEPEST:
            yield from _compound(element, here, depth + 1)
        case "ObservationStatement":
            yield replace(here, kind=_observed(element, within.around))
        case "NarrativeStatement":
            document = child(element, "reference", "referredToExternalDocument") is not None
            yield replace(here, kind="DocumentReference" if document else "Observation")
        case "MedicationStatement":
            yield from _medicines(element, here)
        case "PlanStatement" | "RequestStatement":
            yield replace(here, kind="ServiceRequest")
        case "LinkSet":
            yield replace(here, kind="Condition")
        case _:
            yield replace(here, kind="")


def _observed(element: Element, around: Holder | None) -> str:
    """What an ObservationStatement is: by whom it is about, its category, its words."""
    if value(element, "negationInd") == "true":
        return ""  # said not to be so: nothing that a reader takes for a finding
    if child(element, "subject") is not None:
        return "FamilyMemberHistory"
    if around is not None and is_one_of(around.code, ALLERGIES):
        return "AllergyIntolerance"
    if is_one_of(child(element, "code"), _DEGRADED_ALLERGIES):
        return "AllergyIntolerance"
    words = _words(element)
    given = _VACCINE.search(words) and not _NOT_GIVEN.search(words)
    return "Immunization" if given and child(element, "value") is None else "Observation"


def _words(element: Element) -> str:
    code = child(element, "code")
    return (value(code, "displayName") or text(child(code, "originalText")))[:_LONGEST]


def _medicines(element: Element, here: Stated) -> Iterator[Stated]:
    """Each supply of a MedicationStatement. A discontinuation is said by what it ends."""
    here = replace(here, around=holder(element))
    supplies = [
        one
        for one in statements(element)
        if local(one) in {"ehrSupplyAuthorise", "ehrSupplyPrescribe"}
    ]
    for supply in supplies:
        yield replace(here, kind="MedicationRequest", element=supply, around=here.around)
    if not supplies and not any(
        local(one) == "ehrSupplyDiscontinue" for one in statements(element)
    ):
        yield replace(here, kind="")


def _compound(element: Element, here: Stated, depth: int) -> Iterator[Stated]:
    around = holder(element)
    code = around.code
    kids = list(statements(element))
    notes = tuple(one for one in kids if _is_note(one))
    inside = replace(here, around=around)
    if value(element, "classCode") in {"TOPIC", "CATEGORY"}:
        heading = "" if is_one_of(code, ALLERGIES) else _words(element)
        inside = replace(inside, heading=" / ".join(h for h in (here.heading, heading) if h))
        notes = ()
    elif is_one_of(code, _REPORT):
        yield replace(here, kind="DiagnosticReport", notes=notes, members=tuple(_below(element)))
        inside = replace(inside, report=True)
    elif is_one_of(code, _SPECIMEN):
        yield replace(here, kind="Specimen", notes=notes)
        inside = replace(inside, specimen=around)
    elif (parts := pressures(kids)) is not None:
        yield replace(here, kind="Observation", notes=notes, members=parts)
        kids = [one for one in kids if one is not parts[0] and one is not parts[1]]
    else:
        observed = [one for one in kids if local(one) == "ObservationStatement"]
        held = tuple(one for one in kids if not _is_note(one))
        if len(held) == len(observed) == 1:  # a cluster that only keeps a result and its comments
            only = observed[0]
            kind = _observed(only, around)
            yield replace(here, kind=kind, element=only, around=around, notes=notes)
            return
        yield replace(here, kind="Observation", notes=notes, members=held)
    for kid in kids:
        if not (notes and _is_note(kid)):
            yield from _one(kid, inside, depth)


def _below(report: Element) -> Iterator[Element]:
    """What a laboratory report holds, its specimens seen through."""
    for one in statements(report):
        if local(one) == "CompoundStatement" and is_one_of(child(one, "code"), _SPECIMEN):
            yield from (held for held in statements(one) if not _is_note(held))
        elif not _is_note(one):
            yield one


def _is_note(one: Element) -> bool:
    return local(one) == "NarrativeStatement" and child(one, "reference") is None


def pressures(kids: Sequence[Element]) -> tuple[Element, Element] | None:
    """The systolic and diastolic observations among `kids`, where there is exactly one of each."""
    found: dict[str, list[Element]] = {"systolic": [], "diastolic": []}
    for one in kids:
        if local(one) == "ObservationStatement" and (end := _pressure(one)):
            found[end].append(one)
        elif local(one) != "NarrativeStatement":
            return None
    systolic, diastolic = found["systolic"], found["diastolic"]
    if len(systolic) == len(diastolic) == 1:
        return systolic[0], diastolic[0]
    return None


def _pressure(one: Element) -> str:
    code = child(one, "code")
    if is_one_of(code, _SYSTOLIC):
        return "systolic"
    if is_one_of(code, _DIASTOLIC):
        return "diastolic"
    found = _PRESSURE.search(_words(one))
    return (found[1] or found[2]).lower() if found else ""
