"""What short texts mean, remembered: worked out once for each.

A source says the same names, numbers and words again and again. One that says a megabyte where a
name belongs must not fill the memory, so a long text is worked out anew whenever it is asked for.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar, cast

import msgspec

P = ParamSpec("P")
T = TypeVar("T")

#: How many texts are remembered, and up to how many characters of one.
_MOST, _LONGEST = 65536, 256


class Remembered(dict[str, T]):
    """What `meaning` makes of a text, by text: a dictionary that answers any text it is asked for.

    Nothing is let go of until it is full, and then all. Safe in threads: at worst two work out the
    same. Quick as a dictionary is, for looking is all it does of a text it knows.

    >>> seen = Remembered(str.upper)
    >>> seen["ann"], seen["x" * 300] == "X" * 300, list(seen)
    ('ANN', True, ['ann'])
    """

    def __init__(
        self, meaning: Callable[[str], T], *, most: int = _MOST, longest: int = _LONGEST
    ) -> None:
        super().__init__()
        self._meaning = meaning
        self._most = most
        self._longest = longest

    def __missing__(self, text: str) -> T:
        found = self._meaning(text)
        if len(text) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[text] = found
        return found


class Recalled(Protocol[P, T]):
    """A function that remembers its answers; `__wrapped__` is the one that works them out."""

    __wrapped__: Callable[P, T]
    cache_clear: Callable[[], None]

    def __call__(self, *said: P.args, **named: P.kwargs) -> T:
        """The answer."""
        ...


def recalls(
    *, most: int = _MOST, longest: int = _LONGEST
) -> Callable[[Callable[P, T]], Recalled[P, T]]:
    """Makes a function remember what it makes of its arguments, given by position.

    Not where a text of more than `longest` characters or bytes is among or in them: looked at only
    when something new is to be kept, so that what is known is found as quickly as can be.

    >>> shout = recalls()(str.upper)
    >>> shout("ann"), len(shout("x" * 300))
    ('ANN', 300)
    """

    def of(work: Callable[P, T]) -> Recalled[P, T]:
        known: dict[object, T] = {}

        @wraps(work)
        def recall(*said: P.args, **named: P.kwargs) -> T:
            try:
                return known[said]
            except KeyError:
                found = work(*said, **named)
            if not named and not _has_long(said, longest):
                if len(known) >= most:
                    known.clear()
                known[said] = found
            return found

        one = cast("Recalled[P, T]", recall)
        one.cache_clear = known.clear
        return one

    return of


def _has_long(said: object, longest: int) -> bool:
    if isinstance(said, str | bytes):
        return len(said) > longest
    if isinstance(said, msgspec.Struct):
        said = msgspec.structs.astuple(said)
    return isinstance(said, tuple) and any(
        _has_long(one, longest) for one in cast("tuple[object, ...]", said)
    )
