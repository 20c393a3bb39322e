"""What one statement says of an allergy.

Source: FHIR R4 AllergyIntolerance.
"""

from wholerecord.fold.shape import (
    IN_ERROR,
    NOT_SAID,
    Annotation,
    Coded,
    Heard,
    Part,
    Period,
    Reference,
    Shape,
    named,
)


class Reaction(Part, frozen=True):
    """`AllergyIntolerance.reaction`."""

    substance: Coded = NOT_SAID
    manifestation: tuple[Coded, ...] = ()
    description: str = ""
    severity: str = ""

    @property
    def words(self) -> str:
        """What happened, with how bad it was."""
        said = ", ".join(one.words for one in self.manifestation if one.words) or self.description
        return f"{said} ({self.severity})" if said and self.severity else said


class AllergySaid(Shape, frozen=True):
    """FHIR AllergyIntolerance."""

    clinical_status: Coded = NOT_SAID
    verification_status: Coded = NOT_SAID
    type: str = ""
    category: tuple[str, ...] = ()
    criticality: str = ""
    code: Coded = NOT_SAID
    onset_date_time: str = ""
    onset_period: Period | None = None
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None
    note: tuple[Annotation, ...] = ()
    reaction: tuple[Reaction, ...] = ()

    def heard(self) -> Heard:
        if self.verification_status.has(IN_ERROR):
            state = IN_ERROR
        else:
            clinical = self.clinical_status
            state = clinical.coding[0].code if clinical.coding else clinical.text
        named_so = self.code.words or not self.reaction
        return self.says(
            self.code if named_so else self.reaction[0].substance,
            happened=self.onset_date_time or (self.onset_period.start if self.onset_period else ""),
            written=self.recorded_date,
            state=state,
            by=named(self.asserter, self.recorder),
        )
