"""What short texts mean, remembered: worked out once for each.

A source says the same names, numbers and words again and again. One that says a megabyte where a
name belongs must not fill the memory, so a long text is worked out anew whenever it is asked for.
"""

from collections.abc import Callable
from typing import TypeVar

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
