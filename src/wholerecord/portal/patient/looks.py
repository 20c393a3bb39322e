"""Who looked at a record, as the person whose record it is reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wholerecord.audit import Opening
from wholerecord.consent import Purpose, View
from wholerecord.portal.shared import words

_PURPOSES = {
    Purpose.DIRECT_CARE.value: "to care for you",
    Purpose.OWN_RECORD.value: "as the person it is about, or for them",
    Purpose.ADMINISTRATION.value: "for administration, such as booking",
    Purpose.SAFETY_REVIEW.value: "to check that the record is right and was used rightly",
    Purpose.PLANNING.value: "to plan services, without your name",
    Purpose.RESEARCH.value: "for research, without your name",
    Purpose.EMERGENCY.value: "in an emergency",
}
_VIEWS = {
    View.FIND.value: "your line in a list of people",
    View.DEMOGRAPHICS.value: "your name, address and date of birth",
    View.RECORD.value: "your record",
    View.PROVENANCE.value: "where one line of your record came from",
    View.MESSAGE.value: "an original message about you",
    View.OPENINGS.value: "who looked at your record",
    View.RULES.value: "who may see your record",
    View.DESK.value: "work on messages about you",
    View.RULING.value: "a decision about what your record says, or whose it is",
    View.SAY.value: "something written about you",
    View.REGISTER.value: "somebody new registered",
    View.COUNT.value: "a count of many people",
    View.SIGN_IN.value: "nothing yet: you signed in",
    View.CLAIM.value: "nothing yet: they said that they care for you, and why",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look, in plain words. `given` is the reason they typed, "" for none."""

    at: str
    who: str
    role: str
    at_place: str
    what: str
    why: str
    allowed: bool
    reason: str
    emergency: bool
    given: str
    mine: bool


def looks(openings: Sequence[Opening], *, me: str, places: Mapping[str, str]) -> tuple[Look, ...]:
    """Every look that was written down, in the order given; refused ones too.

    `places` are the names of organisations by ODS code.
    """
    return tuple(
        Look(
            at=words.moment(opening.at),
            who=_you(opening.name) if opening.actor == me else opening.name,
            role=opening.role,
            at_place=f" at {places.get(opening.organisation, opening.organisation)}"
            if opening.organisation
            else "",
            what=_VIEWS.get(opening.view, opening.view),
            why=_PURPOSES.get(opening.purpose, opening.purpose),
            allowed=opening.allowed,
            reason=opening.reason.rstrip("."),
            emergency=opening.purpose == Purpose.EMERGENCY.value,
            given=opening.given,
            mine=opening.actor == me,
        )
        for opening in openings
    )


def _you(name: str) -> str:
    """Whoever reads of their own look, and through which app it was.

    >>> _you("Ada Lovelace"), _you("Ada Lovelace, through Chart")
    ('You', 'You, through Chart')
    """
    _, through, app = name.partition(", through ")
    return f"You{through}{app}"
