"""Names made comparable: plain capitals, placeholders known as such, and how a word sounds.

The words themselves (placeholders, particles) are data: `names.toml`.
"""

import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

from wholerecord.people.demographics import Demographics

#: More names than this, one patient does not have: what a source says beyond it is not compared.
MOST = 8

_WORDS = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_PLACEHOLDER_GIVEN = frozenset(_WORDS["placeholder_given"])
_PLACEHOLDER_FAMILY = frozenset(_WORDS["placeholder_family"])
_PARTICLES = frozenset(_WORDS["particles"])
_CALLED: dict[str, frozenset[int]] = {}
for _n, _row in enumerate(_WORDS["nicknames"]):
    for _name in _row:
        _CALLED[_name] = _CALLED.get(_name, frozenset()) | {_n}
_SOUNDS = {
    letter: sound
    for letters, sound in (
        ("BFPV", "1"),
        ("CGJKQSXZ", "2"),
        ("DT", "3"),
        ("L", "4"),
        ("MN", "5"),
        ("R", "6"),
    )
    for letter in letters
}
#: First letters that people write two ways for one sound.
_BEGINNINGS = (("PH", "F"), ("KN", "N"), ("WR", "R"), ("GN", "N"), ("PS", "S"))
_FIRSTS = {"K": "C", "Q": "C", "Z": "S", "J": "G", "V": "F", "Y": "I"}


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The words of a name: capitals, no accents, no apostrophes; hyphens and spaces divide.

    >>> words("O'Néill-Smith")
    ('ONEILL', 'SMITH')
    """
    spread = unicodedata.normalize("NFKD", text.replace("'", "").replace("\u2019", ""))
    kept = "".join(
        char if char.isalpha() else " " for char in spread if not unicodedata.combining(char)
    )
    return tuple(kept.upper().split())


def families(said: Demographics) -> tuple[tuple[str, ...], ...]:
    """Every family name said, as words, each once; no placeholders."""
    found = (words(name.family) for name in said.names[:MOST])
    return tuple(
        dict.fromkeys(each for each in found if each and each[0] not in _PLACEHOLDER_FAMILY)
    )


def givens(said: Demographics) -> tuple[tuple[str, ...], ...]:
    """Every row of given names said, as words, each once; no placeholders.

    "Baby of Ann", "Twin 2" and "Not known" are no names.
    """
    found = (words(" ".join(name.given[:MOST])) for name in said.names[:MOST])
    return tuple(
        dict.fromkeys(each for each in found if each and each[0] not in _PLACEHOLDER_GIVEN)
    )


def parts(family: tuple[str, ...]) -> tuple[str, ...]:
    """A family name whole, then the parts of a double-barrelled one.

    >>> parts(("SMITH", "JONES")), parts(("VAN", "BERG"))
    (('SMITHJONES', 'SMITH', 'JONES'), ('VANBERG', 'BERG'))
    """
    alone = [word for word in family[:MOST] if word not in _PARTICLES and len(word) > 1]
    return tuple(dict.fromkeys(("".join(family), *alone)))


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a word in plain capitals sounds: Soundex, but spellings of a first sound are one.

    Source: Soundex as the US National Archives write it. Letters of other scripts stand for
    themselves.

    >>> sound("PHILLIPS") == sound("FILIPS"), sound("CATHERINE") == sound("KATHRYN")
    (True, True)
    """
    for written, heard in _BEGINNINGS:
        if word.startswith(written):
            word = heard + word[len(written) :]
            break
    if not word.isascii():
        return word[:MOST]
    code, last = [_FIRSTS.get(word[:1], word[:1])], _SOUNDS.get(word[:1], "")
    for letter in word[1:]:
        now = _SOUNDS.get(letter, "")
        if now and now != last:
            code.append(now)
        if letter not in "HW":  # H and W do not part two letters of one sound
            last = now
    return "".join(code)[:4].ljust(4, "0")


def nicknames(word: str) -> frozenset[int]:
    """The rows of the table of short forms that `word` is in: two names of one row can be one.

    >>> bool(nicknames("BILL") & nicknames("WILLIAM")), bool(nicknames("BILL") & nicknames("TOM"))
    (True, False)
    """
    return _CALLED.get(word, frozenset())
