"""A composition or compound as the statements in it need it: looked through once, asked often.

A composition may hold tens of thousands of statements; to search its children for its author once
for each of them would take the square of the time.
"""

from dataclasses import dataclass

from wholerecord.intake.hl7v3.look import child, children, root, value
from wholerecord.intake.markup import Element

#: Compositions that gather what was not said in a consultation: no encounter is made of them.
_NO_ENCOUNTER = frozenset({"196391000000103", "196401000000100", "109341000000100"})


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """What holds statements. `hidden`: the patient may not be shown it; `role` is a specimen's."""

    element: Element
    root: str
    code: Element | None
    hidden: bool
    participants: tuple[Element, ...]
    authors: tuple[Element, ...]
    role: Element | None

    @property
    def is_consultation(self) -> bool:
        """Whether a composition is something that took place."""
        return value(self.code, "code") not in _NO_ENCOUNTER


def holder(at: Element) -> Holder:
    """What holds statements, looked through once."""
    return Holder(
        element=at,
        root=root(at),
        code=child(at, "code"),
        hidden=is_hidden(at),
        participants=tuple(children(at, "Participant")),
        authors=tuple(children(at, "author")),
        role=child(at, "specimen", "specimenRole"),
    )


def is_hidden(at: Element) -> bool:
    """Whether it is marked as not to be shown to the patient (HL7 confidentiality NOPAT)."""
    return value(child(at, "confidentialityCode"), "code") == "NOPAT"
