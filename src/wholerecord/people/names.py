"""Names made comparable: plain capitals, placeholders known as such, and how a word sounds.

The words themselves (placeholders, particles) are data: `names.toml`.
"""

import tomllib
import unicodedata
from pathlib import Path

from wholerecord.people.demographics import Demographics
from wholerecord.remembered import Remembered

#: More names than this, one patient does not have: what a source says beyond it is not compared.
MOST = 8

_WORDS = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_PLACEHOLDER_GIVEN = frozenset(_WORDS["placeholder_given"])
_PLACEHOLDER_FAMILY = frozenset(_WORDS["placeholder_family"])
_PARTICLES = frozenset(_WORDS["particles"])
_LETTERS = str.maketrans(_WORDS["letters"])


def _rows(table: str) -> dict[str, frozenset[int]]:
    """The rows of a table of `names.toml` that each word is in."""
    found: dict[str, frozenset[int]] = {}
    for n, row in enumerate(_WORDS[table]):
        for name in row:
            found[name] = found.get(name, frozenset()) | {n}
    return found


_CALLED = _rows("nicknames")
_SPELT = _rows("family_spellings")
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


def words(text: str) -> tuple[str, ...]:
    """The words of a name: capitals, no accents, no apostrophes; hyphens and spaces divide.

    Greek, Cyrillic and letters like Ł and Ø are written as `names.toml` says.

    >>> words("O'Néill-Smith")
    ('ONEILL', 'SMITH')
    >>> words("Łukasz Иванов")
    ('LUKASZ', 'IVANOV')
    """
    return _WORDS_OF[text]


def _words(text: str) -> tuple[str, ...]:
    spread = unicodedata.normalize("NFKD", text.replace("'", "").replace("\u2019", ""))
    kept = "".join(
        char if char.isalpha() else " " for char in spread if not unicodedata.combining(char)
    )
    return tuple(kept.upper().translate(_LETTERS).split())


_WORDS_OF = Remembered(_words)


def families(said: Demographics) -> tuple[tuple[str, ...], ...]:
    """Every family name said, as words, each once; no placeholders."""
    found = [_WORDS_OF[name.family] for name in said.names[:MOST]]
    return _once([each for each in found if each and each[0] not in _PLACEHOLDER_FAMILY])


def givens(said: Demographics) -> tuple[tuple[str, ...], ...]:
    """Every row of given names said, as words, each once; no placeholders.

    "Baby of Ann", "Twin 2" and "Not known" are no names.
    """
    found = [_WORDS_OF[" ".join(name.given[:MOST])] for name in said.names[:MOST]]
    return _once([each for each in found if each and each[0] not in _PLACEHOLDER_GIVEN])


def _once(said: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Each once, in their order; nearly always there is one."""
    return tuple(dict.fromkeys(said) if len(said) > 1 else said)


def parts(family: tuple[str, ...]) -> tuple[str, ...]:
    """A family name whole, then the parts of a double-barrelled one.

    >>> parts(("SMITH", "JONES")), parts(("VAN", "BERG"))
    (('SMITHJONES', 'SMITH', 'JONES'), ('VANBERG', 'BERG'))
    """
    alone = [word for word in family[:MOST] if word not in _PARTICLES and len(word) > 1]
    return tuple(dict.fromkeys(("".join(family), *alone)))


def sound(word: str) -> str:
    """How a word in plain capitals begins to sound: what it is looked up by.

    >>> sound("PHILLIPS") == sound("FILIPS"), sound("CATHERINE") == sound("KATHRYN")
    (True, True)
    """
    return _BEGUN[word]


def _begun(word: str) -> str:
    heard = whole_sound(word)
    return heard[:4].ljust(4, "0") if word.isascii() else heard[:MOST]


_BEGUN = Remembered(_begun)


def whole_sound(word: str) -> str:
    """How a word in plain capitals sounds to its end: Soundex, with nothing cut off.

    Spellings of a first sound are one. Letters of other scripts stand for themselves.
    Source: Soundex as the US National Archives write it.

    >>> whole_sound("SMYTHE") == whole_sound("SMITH"), whole_sound("SMITHERSON")
    (True, 'S53625')
    """
    return _SOUNDS_OF[word]


def _whole_sound(word: str) -> str:
    for written, heard in _BEGINNINGS:
        if word.startswith(written):
            word = heard + word[len(written) :]
            break
    if not word.isascii():
        return word
    code, last = [_FIRSTS.get(word[:1], word[:1])], _SOUNDS.get(word[:1], "")
    for letter in word[1:]:
        now = _SOUNDS.get(letter, "")
        if now and now != last:
            code.append(now)
        if letter not in "HW":  # H and W do not part two letters of one sound
            last = now
    return "".join(code)


_SOUNDS_OF = Remembered(_whole_sound)


def nicknames(word: str) -> frozenset[int]:
    """The rows of the table of short forms that `word` is in: two names of one row can be one.

    >>> bool(nicknames("BILL") & nicknames("WILLIAM")), bool(nicknames("BILL") & nicknames("TOM"))
    (True, False)
    """
    return _CALLED.get(word, frozenset())


def spellings(word: str) -> frozenset[int]:
    """The rows of the table of family names written several ways that `word` is in.

    >>> bool(spellings("CHOUDHURY") & spellings("CHAUDHRY"))
    True
    """
    return _SPELT.get(word, frozenset())
