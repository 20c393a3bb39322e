"""What one statement says of a medicine: ordered, handed out, given or reported taken.

Source: FHIR R4 MedicationRequest, MedicationDispense, MedicationAdministration,
MedicationStatement and Medication.
"""

from msgspec import Raw

from wholerecord.fold.shape import (
    NOT_SAID,
    NOTHING,
    Coded,
    Heard,
    Identifier,
    Part,
    Period,
    Quantity,
    Reference,
    Shape,
    named,
)


class Rate(Part, frozen=True):
    """`Dosage.doseAndRate`."""

    dose_quantity: Quantity | None = None


class Dosage(Part, frozen=True):
    """`Dosage`, as an order or a dispense says it. `timing` stays raw: see `supply`."""

    text: str = ""
    timing: Raw = NOTHING
    patient_instruction: str = ""
    route: Coded = NOT_SAID
    dose_and_rate: tuple[Rate, ...] = ()

    @property
    def words(self) -> str:
        """The dose as the source wrote it, else its quantity."""
        if said := self.text or self.patient_instruction:
            return said
        return next(
            (one.dose_quantity.words for one in self.dose_and_rate if one.dose_quantity), ""
        )


class GivenDosage(Part, frozen=True):
    """`MedicationAdministration.dosage`."""

    text: str = ""
    route: Coded = NOT_SAID
    dose: Quantity | None = None

    @property
    def words(self) -> str:
        """The dose as the source wrote it, else its quantity."""
        return self.text or (self.dose.words if self.dose else "")


class MedicineShape(Shape, frozen=True):
    """What the four say alike."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    status_reason: Coded | tuple[Coded, ...] | None = None  # one in some types, several in others
    medication_codeable_concept: Coded = NOT_SAID
    medication_reference: Reference | None = None

    def tells(self, happened: str, written: str = "", by: str = "") -> Heard:
        """What `heard` gives; the four differ in when and by whom."""
        coded, reference = self.medication_codeable_concept, self.medication_reference
        return self.says(
            coded,
            reference.display if reference and not coded.words else "",
            happened=happened,
            written=written,
            state=self.status,
            by=by,
        )

    @property
    def doses(self) -> tuple[str, ...]:
        """Each dose, as written."""
        return ()

    @property
    def route(self) -> Coded:
        """The first route said."""
        return NOT_SAID

    @property
    def orders(self) -> tuple[Reference, ...]:
        """The orders this carries out."""
        return ()

    @property
    def stopped_because(self) -> str:
        """Why it was stopped, where said."""
        said = self.status_reason
        if isinstance(said, tuple):
            return next((one.words for one in said if one.words), "")
        return said.words if said else ""


def _start(period: Period | None) -> str:
    return period.start if period else ""


class Ordered(MedicineShape, frozen=True):
    """FHIR MedicationRequest. How long and for where it is stays raw: `supply` reads it."""

    intent: str = ""
    category: Raw = NOTHING
    authored_on: str = ""
    requester: Reference | None = None
    dosage_instruction: tuple[Dosage, ...] = ()
    prior_prescription: Reference | None = None
    dispense_request: Raw = NOTHING
    course_of_therapy_type: Raw = NOTHING

    def heard(self) -> Heard:
        return self.tells(self.authored_on, self.authored_on, named(self.requester))

    @property
    def doses(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.dosage_instruction if one.words)

    @property
    def route(self) -> Coded:
        return self.dosage_instruction[0].route if self.dosage_instruction else NOT_SAID


class Reported(MedicineShape, frozen=True):
    """FHIR MedicationStatement."""

    effective_date_time: str = ""
    effective_period: Period | None = None
    date_asserted: str = ""
    information_source: Reference | None = None
    based_on: tuple[Reference, ...] = ()
    dosage: tuple[Dosage, ...] = ()

    def heard(self) -> Heard:
        happened = self.effective_date_time or _start(self.effective_period)
        return self.tells(happened, self.date_asserted, named(self.information_source))

    @property
    def doses(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.dosage if one.words)

    @property
    def route(self) -> Coded:
        return self.dosage[0].route if self.dosage else NOT_SAID

    @property
    def orders(self) -> tuple[Reference, ...]:
        return self.based_on


class Dispensed(MedicineShape, frozen=True):
    """FHIR MedicationDispense."""

    when_prepared: str = ""
    when_handed_over: str = ""
    authorizing_prescription: tuple[Reference, ...] = ()
    days_supply: Quantity | None = None
    dosage_instruction: tuple[Dosage, ...] = ()

    def heard(self) -> Heard:
        return self.tells(self.when_handed_over or self.when_prepared)

    @property
    def doses(self) -> tuple[str, ...]:
        return tuple(one.words for one in self.dosage_instruction if one.words)

    @property
    def route(self) -> Coded:
        return self.dosage_instruction[0].route if self.dosage_instruction else NOT_SAID

    @property
    def orders(self) -> tuple[Reference, ...]:
        return self.authorizing_prescription


class Given(MedicineShape, frozen=True):
    """FHIR MedicationAdministration. For where it is stays raw: `supply` reads it."""

    category: Raw = NOTHING
    effective_date_time: str = ""
    effective_period: Period | None = None
    request: Reference | None = None
    dosage: GivenDosage | None = None

    def heard(self) -> Heard:
        return self.tells(self.effective_date_time or _start(self.effective_period))

    @property
    def doses(self) -> tuple[str, ...]:
        return (self.dosage.words,) if self.dosage and self.dosage.words else ()

    @property
    def route(self) -> Coded:
        return self.dosage.route if self.dosage else NOT_SAID

    @property
    def orders(self) -> tuple[Reference, ...]:
        return (self.request,) if self.request else ()


class MedicationSaid(Shape, frozen=True):
    """FHIR Medication: what an order refers to."""

    code: Coded = NOT_SAID
    status: str = ""

    def heard(self) -> Heard:
        return self.says(self.code, state=self.status)


MedicineSaid = Ordered | Reported | Dispensed | Given | MedicationSaid
