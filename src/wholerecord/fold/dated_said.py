"""What one statement says was done: an immunisation, a procedure, a contact.

Source: FHIR R4 Immunization, Procedure and Encounter.
"""

from typing import Any

from msgspec import Raw

from wholerecord.fold.meant import Meant, procedure, vaccine
from wholerecord.fold.record import Coding
from wholerecord.fold.shape import (
    NOT_SAID,
    NOTHING,
    Annotation,
    Coded,
    Heard,
    Identifier,
    Part,
    Period,
    Reference,
    Shape,
    codings,
    named,
)


class Actor(Part, frozen=True):
    """`Immunization.performer`, `Procedure.performer`: who did it."""

    actor: Reference | None = None


def _first_of(performers: tuple[Actor, ...]) -> str:
    """The first who is named."""
    return named(*(one.actor for one in performers)) if performers else ""


class Protocol(Part, frozen=True):
    """`Immunization.protocolApplied`."""

    dose_number_positive_int: int | None = None
    dose_number_string: str = ""


class ImmunizationSaid(Shape, frozen=True):
    """FHIR Immunization."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    status_reason: Coded = NOT_SAID
    vaccine_code: Raw = NOTHING
    occurrence_date_time: str = ""
    recorded: str = ""
    primary_source: bool | None = None
    report_origin: Coded | None = None
    lot_number: str = ""
    site: Coded = NOT_SAID
    performer: tuple[Actor, ...] = ()
    protocol_applied: tuple[Protocol, ...] = ()

    def heard(self) -> Heard:
        return self.says(
            self.vaccine.coded,
            happened=self.occurrence_date_time,
            written=self.recorded,
            state=self.status,
            by=_first_of(self.performer),
        )

    @property
    def vaccine(self) -> Meant:
        """What was given."""
        return vaccine((bytes(self.vaccine_code),))

    @property
    def dose(self) -> str:
        """Which dose of the course, "" when not said."""
        for one in self.protocol_applied:
            if one.dose_number_positive_int is not None:
                return str(one.dose_number_positive_int)
            if one.dose_number_string:
                return one.dose_number_string
        return ""


class ProcedureSaid(Shape, frozen=True):
    """FHIR Procedure."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    category: Coded = NOT_SAID
    code: Raw = NOTHING
    performed_date_time: str = ""
    performed_period: Period | None = None
    performer: tuple[Actor, ...] = ()
    recorder: Reference | None = None
    asserter: Reference | None = None
    body_site: Raw = NOTHING
    outcome: Coded = NOT_SAID
    note: tuple[Annotation, ...] = ()
    based_on: Any = None  # no visit or act is parked for what it says it carries out

    def heard(self) -> Heard:
        period = self.performed_period
        return self.says(
            self.act.coded,
            happened=self.performed_date_time or (period.start if period else ""),
            state=self.status,
            by=_first_of(self.performer) or named(self.asserter, self.recorder),
            tags=self.category.coding,
        )

    @property
    def act(self) -> Meant:
        """What was done, on which side."""
        return procedure((bytes(self.code), bytes(self.body_site)))


class Participant(Part, frozen=True):
    """`Encounter.participant`."""

    individual: Reference | None = None


class Stay(Part, frozen=True):
    """`Encounter.hospitalization`."""

    discharge_disposition: Coded = NOT_SAID


class Place(Part, frozen=True):
    """`Encounter.location`."""

    location: Reference | None = None


def _sort_is_class(name: str) -> str:
    head, *rest = name.split("_")
    return "class" if name == "sort" else head + "".join(part.title() for part in rest)


class EncounterSaid(Shape, frozen=True, rename=_sort_is_class):
    """FHIR Encounter. `class` is a Python word, so it is `sort` here."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    sort: Coding | None = None
    type: tuple[Coded, ...] = ()
    service_type: Coded = NOT_SAID
    reason_code: tuple[Coded, ...] = ()
    participant: tuple[Participant, ...] = ()
    period: Period | None = None
    hospitalization: Stay | None = None
    location: tuple[Place, ...] = ()
    service_provider: Reference | None = None
    based_on: Any = None
    appointment: Any = None

    def heard(self) -> Heard:
        return self.says(
            self.type[0] if self.type else self.service_type,
            happened=self.period.start if self.period else "",
            state=self.status,
            by=named(*(one.individual for one in self.participant)) if self.participant else "",
            tags=codings(self.type),
        )
