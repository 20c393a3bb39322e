"""What somebody types to find a person, and who it fits.

One box: an NHS number, or names with or without a date of birth, in any order.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people.blocking import search_keys
from wholerecord.people.demographics import Demographics

_DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y")
_NUMBER = re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked for. Empty when the text says none of these."""

    nhs_number: NhsNumber | None = None
    names: tuple[str, ...] = ()
    born: PartialDate | None = None

    @classmethod
    def of(cls, text: str) -> "Search":
        """Read what was typed. Digits that are no NHS number are left out.

        >>> Search.of("999 000 0018").nhs_number
        NhsNumber(digits='9990000018')
        >>> Search.of("Okafor, Grace 02/03/1948").born.say()
        '2 Mar 1948'
        """
        text = text[:_LONGEST]
        number = None
        if match := _NUMBER.search(text):
            number = NhsNumber.parse(match[0])
            text = text.replace(match[0], " ")
        born: PartialDate | None = None
        names: list[str] = []
        for word in re.split(r"[\s,;]+", text):
            if day := _day(word):
                born = day
            elif any(letter.isalpha() for letter in word):
                names.append(word)
        return cls(nhs_number=number, names=tuple(names), born=born)

    @property
    def keys(self) -> tuple[int, ...]:
        """The blocking keys that everybody it can mean has one of; none when it says too little."""
        return search_keys(nhs_number=self.nhs_number, names=self.names, born=self.born)


def agrees(search: Search, who: Demographics) -> bool:
    """Whether everything asked for is so of this patient: number, day of birth, every name."""
    if search.nhs_number and search.nhs_number != who.nhs_number:
        return False
    if search.born and (who.born is None or who.born.day != search.born.day):
        return False
    said = {
        part.casefold()
        for name in who.names
        for whole in (name.family, *name.given)
        for part in (whole, *re.split(r"[\s-]+", whole))
    }
    fits = all(any(part.startswith(asked.casefold()) for part in said) for asked in search.names)
    return fits and bool(search.nhs_number or search.names)


def _day(word: str) -> PartialDate | None:
    for pattern in _DATE_FORMATS:
        try:
            day = datetime.strptime(word, pattern)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return PartialDate.parse(f"{day:%Y-%m-%d}")
    return None
