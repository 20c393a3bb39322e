"""What trying a proposal found, in words that a board can read."""

from wholerecord.access.simulate import Differs
from wholerecord.access.simulating import Tried
from wholerecord.consent.plain import KINDS, LABELS, WHAT, WHY
from wholerecord.consent.rule import View


def differs_in_words(one: Differs) -> str:
    """A difference as a sentence."""
    verb = "would see" if one.gains else "would no longer see"
    return f"{one.who} {verb} {what_in_words(one)} {WHY[one.purpose]}."


def what_in_words(one: Differs) -> str:
    """What is seen, or no longer: kinds, with their sensitivity, or a view of the whole."""
    kinds = [what for what in one.what if not what.startswith(("view ", "part "))]
    whole = [
        WHAT[View(which)] if word == "view" else which
        for word, _, which in (what.partition(" ") for what in one.what if what not in kinds)
    ]
    if set(kinds) == KINDS.keys():
        parts = ["entries of every kind"]
    else:
        parts = [KINDS[kind] for kind in kinds]
    about = f" about {LABELS[one.label]}" if one.label else ""
    said = f"{', '.join(parts)}{about}" if parts else ""
    return "; ".join(each for each in (said, *whole) if each)


def people_in_words(tried: Tried) -> str:
    """Of how many people, without a name."""
    of_all = "" if tried.looked_at == tried.people else f" (of {tried.people} there are)"
    return (
        f"Of {tried.looked_at} people looked at{of_all}, more would be seen of {tried.gaining} "
        f"and less of {tried.losing}."
    )
