"""The id under which a resource is served: unique over sources, and it says which patient's it is.

Source: FHIR R4, datatype `id`: 1 to 64 of A-Z, a-z, 0-9, `-` and `.`. An id here is two words of 13
letters (RFC 4648 base 32 hex, lower case) with a hyphen between: the patient, and a key made of the
source's own id. So whoever asks for an id can be sent to where that patient's rows are.
"""

import hashlib
import re
from functools import lru_cache
from secrets import randbits
from typing import NamedTuple

from wholerecord.record.statement import PatientId

_LETTERS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
_LETTERS_OF_WORD = 13
_WORD = "[0-9a-f][0-9a-v]{12}"  # the first letter holds four bits, the others five
_IS_WORD = re.compile(_WORD)
_IS_ID = re.compile(f"({_WORD})-({_WORD})")
_BITS = 64
_ALL = (1 << _BITS) - 1
_AT = (50, 40, 30, 20, 10, 0)


class LogicalId(NamedTuple):
    """A patient and a key, 64 bits each, signed."""

    patient: PatientId
    key: int

    @property
    def text(self) -> str:
        """The id as FHIR says it: 27 characters."""
        return f"{word(self.patient)}-{word(self.key)}"

    @property
    def own(self) -> str:
        """The source's own id, where that is a word (see `key_of`)."""
        return word(self.key)

    @classmethod
    def parse(cls, text: str) -> "LogicalId | None":
        """The id that `text` is, or None.

        >>> LogicalId.parse(LogicalId(PatientId(-5), 7).text)
        LogicalId(patient=-5, key=7)
        >>> LogicalId.parse("example") is None
        True
        """
        found = _IS_ID.fullmatch(text)
        return cls(PatientId(_number(found[1])), _number(found[2])) if found else None

    @classmethod
    def of(cls, patient: PatientId, own: str) -> "LogicalId":
        """The id of what a source knows about `patient` by its `own` id."""
        return cls(patient, key_of(own))


def key_of(own: str) -> int:
    """The key of a source's own id: the number it is the word of, else 64 bits of its SHA-256."""
    if len(own) == _LETTERS_OF_WORD and _IS_WORD.fullmatch(own):
        return _number(own)
    digest = hashlib.sha256(own.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@lru_cache(maxsize=4096)
def word(number: int) -> str:
    """A signed 64-bit number as 13 letters. Remembered: every id of a patient begins alike."""
    bits = number & _ALL
    return _LETTERS[bits >> 60] + "".join([_PAIRS[bits >> at & 1023] for at in _AT])


def new_word() -> str:
    """A word nobody has: an id for what has none."""
    return word(randbits(_BITS) - (1 << (_BITS - 1)))


def _number(letters: str) -> int:
    bits = int(letters, 32)
    return bits - (_ALL + 1) if bits >> (_BITS - 1) else bits
