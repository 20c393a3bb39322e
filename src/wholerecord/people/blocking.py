"""Blocking keys: two patients who share one are worth comparing, and no others are.

A key is a hash of its kind and its parts. It is no pseudonym: whoever can try every NHS number can
undo it, so keys stay where the identifiers are.

A birthday of 1 January often stands for "day not known", so with one name alone it does not block.
"""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple

from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people.demographics import Demographics
from wholerecord.people.names import MOST, families, givens, parts, sound, words
from wholerecord.remembered import recalls

#: A key that more patients share than this tells nobody apart (a feed whose every patient is born
#: on 1 January 1900 would be compared with itself): it is not used to find candidates.
CROWD = 100


class Keys(NamedTuple):
    """The signed 64-bit keys of a patient, sorted, each once.

    `linking` are those by which candidates for a link are looked up. `kept` are these and those
    for finding only: a name without a date of birth, or with 1 January, has thousands of bearers.
    """

    linking: tuple[int, ...]
    kept: tuple[int, ...]


def keys_of(demographics: Demographics) -> Keys:
    """The keys to link a patient by, and those to keep of them: for linking and finding."""
    heard = _heard(demographics)
    linking = {*_linking(demographics, heard)}
    kept = {*linking, *_finding(heard)}
    return Keys(linking=tuple(sorted(linking)), kept=tuple(sorted(kept)))


def keys(demographics: Demographics) -> tuple[int, ...]:
    """The keys to keep for a patient: see `Keys.kept`."""
    return keys_of(demographics).kept


def linking_keys(demographics: Demographics) -> tuple[int, ...]:
    """The keys by which candidates for a link are looked up: see `Keys.linking`."""
    return tuple(sorted({*_linking(demographics, _heard(demographics))}))


def search_keys(
    *,
    nhs_number: NhsNumber | None = None,
    names: tuple[str, ...] = (),
    born: PartialDate | None = None,
) -> tuple[int, ...]:
    """The keys a search uses; empty when too little is given to search by. `names` in any order.

    The number; else any name with the date of birth; else any two names.

    >>> search_keys(names=("Example",))
    ()
    """
    if nhs_number is not None:
        return (_key("number", nhs_number.digits),)
    heard = sorted({sound(word) for name in names[:MOST] for word in words(name)[:MOST]})
    if born is not None:
        found = {_key("name born", name, day) for name in heard if (day := _day(born))}
    else:
        found = {_key("names", *pair) for pair in combinations(heard, 2)}
    return tuple(sorted(found))


class _Heard(NamedTuple):
    """How the family names (whole and in parts) and the first given names sound, and the birthday.

    `named` are the keys of each of these names with the birthday, linked by or not.
    """

    family: set[str]
    given: set[str]
    initials: set[str]
    day: str
    named: list[int]


def _heard(said: Demographics) -> _Heard:
    called = givens(said)
    family = {heard for each in families(said) for heard in _sounds(each)}
    given = {sound(each[0]) for each in called}
    day = _day(said.born)
    # Family and given names share a kind, so that exchanged names still meet.
    named = [_key("name born", name, day) for name in family | given] if day else []
    return _Heard(family, given, {each[0][0] for each in called}, day, named)


def _linking(said: Demographics, heard: _Heard) -> Iterator[int]:
    if said.nhs_number is not None:
        yield _key("number", said.nhs_number.digits)
    family, given, initials, day, named = heard
    postcodes = {each.postcode for each in said.addresses[:MOST] if each.postcode}
    if day:
        for postcode in postcodes:
            yield _key("postcode born", postcode, day)
        if _first_of_january(day):
            yield from (_key("names born", *pair, day) for pair in _pairs(family, given))
        else:
            yield from named
            if turned := _turned(day):
                yield from (_key("family born turned", name, turned) for name in family)
    for postcode in postcodes:
        yield from (
            _key("postcode name initial", postcode, name, initial)
            for name in family
            for initial in initials
        )


def _finding(heard: _Heard) -> Iterator[int]:
    """What somebody who searches may know, however common it is."""
    yield from heard.named
    yield from (_key("names", *pair) for pair in _pairs(heard.family, heard.given))


@recalls()
def _sounds(family: tuple[str, ...]) -> frozenset[str]:
    """How a family name sounds, whole and in parts."""
    return frozenset(map(sound, parts(family)))


def _pairs(family: set[str], given: set[str]) -> set[tuple[str, ...]]:
    """A family and a given name, either way round."""
    return {tuple(sorted({one, other})) for one in family for other in given}


def _day(born: PartialDate | None) -> str:
    """The date of birth when its day is known, else ""."""
    return born.text if born is not None and born.precision == "day" else ""


def _first_of_january(day: str) -> bool:
    return day.endswith("-01-01")


def _turned(day: str) -> str:
    """One form for a date and the same date with day and month exchanged; "" when it has none."""
    year, month, of_month = day.split("-")
    return "-".join((year, *sorted((month, of_month)))) if of_month <= "12" else ""


def _key(kind: str, *said: str) -> int:
    digest = blake2b("\0".join((kind, *said)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
