"""Whose the readings are: the sender's own number, else the NHS number."""

from dataclasses import dataclass
from typing import Any

from wholerecord.intake.fhir.ids import id_from
from wholerecord.intake.fhir.shape import Object, text
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.nhs.number import NHS_NUMBER_SYSTEM


@dataclass(frozen=True, slots=True)
class Person:
    """`number` is what they are filed under; `said` is what was said of who they are."""

    number: str
    said: Object

    @property
    def id(self) -> str:
        """The id of their Patient resource."""
        return id_from(self.number)

    @property
    def resource(self) -> Object | None:
        """Their Patient, None when nothing but their number was said."""
        names = {"family": text(self.said.get("family")), "given": text(self.said.get("given"))}
        made: dict[str, Any] = {"resourceType": "Patient", "id": self.id}
        nhs = text(self.said.get("nhs_number"))
        if nhs:
            made["identifier"] = [{"system": NHS_NUMBER_SYSTEM, "value": nhs}]
        if any(names.values()):
            given = names["given"].split()
            made["name"] = [{"family": names["family"], "given": given}]
        born = text(self.said.get("born"))
        if PartialDate.parse(born):
            made["birthDate"] = born[:10]
        return made if len(made) > 2 else None


def person_of(said: Object) -> Person | None:
    """Who they are, or None when no number can be trusted to mean one person."""
    own = said.get("id")
    number = str(own) if isinstance(own, int) and not isinstance(own, bool) else text(own).strip()
    if number:
        return Person(number, said)
    nhs = NhsNumber.parse(text(said.get("nhs_number")))
    return Person(f"nhs:{nhs.digits}", said) if nhs else None
