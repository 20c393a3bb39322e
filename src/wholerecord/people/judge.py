"""What the evidence between two patients allows: rules first, weights where no rule speaks.

The NHS number is strong evidence, not proof; some pairs that weigh much are not one person: twins,
mother and baby, father and son of one name, two people with one number. A rule that speaks against
a pair is a veto: it holds for the whole person, whatever other patients of theirs say.

Source: ISB 0149, NHS Number (a number is relied on once it is traced and verified together with
other demographics); the traps are those known from linking hospital records, twins and newborn
babies above all. A demonstration until a clinical safety officer signs.
"""

import msgspec

from wholerecord.people.compare import Likeness, compare
from wholerecord.people.link import Outcome, Part
from wholerecord.people.traits import Traits
from wholerecord.people.weigh import CERTAIN, POSSIBLE, parts_of

#: Whole years between two dates of birth from which one could be the other's parent.
_GENERATION = 12

_FAMILY_AGREES = frozenset({"exact", "part", "alike", "swapped"})
_GIVEN_AGREES = frozenset({"exact", "nickname", "alike", "middle", "swapped"})
_GIVEN_SURE = frozenset({"exact", "nickname", "swapped"})
_BORN_SAME = frozenset({"exact", "exact_january"})
_NUMBER_SAME = frozenset({"same_verified", "same"})


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one pair allows. With `veto`, the pair can never be joined by rule.

    A struct and not a dataclass because one is made of every candidate of every newcomer.
    """

    outcome: Outcome
    weight: float
    parts: tuple[Part, ...]
    why: str
    veto: bool = False


def judge(one: Traits, other: Traits) -> Verdict:
    """What the evidence that two patients are one person allows, and why. Symmetric."""
    like = compare(one, other)
    parts = parts_of(like)
    weight = sum([part.weight for part in parts])
    vetoed = _veto(like, weight)
    outcome, why = vetoed or _allowed(like, weight)
    return Verdict(outcome=outcome, weight=weight, parts=parts, why=why, veto=vetoed is not None)


def _veto(like: Likeness, weight: float) -> tuple[Outcome, str] | None:
    """The rule that forbids joining, if one does: POSSIBLE where people should look, else NONE."""
    same_number = like.nhs_number in _NUMBER_SAME
    if like.nhs_number == "different_verified":
        alike = _names_agree(like) and like.born in _BORN_SAME
        return _look(alike), "both have a verified NHS number and the two differ"
    if like.years >= _GENERATION and like.born != "slip":
        return _look(same_number), "the dates of birth are a generation apart"
    if like.years >= _GENERATION and not (same_number and _names_agree(like)):
        alike = same_number or (_names_agree(like) and _reached(like))
        return _look(alike), "the dates of birth are a generation apart, if neither is a slip"
    if like.given == "different" and like.sex == "different":
        return _look(same_number), "the given name and the sex differ"
    if like.birth_order == "different" and like.born in _BORN_SAME:
        why = "the date of birth is the same and the birth order is not: they are twins"
        return _look(same_number), why
    if like.given == "different" and like.born in _BORN_SAME:
        twins = weight >= POSSIBLE and _reached(like) and like.nhs_number != "different"
        why = "the date of birth is the same and the given name is not: they may be twins"
        return _look(same_number or twins), why
    return None


def _look(worth_it: bool) -> Outcome:  # noqa: FBT001 - reads as "look if ..."
    return Outcome.POSSIBLE if worth_it else Outcome.NONE


def _allowed(like: Likeness, weight: float) -> tuple[Outcome, str]:
    if like.nhs_number == "same_verified":
        return _by_verified_number(like)
    if like.nhs_number == "same":
        if like.born in _BORN_SAME and _names_agree(like):
            why = "the NHS number is the same, and name and date of birth agree"
            return Outcome.CERTAIN, why
        why = "the NHS number is the same, not verified, and name or date of birth does not agree"
        return Outcome.POSSIBLE, why
    if _strong(like) and weight - min(_number_weight(like), 0) >= CERTAIN:
        return Outcome.CERTAIN, _despite(like)
    if weight >= POSSIBLE:
        return Outcome.POSSIBLE, "much agrees, and not enough to be certain"
    return Outcome.NONE, "too little agrees"


def _by_verified_number(like: Likeness) -> tuple[Outcome, str]:
    """The same verified number links only if the date of birth or the name agrees."""
    if like.born == "exact" or (like.born == "exact_january" and like.family in _FAMILY_AGREES):
        return Outcome.CERTAIN, "the NHS number is verified and the date of birth agrees"
    if _names_agree(like):
        return Outcome.CERTAIN, "the NHS number is verified and the name agrees"
    nothing = "the NHS number is the same and neither the date of birth nor the name agrees"
    return Outcome.POSSIBLE, f"{nothing}: it may be somebody else's number"


def _strong(like: Likeness) -> bool:
    """Name, date of birth and a way to reach them agree, and nothing speaks against it.

    A given name that is only alike does not do: twins are often called so.
    """
    return (
        like.born in _BORN_SAME
        and like.given in _GIVEN_SURE
        and like.family in _FAMILY_AGREES
        and like.sex != "different"
        and _reached(like)
    )


def _reached(like: Likeness) -> bool:
    """Whether an address or a number to call is the same."""
    return like.postcode in {"same", "past"} or "same" in {like.phone, like.email}


def _names_agree(like: Likeness) -> bool:
    return like.family in _FAMILY_AGREES and like.given in _GIVEN_AGREES


def _number_weight(like: Likeness) -> float:
    """What the NHS numbers weigh when they differ: a strong pair need not outweigh a mistype."""
    return next((part.weight for part in parts_of(like) if part.comparison == "NHS number"), 0.0)


def _despite(like: Likeness) -> str:
    agree = "name, date of birth and a way to reach them agree"
    match like.nhs_number:
        case "different":
            return f"{agree}; the NHS numbers differ, so one is mistyped"
        case "mistyped" | "same_bad":
            return f"{agree}, and so do the NHS numbers but for one that fails its check"
        case _:
            return agree
