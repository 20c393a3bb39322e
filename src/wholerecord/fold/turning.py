"""What each source said of one medicine at a transfer of care, and what that makes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholerecord.fold.record import Word
from wholerecord.fold.same_dose import alike
from wholerecord.fold.standing import (
    GOES_ON,
    Standing,
    by_statement,
    newest_word_first,
)
from wholerecord.fold.transfer import Change, Turn
from wholerecord.nhs import PartialDate

_OVER, _HELD, _PLANNED, _UNSURE = Change.STOPPED, Change.HELD, Change.PLANNED, Change.UNSURE
#: Of several statements of one source, what counts: an order that goes on is not ended by the end
#: of another.
_FIRST = (None, _HELD, _OVER, _PLANNED, _UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When what is said is said at the transfer. Days are ordinals, both included.

    `admitted` is when the stay began, `at` when the transfer was: of an admission the same. From
    `at` on others than the hospital speak of it too, where it is a discharge (`leaving`). `first`
    is the first day of what the hospital says.
    """

    admitted: PartialDate
    at: PartialDate
    first: int
    last: int
    hospital: frozenset[str]
    leaving: bool

    def spoken(self, word: Word) -> bool:
        """Whether the word is of the transfer."""
        if word.says == "ended" and word.ended is not None:
            day = word.ended.day.toordinal()
            if day <= self.last:
                return day >= self.admitted.day.toordinal()
        if word.place == ("ward" if self.leaving else "home"):
            return False
        inside = word.said.source in self.hospital
        if not inside and not self.leaving:
            return False
        return self._begins(word, inside=inside) or self._again(word, inside=inside)

    def _begins(self, word: Word, *, inside: bool) -> bool:
        if word.since is None:
            return False
        day = word.since.day.toordinal()
        if day > self.last:
            return False
        if inside:
            first = self.admitted.day.toordinal() if word.place == "home" else self.first
            return day >= first
        return _from(word.since, self.at)

    def _again(self, word: Word, *, inside: bool) -> bool:
        """Whether it had begun, and was said once more."""
        if word.since is None or word.told is None or word.since.day.toordinal() > self.last:
            return False
        day = word.told.day.toordinal()
        if inside:
            return self.first <= day <= self.last
        return _from(word.told, self.at)


def _from(said: PartialDate, at: PartialDate) -> bool:
    if said.precision == at.precision == "moment":
        return said.start >= at.start
    return said.day >= at.day


def turns_of(
    words: Sequence[Word], window: Window, before: Standing, *, heard: bool
) -> tuple[Turn, ...]:
    """The turn of each source that said anything of it at the transfer, by the source's name."""
    spoken: dict[str, list[Word]] = {}
    for word in words:
        if window.spoken(word):
            spoken.setdefault(word.said.source, []).append(word)
    return tuple(
        _turn(source, spoken[source], window, before, heard=heard) for source in sorted(spoken)
    )


def _turn(
    source: str, words: Sequence[Word], window: Window, before: Standing, *, heard: bool
) -> Turn:
    lasts = newest_word_first(versions[-1] for versions in by_statement(words))
    state = min((_state(word, window) for word in lasts), key=_FIRST.index)
    counting = [word for word in lasts if _state(word, window) is state]
    said = (word.doses for word in counting if word.doses and word.says != "given")
    doses = next(said, ())
    change = state or _going(source, doses, before, heard=heard)
    dates = [
        one
        for word in counting
        if (one := (word.ended if state is _OVER else None) or word.since or word.told)
    ]
    return Turn(
        source=source,
        change=change,
        doses=doses,
        at=min(dates, default=None),
        because=next((word.because for word in counting if word.because), ""),
        words=tuple(words),
    )


def _state(word: Word, window: Window) -> Change | None:
    """How it stood by the end of the window; None: it went on."""
    over = word.ended is not None and word.ended.day.toordinal() <= window.last
    match word.says:
        case "ended":
            # Where nobody says when, it went on until some day after it was begun.
            return None if not over else _OVER
        case "on hold":
            return _HELD
        case "planned":
            return _PLANNED
        case "":
            return _UNSURE
        case _:
            return _OVER if over and word.says in GOES_ON else None


def _going(source: str, doses: Sequence[str], before: Standing, *, heard: bool) -> Change:
    if not before.sure:
        return Change.STARTED if heard and not before.unsure else _UNSURE
    own = [word for word in before.sure if word.said.source == source] or before.sure
    theirs = [word.doses for word in own if word.doses]
    if not doses or not theirs:
        return Change.DOSE_UNKNOWN
    return Change.CARRIED_ON if any(alike(doses, one) for one in theirs) else Change.CHANGED


def more_than_ends(turns: Iterable[Turn]) -> bool:
    """Whether anything is told but that what nobody had told of ended."""
    words = (word for turn in turns for word in turn.words)
    return any(word.says != "ended" or word.ended is None for word in words)
