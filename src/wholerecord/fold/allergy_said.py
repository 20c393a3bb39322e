"""What one statement says of an allergy.

Source: FHIR R4 AllergyIntolerance.
"""

from wholerecord.fold.record import Coding
from wholerecord.fold.shape import (
    IN_ERROR,
    NOT_SAID,
    Annotation,
    Coded,
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

    @property
    def happened(self) -> str:
        return self.onset_date_time or (self.onset_period.start if self.onset_period else "")

    @property
    def written(self) -> str:
        return self.recorded_date

    @property
    def coded(self) -> Coded:
        if self.code.words or not self.reaction:
            return self.code
        return self.reaction[0].substance

    @property
    def state(self) -> str:
        if self.verification_status.has(IN_ERROR):
            return IN_ERROR
        for coding in self.clinical_status.coding:
            return coding.code
        return self.clinical_status.text

    @property
    def by(self) -> str:
        return named(self.asserter, self.recorder)

    @property
    def tags(self) -> tuple[Coding, ...]:
        return self.meta.tag
