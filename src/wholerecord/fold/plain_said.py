"""What a statement of any other type says, read as far as it can be: nothing is dropped.

Source: FHIR R4: the fields that many resource types share. What they hold differs by type, so they
are read as they come, and shown as labelled texts.
"""

from collections.abc import Iterator
from typing import Any, cast

from wholerecord.fold.names import human_name
from wholerecord.fold.record import Coding
from wholerecord.fold.shape import Coded, Shape

#: Fields that say what it is about, in the order they are asked.
_ABOUT = ("code", "type", "relationship", "service_type")
_LABELS = {
    "category": "Category",
    "code": "What",
    "type": "Type",
    "description": "Description",
    "title": "Title",
    "name": "Name",
    "relationship": "Relationship",
    "specialty": "Specialty",
    "role": "Role",
    "reason_code": "Reason",
    "service_type": "Service",
    "practitioner": "Practitioner",
    "organization": "Organisation",
    "managing_organization": "Organisation",
    "care_manager": "Care manager",
    "requester": "Asked by",
    "performer": "For",
    "author": "By",
    "sender": "From",
    "participant": "Participants",
    "team": "Team",
    "telecom": "Contact",
    "address": "Address",
    "period": "Period",
    "conclusion": "Conclusion",
    "scope": "Scope",
    "provision": "Provision",
    "policy_rule": "Rule",
    "payload": "Message",
    "item": "Answers",
    "note": "Notes",
    "comment": "Comment",
    "patient_instruction": "Instruction",
    "start": "Starts",
    "end": "Ends",
}


class PlainSaid(Shape, frozen=True):
    """Any resource."""

    status: Any = None
    category: Any = None
    code: Any = None
    type: Any = None
    title: Any = None
    name: Any = None
    description: Any = None
    relationship: Any = None
    specialty: Any = None
    role: Any = None
    reason_code: Any = None
    service_type: Any = None
    practitioner: Any = None
    organization: Any = None
    managing_organization: Any = None
    care_manager: Any = None
    requester: Any = None
    performer: Any = None
    author: Any = None
    sender: Any = None
    participant: Any = None
    team: Any = None
    telecom: Any = None
    address: Any = None
    period: Any = None
    conclusion: Any = None
    scope: Any = None
    provision: Any = None
    policy_rule: Any = None
    payload: Any = None
    item: Any = None
    note: Any = None
    comment: Any = None
    patient_instruction: Any = None
    start: Any = None
    end: Any = None
    date: Any = None
    authored: Any = None
    authored_on: Any = None
    date_time: Any = None
    sent: Any = None
    created: Any = None
    identifier: Any = None

    @property
    def happened(self) -> str:
        told = (self.start, self._in_period("start"), self.sent, self.date_time, self.date)
        return first_text(*told, self.authored, self.authored_on)

    @property
    def ended(self) -> str:
        """When it ends, "" when not said."""
        return first_text(self._in_period("end"), self.end)

    def _in_period(self, part: str) -> Any:
        said: Any = self.period
        return cast("dict[str, Any]", said).get(part) if isinstance(said, dict) else None

    @property
    def written(self) -> str:
        return first_text(self.authored_on, self.authored, self.created, self.date)

    @property
    def coded(self) -> Coded:
        for field in (*_ABOUT, "category"):
            if coded := coded_in(getattr(self, field)):
                return coded[0]
        return Coded()

    @property
    def words(self) -> str:
        for said in (self.title, self.name, self.code, self.type, self.description):
            if words := "; ".join(texts_in(said)):
                return words
        for field in (*_ABOUT, "category"):
            if words := "; ".join(texts_in(getattr(self, field))):
                return words
        return ""

    @property
    def state(self) -> str:
        return self.status if isinstance(self.status, str) else ""

    @property
    def by(self) -> str:
        for said in (self.author, self.sender, self.requester):
            if words := "; ".join(texts_in(said)):
                return words
        return ""

    @property
    def tags(self) -> tuple[Coding, ...]:
        said = (*coded_in(self.category), *coded_in(self.type), *coded_in(self.scope))
        return (*self.meta.tag, *(coding for one in said for coding in one.coding))

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Everything it says that is read, labelled."""
        return tuple(
            (label, said)
            for field, label in _LABELS.items()
            if (said := "; ".join(dict.fromkeys(texts_in(getattr(self, field)))))
        )


def first_text(*said: Any) -> str:
    """The first that is a text with something in it."""
    return next((one for one in said if isinstance(one, str) and one), "")


def coded_in(said: Any) -> tuple[Coded, ...]:
    """The concepts in a field that may hold one, several, or none."""
    if isinstance(said, list):
        each = cast("list[Any]", said)
        return tuple(coded for one in each for coded in coded_in(one))
    if not isinstance(said, dict):
        return ()
    concept = cast("dict[str, Any]", said)
    coding, text = concept.get("coding"), concept.get("text")
    if not isinstance(coding, list) and not isinstance(text, str):
        return ()
    found = tuple(
        Coding(
            **{
                part: value
                for part in ("system", "code", "display")
                if isinstance(value := cast("dict[str, Any]", one).get(part), str)
            }
        )
        for one in (cast("list[Any]", coding) if isinstance(coding, list) else [])
        if isinstance(one, dict)
    )
    return (Coded(coding=found, text=text if isinstance(text, str) else ""),)


#: Parts of a nested value that people read, in the order they are asked.
_SPOKEN = ("text", "display", "name", "value", "family", "line", "city", "postalCode")
_ANSWER = (
    "valueString",
    "valueCoding",
    "valueDecimal",
    "valueInteger",
    "valueBoolean",
    "valueDate",
    "valueDateTime",
    "valueQuantity",
    "contentString",
)
_NESTED = (
    *("given", "role", "member", "actor", "individual", "start", "end", "item", "answer"),
    *("code", "type", "period", "provision"),
)


def texts_in(said: Any, depth: int = 0) -> Iterator[str]:
    """The words in a field of whatever shape, at most six levels down, in the order said."""
    if depth > 6 or said is None:
        return
    if isinstance(said, bool):
        yield "yes" if said else "no"
    elif isinstance(said, str):
        if said:
            yield said
    elif isinstance(said, list):
        for one in cast("list[Any]", said):
            yield from texts_in(one, depth + 1)
    elif isinstance(said, dict):
        yield from _texts_in_object(cast("dict[str, Any]", said), depth)
    else:
        yield str(said)


def _texts_in_object(said: dict[str, Any], depth: int) -> Iterator[str]:
    if name := human_name(said):
        yield name
        return
    if "member" in said and "role" in said:  # of a care team: who, then what they are there
        role = "; ".join(texts_in(said["role"], depth + 1))
        member = "; ".join(texts_in(said["member"], depth + 1))
        yield f"{member} ({role})" if member and role else member or role
        return
    spoken = False
    for part in (*_SPOKEN, *_ANSWER):
        if part in said:
            spoken = True
            yield from texts_in(said[part], depth + 1)
    if not spoken and "coding" in said and isinstance(said["coding"], list):
        coded = coded_in(said)
        if coded and coded[0].words:
            yield coded[0].words
    for part in _NESTED:
        if part in said and not isinstance(said[part], str):
            yield from texts_in(said[part], depth + 1)
        elif part in {"start", "end"} and part in said:
            yield str(said[part])
