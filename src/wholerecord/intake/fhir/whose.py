"""Whose each resource of a scope is: the patients its elements point at.

Source: FHIR R4, References and the patient compartment (see `about`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wholerecord.intake.fhir import patient
from wholerecord.intake.fhir.about import ABOUT, BY_TARGET, NOT_ABOUT_A_PATIENT, PATIENT_OPTIONAL
from wholerecord.intake.fhir.parts import Part
from wholerecord.intake.fhir.reference import Pointer, pointers
from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.intake.reading import Reason
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM

#: Elements whose reference is to a patient unless it says otherwise.
_SUBJECTS = frozenset({"subject", "patient", "beneficiary", "individual", "candidate", "for"})


@dataclass(frozen=True, slots=True)
class Whose:
    """The answer: `numbers` of patients; `missing` why it should name one and does not."""

    numbers: tuple[str, ...] = ()
    missing: Reason | None = None


NOBODY = Whose()


class Scene:
    """What the references of one scope may point at. Built once for a scope, then only read."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._by_url = {part.full_url: part for part in parts if part.full_url}
        self._by_address = {part.address: part for part in parts}
        self._bases = {_base(part) for part in parts} - {""}
        self._by_identifier: dict[str, str] = {}
        self._by_own_id: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        for part in parts:
            if part.kind != "Patient":
                continue
            self._by_own_id[text(part.resource.get("id")) or part.id] = part.number
            for identifier in objects(part.resource.get("identifier")):
                named = patient.number_by(identifier)
                if self._by_identifier.setdefault(named, part.number) != part.number:
                    self._ambiguous.add(named)

    def addresses(self) -> dict[str, str]:
        """What references say -> `Type/id`, for those that would mean nothing outside."""
        found = {url: part.address for url, part in self._by_url.items()}
        for part in self._by_address.values():
            own = text(part.resource.get("id"))
            if part.kind == "Patient" and own and own != part.id:
                found[f"Patient/{own}"] = part.address
        return found

    def whose(self, part: Part) -> Whose:
        """The patients `part` is about, following a target one step where that is its way."""
        if part.kind == "Patient":
            return Whose((part.number,))
        if part.kind in NOT_ABOUT_A_PATIENT:
            return NOBODY
        for path in ABOUT.get(part.kind, ("subject", "patient")):
            found = self._along(part, path)
            if found is not None:
                return found
        if part.kind in PATIENT_OPTIONAL:
            return NOBODY
        return Whose(missing=Reason.NO_PATIENT)

    def _along(self, part: Part, path: str) -> Whose | None:
        """What one element says: patients, why not, or None when it is silent."""
        numbers: set[str] = set()
        missing: Reason | None = None
        pointed_elsewhere = False
        for reference in _at(part.resource, path):
            found = self._pointed(part, reference, path)
            numbers.update(found.numbers)
            missing = missing or found.missing
            pointed_elsewhere = pointed_elsewhere or found == NOBODY
        if len(numbers) > 1:
            return NOBODY if _only_refers(part) else Whose(missing=Reason.SEVERAL_PATIENTS)
        if numbers:
            return Whose(tuple(numbers))
        if missing:
            return Whose(missing=missing)
        # Only a subject that is not a patient settles the matter: a staff member who takes part in
        # an appointment says nothing of whose it is.
        return NOBODY if pointed_elsewhere and path in _SUBJECTS else None

    def _pointed(self, part: Part, reference: Object, path: str) -> Whose:
        """Who one reference points at. `Whose(missing=None)` without numbers: not a patient."""
        missing: Reason | None = None
        for point in pointers(reference):
            found = self._one(part, point, path)
            if found.numbers or found.missing is None:
                return found
            missing = found.missing
        return Whose(missing=missing or Reason.NO_PATIENT)

    def _one(self, part: Part, point: Pointer, path: str) -> Whose:
        if point.identifier:
            return self._logical(point, path)
        if point.contained:
            held = contained(part.resource, point.contained)
            if held is None:
                return _UNKNOWN
            return self._named(contained_number(held))
        if point.urn:
            return self._part(self._by_url.get(point.urn), path)
        if point.kind == "Group":
            return Whose(missing=Reason.SEVERAL_PATIENTS)
        if point.kind != "Patient":
            follow = self._by_address.get(f"{point.kind}/{point.id}")
            return self._part(follow, path) if follow and part.kind in BY_TARGET else NOBODY
        return Whose((self._patient(point),))

    def _patient(self, point: Pointer) -> str:
        url = f"{point.base}/Patient/{point.id}"
        if url in self._by_url:
            return self._by_url[url].number
        if not point.base or point.base in self._bases:
            return self._by_own_id.get(point.id, point.id)
        return patient.number_at(point.base, point.id) or url

    def _logical(self, point: Pointer, path: str) -> Whose:
        system, value = point.identifier or ("", "")
        if point.kind not in {"", "Patient"}:
            return NOBODY
        if not point.kind and path not in _SUBJECTS and system != NHS_NUMBER_SYSTEM:
            return NOBODY
        number = patient.number_in(system, value)
        if not number:
            return _UNKNOWN
        return self._named(number)

    def _named(self, number: str) -> Whose:
        """The patient of the message who has this identifier, else who is known by it."""
        if number in self._ambiguous:
            return Whose(missing=Reason.SEVERAL_PATIENTS)
        return Whose((self._by_identifier.get(number, number),))

    def _part(self, pointed: Part | None, path: str) -> Whose:
        if pointed is None:
            return _UNKNOWN
        if pointed.kind == "Patient":
            return Whose((pointed.number,))
        if pointed.kind == "Group":
            return Whose(missing=Reason.SEVERAL_PATIENTS)
        if path in {"target", "focus", "entity.what"} and pointed.kind not in BY_TARGET:
            found = self.whose(pointed)
            return found if found.numbers else NOBODY
        return NOBODY


_UNKNOWN = Whose(missing=Reason.PATIENT_UNKNOWN)


def _only_refers(part: Part) -> bool:
    """Whether it is a Group that says of each of its people nothing but where they are.

    One with names or numbers in it is no list of references: those would outlive an erasure.
    """
    return part.kind == "Group" and all(
        an_object(one.get("entity")).keys() <= {"reference", "type"}
        for one in objects(part.resource.get("member"))
    )


def contained(resource: Object, id: str) -> Object | None:
    """The Patient that `resource` contains under `id`."""
    for held in objects(resource.get("contained")):
        if held.get("resourceType") == "Patient" and held.get("id") == id:
            return held
    return None


def contained_number(held: Object) -> str:
    """The number of a contained Patient, whose id means nothing outside its resource."""
    without_id: dict[str, Any] = {key: said for key, said in held.items() if key != "id"}
    return patient.number_of(without_id)


def _at(resource: Object, path: str) -> Iterable[Object]:
    first, _, rest = path.partition(".")
    found = objects(resource.get(first))
    return [an_object(one.get(rest)) for one in found] if rest else found


def _base(part: Part) -> str:
    tail = f"/{part.kind}/{text(part.resource.get('id'))}"
    return part.full_url[: -len(tail)] if part.full_url.endswith(tail) else ""
