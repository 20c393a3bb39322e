"""How a line of therapy stood before somebody came into hospital, by what each statement said.

Nothing is taken for current that nobody has renewed for as long as the policy believes, and nothing
for ended of which only that is known: both may be so.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from wholerecord.fold.record import Word
from wholerecord.nhs import PartialDate

#: What says that a therapy goes on. A dose that was given says only that it was, that day.
GOES_ON = frozenset({"current", "on hold", "handed out"})
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """The words, newest first, by which it was taken (`sure`), and by which it may have been.

    `said`: somebody had said something of it, be it that it had ended.
    """

    sure: tuple[Word, ...]
    unsure: tuple[Word, ...]
    said: bool


def standing(words: Iterable[Word], at: PartialDate, hospital: Collection[str]) -> Standing:
    """How it stood before `at`. A word of the hospital's own on that day is of the stay.

    What was for the ward of an earlier stay is taken nowhere else.
    """
    sure: list[Word] = []
    unsure: list[Word] = []
    said = False
    for versions in by_statement(word for word in words if word.place != "ward"):
        last, certain = _last_before(versions, at, hospital)
        if last is None:
            continue
        said = True
        newest = versions[-1]
        if newest.says == "ended" and newest.ended is not None and _over(newest.ended, at):
            continue
        stood = _stood(last, at) if certain else None
        if stood is not False:
            (unsure if stood is None else sure).append(last)
    return Standing(newest_word_first(sure), newest_word_first(unsure), said)


def by_statement(words: Iterable[Word]) -> list[list[Word]]:
    """The versions of each statement, the first known first."""
    found: dict[tuple[object, ...], list[Word]] = {}
    for word in words:
        found.setdefault(word.said.id_key, []).append(word)
    return [*found.values()]


def newest_word_first(words: Iterable[Word]) -> tuple[Word, ...]:
    """By when it held from, then by when it was said, then by address: never by arrival."""
    return tuple(sorted(words, key=_newness, reverse=True))


def is_before(said: PartialDate, at: PartialDate, *, inside: bool = False) -> bool | None:
    """Whether a date is before a transfer; None where it can be either.

    A day and no more is before a moment of that day, unless it is `inside`: the hospital's own.
    """
    if not inside and said.precision == at.precision == "moment":
        return said.start < at.start
    if said.precision in ("year", "month") and said.day <= at.day <= said.last_day:
        return None
    return said.day < at.day or (said.day == at.day and not inside)


def _last_before(
    versions: Sequence[Word], at: PartialDate, hospital: Collection[str]
) -> tuple[Word | None, bool]:
    """The last version that held before, and whether that is certain."""
    perhaps: Word | None = None
    for word in reversed(versions):
        if word.since is None:
            perhaps = perhaps or word
            continue
        before = is_before(word.since, at, inside=word.said.source in hospital)
        if before:
            return word, perhaps is None
        if before is None:
            perhaps = perhaps or word
    return perhaps, False


def _stood(word: Word, at: PartialDate) -> bool | None:
    """Whether it was taken then; None where it may have been."""
    past = word.until is not None and word.until < at.day
    if word.says == "ended":
        if word.ended is None:
            return False if past else None
        over = _over(word.ended, at)
        return None if over is None else not over
    if word.says in GOES_ON:
        over = _over(word.ended, at) if word.ended else False
        return False if over else None if past or over is None else True
    if word.says == "given":
        return False if past else None
    return False if word.says == "planned" else None


def _over(ended: PartialDate, at: PartialDate) -> bool | None:
    """Whether it had ended before the day: what ended on it was taken until then."""
    return is_before(ended, at, inside=True)


def _newness(word: Word) -> tuple[datetime, datetime, tuple[object, ...], int, int]:
    since, told, said = word.since, word.told, word.said
    return (
        since.start if since else _NEVER,
        told.start if told else _NEVER,
        said.id_key,
        said.t,
        said.n,
    )
