"""Each resource of a scope to its place: a patient, the directory, or a fault."""

from wholerecord.intake.fhir.about import BY_TARGET
from wholerecord.intake.fhir.gather import Gathered
from wholerecord.intake.fhir.ids import id_from
from wholerecord.intake.fhir.items import Scope
from wholerecord.intake.fhir.parts import NESTED, Part, parts_of, resource_body
from wholerecord.intake.fhir.recorded import recorded_at
from wholerecord.intake.fhir.reference import pointers, rewritten
from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.intake.fhir.shared import apart
from wholerecord.intake.fhir.whose import NOBODY, Scene, Whose, contained, contained_number
from wholerecord.intake.reading import Fault, Reason
from wholerecord.nhs import PartialDate
from wholerecord.record import Saying, canonical

#: Types that never belong in a directory: without a patient they are nobody's.
_NEVER_DIRECTORY = {
    "OperationOutcome": "another system's answer or error",
    "Parameters": "input of an operation",
}


def file_scope(scope: Scope, gathered: Gathered) -> None:
    """File every resource of `scope`; each ends as a saying, in the directory, or as a fault."""
    parts, faults = parts_of(scope)
    parts, shared = apart(parts)
    gathered.faults.extend((*faults, *shared))
    if scope.kind == "history":  # newest first; the last said is the one that stands
        parts.reverse()
    scene = Scene(parts)
    addresses = scene.addresses()
    found = [(part, scene.whose(part)) for part in parts]
    sole = _sole(scope, found)
    for part, whose in found:
        _file(scope, gathered, part, _settled(part, whose, sole), addresses)


def _sole(scope: Scope, found: list[tuple[Part, Whose]]) -> str:
    """The one patient a Bundle is about: its one Patient, else the one it refers to, else ""."""
    if scope.kind in {"lines", "resource"}:
        return ""
    present = {part.number for part, _ in found if part.number}
    if not present:
        present = {number for _, whose in found for number in whose.numbers}
    return next(iter(present)) if len(present) == 1 else ""


def _settled(part: Part, whose: Whose, sole: str) -> Whose:
    lost = whose.missing is Reason.PATIENT_UNKNOWN and part.kind in BY_TARGET
    if sole and (whose == NOBODY or whose.missing is Reason.NO_PATIENT or lost):
        return Whose((sole,))
    if whose == NOBODY and part.kind in _NEVER_DIRECTORY:
        return Whose(missing=Reason.NO_PATIENT)
    return whose


def _file(
    scope: Scope, gathered: Gathered, part: Part, whose: Whose, addresses: dict[str, str]
) -> None:
    if whose.missing:
        detail = (
            f"{part.kind}: {_NEVER_DIRECTORY[part.kind]}"
            if part.kind in _NEVER_DIRECTORY
            else part.kind
        )
        fault = Fault(reason=whose.missing, place=part.place, detail=detail)
        gathered.faults.append(fault)
        return
    resource = resource_body(part, recorded_at(part.kind, part.resource, scope.at))
    try:
        body = rewritten(canonical(resource), addresses)
    except RecursionError:
        gathered.faults.append(Fault(reason=Reason.TOO_LARGE, place=part.place, detail=NESTED))
        return
    saying = Saying(kind=part.kind, body=body, place=part.place)
    if not whose.numbers:
        gathered.directory.append(saying)
        return
    for number in whose.numbers:
        gathered.said(number, saying)
        _lift(gathered, part, number)
    if part.kind == "Patient":
        _merges(gathered, part)


def _lift(gathered: Gathered, part: Part, number: str) -> None:
    """File a contained Patient as who `number` is: else nobody could be linked to them."""
    if "contained" not in part.resource:
        return
    for n, held in enumerate(objects(part.resource["contained"])):
        if (
            held.get("resourceType") != "Patient"
            or contained(part.resource, text(held.get("id"))) is None
        ):
            continue
        if contained_number(held) == number:
            body = canonical({**held, "id": id_from(number)})
            place = f"{part.place} contained[{n}]"
            gathered.lifted(number, Saying(kind="Patient", body=body, place=place))


def _merges(gathered: Gathered, part: Part) -> None:
    """FHIR R4 Patient.link: `replaced-by` and `replaces` say that two of its patients are one."""
    made = PartialDate.parse(text(an_object(part.resource.get("meta")).get("lastUpdated")))
    said = made.start if made else None
    for link in objects(part.resource.get("link")):
        other = _linked(an_object(link.get("other")))
        if other and link.get("type") == "replaced-by":
            gathered.merge(other, part.number, part.place, said)
        elif other and link.get("type") == "replaces":
            gathered.merge(part.number, other, part.place, said)


def _linked(other: Object) -> str:
    for point in pointers(other):
        if point.kind == "Patient" and point.id and not point.base:
            return point.id
    return ""
