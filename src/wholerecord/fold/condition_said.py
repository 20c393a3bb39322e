"""What one statement says about a condition.

Source: FHIR R4 Condition and FamilyMemberHistory; condition-clinical, condition-ver-status.
"""

from msgspec import Raw

from wholerecord.fold.finding import Extended, Finding, finding
from wholerecord.fold.shape import (
    IN_ERROR,
    NOT_SAID,
    NOTHING,
    Coded,
    Heard,
    Identifier,
    Part,
    Period,
    Reference,
    Shape,
    named,
    with_meta,
)


class StageSaid(Part, frozen=True):
    """`Condition.stage`."""

    summary: Coded = NOT_SAID
    type: Coded = NOT_SAID
    assessment: tuple[Reference, ...] = ()


class ConditionSaid(Shape, frozen=True):
    """FHIR Condition. What many repeat stays raw: `finding` is what it means."""

    identifier: tuple[Identifier, ...] = ()
    clinical_status: Coded = NOT_SAID
    verification_status: Raw = NOTHING
    category: Raw = NOTHING
    severity: Coded = NOT_SAID
    code: Raw = NOTHING
    body_site: Raw = NOTHING
    stage: tuple[StageSaid, ...] = ()
    extension: tuple[Extended, ...] = ()
    onset_date_time: str = ""
    onset_period: Period | None = None
    abatement_date_time: str = ""
    abatement_period: Period | None = None
    recorded_date: str = ""
    recorder: Reference | None = None
    asserter: Reference | None = None

    def heard(self) -> Heard:
        what = self.finding
        coded, onset = what.coded, self.onset_period
        if what.in_error:
            state = IN_ERROR
        else:
            clinical = self.clinical_status
            state = clinical.coding[0].code if clinical.coding else clinical.text
        happened = self.onset_date_time or (onset.start if onset else "")
        by = named(self.asserter, self.recorder)
        tags, labels = with_meta(self.meta, what.tags, what.labels)
        return (coded, coded.words, happened, self.recorded_date, state, by, tags, labels, None)

    @property
    def finding(self) -> Finding:
        """What is found."""
        return finding(
            (
                bytes(self.code),
                bytes(self.category),
                bytes(self.verification_status),
                bytes(self.body_site),
            )
        )

    @property
    def ended(self) -> str:
        """When it ended, "" when not said."""
        return self.abatement_date_time or (
            self.abatement_period.end if self.abatement_period else ""
        )


class Relative(Part, frozen=True):
    """`FamilyMemberHistory.condition`."""

    code: Coded = NOT_SAID


class FamilySaid(Shape, frozen=True):
    """FHIR FamilyMemberHistory: what a relative has or had."""

    status: str = ""
    date: str = ""
    name: str = ""
    relationship: Coded = NOT_SAID
    condition: tuple[Relative, ...] = ()

    def heard(self) -> Heard:
        words = ", ".join(one.code.words for one in self.condition)
        return self.says(
            self.condition[0].code if self.condition else NOT_SAID,
            ": ".join(part for part in (self.relationship.words, words) if part),
            written=self.date,
            state=self.status,
        )
