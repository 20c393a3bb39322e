"""Codes that few people have, told as wider ones: step by step, until enough have what is told.

A code that one person in an extract has, names them to whoever knows of it. So each code of fewer
than `RARE` people becomes the next wider one, and theirs count together; at the top of its
hierarchy it is left out. A code that enough people have is told as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wholerecord.research.singling.wider import Code, wider

#: People whom a code must have to be told: as few as a cell of a table that is shown.
RARE = 10
#: No hierarchy in use is as deep.
_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What each code is told as: None is left out. A code that is not there is told as it is."""

    codes: Mapping[Code, Code | None]

    def says(self) -> str:
        """How many codes were told less exactly, and how many not at all."""
        out = sum(told is None for told in self.codes.values())
        return (
            f"{len(self.codes) - out:,} codes of fewer than {RARE} people are told as wider ones,"
            f" and {out:,} that have none are left out."
        )


def rolled_up(have: Iterable[tuple[Code, frozenset[int]]], *, rare: int = RARE) -> Told:
    """What is told of codes, each with who has it. Sets of `rare` people or more need not be whole.

    After it every code that is told has at least `rare` people; the codes' order changes nothing.
    """
    people = {code: set(who) for code, who in have}
    told: dict[Code, Code | None] = {code: code for code in people}
    stands_for = {code: {code} for code in people}
    for _ in range(_DEEPEST):
        few = sorted(code for code, who in people.items() if len(who) < rare)
        if not few:
            break
        moving = [(wider(*code), people.pop(code), stands_for.pop(code)) for code in few]
        for up, who, meant in moving:
            for code in meant:
                told[code] = up
            if up is not None:
                people.setdefault(up, set()).update(who)
                stands_for.setdefault(up, set()).update(meant)
    for code, who in people.items():
        if len(who) < rare:
            told.update(dict.fromkeys(stands_for[code], None))
    return Told(codes={code: up for code, up in told.items() if up != code})
