"""What one statement says about a condition.

Source: FHIR R4 Condition and FamilyMemberHistory; condition-clinical, condition-ver-status.
"""

import re

from wholerecord.fold.record import Coding
from wholerecord.fold.shape import (
    IN_ERROR,
    NOT_SAID,
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
from wholerecord.terms import Concept, concept, concept_in_text
from wholerecord.terms.relate import depth


class Extended(Part, frozen=True):
    """An `Extension` whose value is a code or a reference."""

    url: str = ""
    value_codeable_concept: Coded | None = None
    value_reference: Reference | None = None


#: SNOMED CT qualifiers of side.
_QUALIFIERS = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}


class SiteSaid(Coded, frozen=True):
    """`Condition.bodySite`, with its extensions: mCODE gives the side in one."""

    extension: tuple[Extended, ...] = ()

    @property
    def sided(self) -> str:
        """Its words, with the side where a qualifier gives it."""
        said = (one.value_codeable_concept for one in self.extension)
        codes = (coding for concept in said if concept for coding in concept.coding)
        return " ".join((self.words, *(_QUALIFIERS.get(one.code, one.display) for one in codes)))


class StageSaid(Part, frozen=True):
    """`Condition.stage`."""

    summary: Coded = NOT_SAID
    type: Coded = NOT_SAID
    assessment: tuple[Reference, ...] = ()


class ConditionSaid(Shape, frozen=True):
    """FHIR Condition."""

    identifier: tuple[Identifier, ...] = ()
    clinical_status: Coded = NOT_SAID
    verification_status: Coded = NOT_SAID
    category: tuple[Coded, ...] = ()
    severity: Coded = NOT_SAID
    code: Coded = NOT_SAID
    body_site: tuple[SiteSaid, ...] = ()
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
        if self.verification_status.has(IN_ERROR):
            state = IN_ERROR
        else:
            clinical = self.clinical_status
            state = clinical.coding[0].code if clinical.coding else clinical.text
        return self.says(
            self.code,
            happened=self.onset_date_time or (self.onset_period.start if self.onset_period else ""),
            written=self.recorded_date,
            state=state,
            by=named(self.asserter, self.recorder),
            tags=codings(self.category),
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


_SIDES = (
    ("bilateral", re.compile(r"\b(bilateral|both)\b")),
    ("left", re.compile(r"\bleft\b|\(l\)")),
    ("right", re.compile(r"\bright\b|\(r\)")),
)


def side_in(*texts: str) -> str:
    """`left`, `right`, `bilateral`, or "" when no text names one side."""
    text = " ".join(texts).lower()
    if "t" not in text and "(" not in text:
        return ""
    found = [side for side, word in _SIDES if word.search(text)]
    if "bilateral" in found or len(found) == 2:
        return "bilateral"
    return found[0] if found else ""


def most_specific(
    codes: tuple[Coding, ...], words: str, family: str
) -> tuple[Concept | None, Coding | None]:
    """The most specific concept the codings or else the words mean, and the coding that says so."""
    best: tuple[Concept | None, Coding | None] = (None, None)
    for coding in codes:
        found = concept(coding.system, coding.code)
        if found is not None and (best[0] is None or depth(found) > depth(best[0])):
            best = (found, coding)
    if best[0] is None and words:
        best = (concept_in_text(words, family), None)
    return best
