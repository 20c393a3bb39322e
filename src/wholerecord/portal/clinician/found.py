"""The lines of a list of people who were found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wholerecord.access import Found
from wholerecord.people import Demographics
from wholerecord.portal.shared import words


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """One person found. `related`: the organisation of whoever asks is caring for them."""

    href: str
    name: str
    born: str
    nhs_number: str
    sex: str
    postcode: str
    related: bool


def found_lines(found: Sequence[Found], today: date) -> tuple[FoundLine, ...]:
    """A line for each person: those cared for here first, then by name."""
    lines = [_line(one, today) for one in found]
    return tuple(sorted(lines, key=lambda line: (not line.related, line.name, line.href)))


def _line(found: Found, today: date) -> FoundLine:
    said = [member.demographics for member in found.members]
    born = next((who.born for who in said if who.born), None)
    number = next((who.nhs_number for who in said if who.nhs_number), None)
    return FoundLine(
        href=f"/people/{found.person}",
        name=next((str(who.name) for who in said if who.name), "Name not said"),
        born=f"{born.say()} ({words.age(born, today)})" if born else "not said",
        nhs_number=str(number) if number else "not known",
        sex=words.sex(next((who.sex for who in said if who.sex), "")),
        postcode=_postcode(said),
        related=found.related,
    )


def _postcode(said: Sequence[Demographics]) -> str:
    """Where they live, in outline; nothing at all when any source restricts it."""
    if any(who.restricted for who in said):
        return "withheld"
    addresses = [address for who in said for address in who.addresses]
    return next((address.postcode for address in addresses if address.postcode), "not said")
