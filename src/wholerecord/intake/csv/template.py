"""What a map's templates may say: each makes one resource of a row.

Source of the shapes: FHIR R4 resource types.
"""

from typing import Literal

import msgspec

Shape = Literal[
    "service",
    "request",
    "contact",
    "procedure",
    "need",
    "flag",
    "observation",
    "condition",
    "carer",
]


class Coded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one value of a column means: a code in the map's `system`, and its words."""

    code: str
    display: str = ""
    system: str = ""


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use a row template only for rows whose column has one of these values."""

    column: str
    values: list[str]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a row says, as one resource.

    `shape` chooses the resource: `service` a CarePlan, `request` a ServiceRequest, `contact` an
    Encounter, `procedure` a Procedure, `need` and `condition` a Condition, `flag` a Flag,
    `observation` an Observation, `carer` a RelatedPerson.

    What it is of: `title` is the column with its words; `code` the column whose values `codes`
    translates into `system`; `means` says it where no column does. A template whose title and code
    are both empty in a row says nothing of that row, and so does one that `means` something whose
    `value`, or `start` where it has none, is empty. A row of which no template says anything is
    parked.

    `category` is one of FHIR's (`problem-list-item`, `survey`), else one of ours (`social-care`).
    `labels` are codes of what is sensitive in it (HL7 v3 ActCode, as `SEX`), for what not everybody
    may see. `id` are the columns that together name the thing, so that it can be corrected by a
    later table. `status` is a column whose values `statuses` translates to the resource's own.
    `value` is what was found, translated by `values`; of a contact, how they met (HL7 v3
    ActCode); of a procedure, its outcome. `details` are label -> column, kept as notes.
    """

    shape: Shape
    id: list[str] = []
    when: When | None = None
    category: str = "social-care"
    labels: list[str] = []
    title: str = ""
    code: str = ""
    system: str = ""
    codes: dict[str, Coded] = {}
    means: Coded | None = None
    start: str = ""
    end: str = ""
    recorded: str = ""
    status: str = ""
    statuses: dict[str, str] = {}
    value: str = ""
    values: dict[str, Coded] = {}
    unit: str = ""
    provider: str = ""
    worker: str = ""
    phone: str = ""
    details: dict[str, str] = {}

    @property
    def columns(self) -> set[str]:
        """Every column this template reads."""
        named = {
            self.title,
            self.code,
            self.start,
            self.end,
            self.recorded,
            self.status,
            self.value,
            self.unit,
            self.provider,
            self.worker,
            self.phone,
        }
        when = {self.when.column} if self.when else set[str]()
        return (named | when | set(self.id) | set(self.details.values())) - {""}
