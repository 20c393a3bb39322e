"""What one statement says about a condition.

Source: FHIR R4 Condition and FamilyMemberHistory; condition-clinical, condition-ver-status.
"""

import re
from datetime import datetime

import msgspec

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
from wholerecord.fold.told import Around, Told
from wholerecord.terms import Concept, concept, concept_in_text, plain
from wholerecord.terms.relate import depth


class ConditionSaid(Shape, frozen=True):
    """FHIR Condition."""

    identifier: tuple[Identifier, ...] = ()
    clinical_status: Coded = NOT_SAID
    verification_status: Coded = NOT_SAID
    category: tuple[Coded, ...] = ()
    severity: Coded = NOT_SAID
    code: Coded = NOT_SAID
    body_site: tuple[Coded, ...] = ()
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
    relationship: Coded = NOT_SAID
    condition: tuple[Relative, ...] = ()

    def heard(self) -> Heard:
        words = ", ".join(one.code.words for one in self.condition)
        return self.says(
            self.condition[0].code if self.condition else NOT_SAID,
            f"{self.relationship.words}: {words}" if self.relationship.words else words,
            written=self.date,
            state=self.status,
        )


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A statement about a condition, ready to compare. `name` stands in for a missing concept."""

    told: Told[ConditionSaid | FamilySaid]
    concept: Concept | None
    code: Coding | None
    name: str
    certainty: str
    side: str
    start: datetime | None
    hospital: bool
    listed: bool


_CERTAINTY = {
    "refuted": "refuted",
    "provisional": "suspected",
    "differential": "suspected",
    "unconfirmed": "suspected",
}
_FAMILY = re.compile(r"^(family history|fh\b|f/h\b)")
_SUSPECTED = re.compile(r"^(suspected|query|possible|\?)")
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


def diagnosis(told: Told[ConditionSaid | FamilySaid], around: Around) -> Diagnosis:
    """`told` ready to compare with others."""
    known = around.prepared.get(told.key)
    if known is None:
        known = around.prepared[told.key] = _diagnosis(told)
    return known


def _diagnosis(told: Told[ConditionSaid | FamilySaid]) -> Diagnosis:
    body, said = told.body, told.said
    found, coding = most_specific(said.codes, said.words, "condition")
    words = plain(said.words)
    if isinstance(body, FamilySaid):
        certainty, side, hospital, listed = "family", "", False, False
    else:
        status = body.verification_status
        certainty = next(
            (_CERTAINTY[c.code] for c in status.coding if c.code in _CERTAINTY), "confirmed"
        )
        if _FAMILY.match(words):
            certainty = "family"
        elif certainty == "confirmed" and _SUSPECTED.match(words):
            certainty = "suspected"
        side = side_in(
            said.words, *(site.words for site in body.body_site), *(c.display for c in said.codes)
        )
        hospital = any(one.has("encounter-diagnosis") for one in body.category)
        listed = any(one.has("problem-list-item") for one in body.category)
    at = told.at
    coding = coding or (said.codes[0] if said.codes else None)
    name = f"{coding.system}|{coding.code}" if coding and coding.code else words
    return Diagnosis(
        told=told,
        concept=found,
        code=coding,
        name=name,
        certainty=certainty,
        side=side,
        start=at.start if at else None,
        hospital=hospital,
        listed=listed,
    )
