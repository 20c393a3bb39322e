"""A statement about a condition, ready to compare: concept, certainty, side, when, how it is told.

"History of stroke" tells of a stroke long past: it is evidence of that one, never a new one. Which
words and codes mean so is in `policy.json`.
"""

import re
from datetime import datetime, timedelta

import msgspec

from wholerecord.fold.condition_said import (
    ConditionSaid,
    FamilySaid,
    most_specific,
    side_in,
)
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Coding
from wholerecord.fold.told import Around, Told
from wholerecord.nhs import PartialDate
from wholerecord.terms import CONCEPTS, Concept, concept_in_text, plain
from wholerecord.terms.systems import SYSTEMS


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A statement about a condition, ready to compare. `name` stands in for a missing concept.

    `start` and `until` are the earliest and the latest it can have begun: of "2019" a year apart.
    `history`: it retells something past; its start is then when that was, None when not said.
    """

    told: Told[ConditionSaid | FamilySaid]
    concept: Concept | None
    code: Coding | None
    name: str
    certainty: str
    side: str
    start: datetime | None
    until: datetime | None
    hospital: bool
    listed: bool
    history: bool


_CERTAINTY = {
    "refuted": "refuted",
    "provisional": "suspected",
    "differential": "suspected",
    "unconfirmed": "suspected",
}
_FAMILY = re.compile(r"^(family history|fh\b|f/h\b)")
_HISTORY = re.compile(
    r"^(?:past |personal |previous )?(?:medical )?(?:history of|h/o:?|hx of|previous|old) +"
)
_SUSPECTED = re.compile(r"^(suspected|query|possible|\?)")


def diagnosis(told: Told[ConditionSaid | FamilySaid], around: Around) -> Diagnosis:
    """`told` ready to compare with others."""
    known = around.prepared.get(told.key)
    if known is None:
        known = around.prepared[told.key] = _diagnosis(told, around.policy)
    return known


def _diagnosis(told: Told[ConditionSaid | FamilySaid], rules: Policy) -> Diagnosis:
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
            said.words, *(site.sided for site in body.body_site), *(c.display for c in said.codes)
        )
        hospital = any(one.has("encounter-diagnosis") for one in body.category)
        listed = any(one.has("problem-list-item") for one in body.category)
    retold = _retold(told, words, rules) if certainty == "confirmed" else None
    if retold is not None:
        found = retold
    at = _past(told, rules) if retold else told.at
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
        until=_until(at) if at else None,
        hospital=hospital,
        listed=listed,
        history=retold is not None,
    )


def _retold(told: Told[ConditionSaid | FamilySaid], words: str, rules: Policy) -> Concept | None:
    """The acute condition that `told` says was had in the past, None when it does not say so."""
    codes = rules.history_codes
    for coding in told.said.codes:
        name = codes.get(f"{SYSTEMS.get(coding.system)}|{coding.code}")
        if name is not None:
            return CONCEPTS[name]
    past = _HISTORY.match(words)
    if past is None:
        return None
    found = concept_in_text(words[past.end() :], "condition")
    return found if found is not None and found.course == "acute" else None


def _past(told: Told[ConditionSaid | FamilySaid], rules: Policy) -> PartialDate | None:
    """When what is retold was; None where the only date is that of the telling, or near it."""
    when, written = told.said.when, told.said.recorded
    if when is None or (written is None and when.precision in {"day", "moment"}):
        return None
    if written is not None and when.start > written.start - timedelta(days=rules.history_days):
        return None
    return when


def _until(at: PartialDate) -> datetime:
    """The last moment that the date can mean, of a day its start: days are compared by starts."""
    match at.precision:
        case "year":
            return at.start + timedelta(days=364)
        case "month":
            return at.start + timedelta(days=29)
        case _:
            return at.start
