"""What a statement of any other type says, read as far as it can be: nothing is dropped.

Source: FHIR R4: the fields that many resource types share. What they hold differs by type, so they
are read as they come, and shown as labelled texts.
"""

from typing import Any, cast

from wholerecord.fold.shape import NOT_SAID, Heard, Shape
from wholerecord.fold.texts import coded_in, first_text, first_words, texts_in

#: Fields that say what it is about, in the order they are asked.
_ABOUT = ("code", "type", "relationship", "service_type", "category")
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
    "priority": "Priority",
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
    based_on: Any = None
    priority: Any = None
    everything_else: Any = None  # labelled texts of `other_said`, whatever a source calls so

    def heard(self) -> Heard:
        starts = (self.start, self._in_period("start"), self.sent, self.date_time, self.date)
        kinds = (*coded_in(self.category), *coded_in(self.type), *coded_in(self.scope))
        abouts = [getattr(self, field) for field in _ABOUT]
        return self.says(
            next((coded[0] for about in abouts if (coded := coded_in(about))), NOT_SAID),
            first_words(self.title, self.name, self.code, self.type, self.description, *abouts),
            happened=first_text(*starts, self.authored, self.authored_on),
            written=first_text(self.authored_on, self.authored, self.created, self.date),
            state=first_text(self.status),
            by=first_words(self.author, self.sender, self.requester),
            tags=tuple(coding for one in kinds for coding in one.coding),
        )

    @property
    def ended(self) -> str:
        """When it ends, "" when not said."""
        return first_text(self._in_period("end"), self.end)

    def _in_period(self, part: str) -> Any:
        said: Any = self.period
        return cast("dict[str, Any]", said).get(part) if isinstance(said, dict) else None

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Everything it says that is read, labelled."""
        labelled = tuple(
            (label, said)
            for field, label in _LABELS.items()
            if (said := "; ".join(dict.fromkeys(texts_in(getattr(self, field)))))
        )
        more: Any = self.everything_else
        if not isinstance(more, tuple):  # a source's own field of that name
            return labelled
        return (*labelled, *cast("tuple[tuple[str, str], ...]", more))
