"""The same letter rendered again: all that one says stands in the other.

A practice that files a hospital's letter often prints it anew, with a line of its own, under its
own number. Demonstration rule until a clinical safety officer signs it.
"""

from collections.abc import Callable
from typing import TypeVar

from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Group, Told

S = TypeVar("S", bound=Shape)

#: With how many of one type and day a letter is compared: a long record stays linear.
_MOST = 8
#: How long the part of a date is that says the day.
_DAY = len("2019-03-02")
#: Why the two are one.
PRINTED_AGAIN = "The same document: same type and day, and all that one says stands in the other."


def with_printed_again(
    groups: list[Group[S]], text_of: Callable[[Told[S]], str], least: float
) -> list[Group[S]]:
    """`groups`, oldest first, with those of one letter from two sources together.

    Texts of fewer than `least` characters ("Seen and well.") say too little to be known again.
    """
    alike: dict[tuple[str, str], list[Group[S]]] = {}
    for group in groups:
        said = group.told[0].said
        if said.when is not None and len(said.when.text) >= _DAY:
            kind = said.codes[0].code if said.codes else said.words.lower()
            alike.setdefault((kind, said.when.text[:_DAY]), []).append(group)
    joined: set[int] = set()
    for those in alike.values():
        if len(those) == 1:
            continue
        kept: list[tuple[Group[S], str]] = []
        for group in those:
            words = " ".join(text_of(group.told[0]).split())
            same = [known for known, held in kept[-_MOST:] if _within(words, held, least)]
            if len(same) == 1 and all(same[0].is_new_to(one) for one in group.told):
                for one in group.told:
                    same[0].add(one, PRINTED_AGAIN)
                joined.add(id(group))
            else:
                kept.append((group, words))
    return [group for group in groups if id(group) not in joined]


def _within(one: str, other: str, least: float) -> bool:
    less, more = sorted((one, other), key=len)
    return len(less) >= least and less in more
