"""Statements that there is none of a kind, with who answers for what software said."""

from collections.abc import Sequence
from dataclasses import dataclass

from wholerecord.access import Opened
from wholerecord.care.titles import titles_of
from wholerecord.fold import Kind, Ruling
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.provenance import RulingLine, SaidLine, ruling_line, said_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """One statement that there is none. `unverified`: only software said it, and nobody answers."""

    said: SaidLine
    unverified: bool
    rulings: tuple[RulingLine, ...]


def denials(
    opened: Opened, kind: Kind, rulings: Sequence[Ruling], links: Links
) -> tuple[Denial, ...]:
    """What was said to be none of `kind`, in the record's order, with who answered for it."""
    titles = titles_of(opened.feeds)
    return tuple(
        Denial(
            said=said_line(one.said, titles, links),
            unverified=one.unverified,
            rulings=tuple(ruling_line(each) for each in rulings if each.n in one.attested),
        )
        for one in opened.record.negatives
        if one.kind is kind
    )
