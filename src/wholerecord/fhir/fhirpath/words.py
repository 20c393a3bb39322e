"""The words of an expression. Source: FHIRPath N1, grammar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*|`[^`]*`|[$%][A-Za-z_]\w*)"
    r"|(?P<sign><=|>=|!=|[|&+\-=<>().,\[\]{}*/])|(?P<end>$))"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")


class NotFhirPath(ValueError):
    """This is no expression that can be evaluated here."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word: `text`, `number`, `name`, `sign` or `end`; what it says; whether it was quoted."""

    sort: str
    says: str
    quoted: bool = False


def words(expression: str) -> Iterator[Word]:
    r"""The words in order, the last one `end`.

    >>> [word.says for word in words("a.where(b = 'it\\'s')")]
    ['a', '.', 'where', '(', 'b', '=', "it's", ')', '']
    """
    at = 0
    while True:
        match = _WORD.match(expression, at)
        if match is None:
            raise NotFhirPath(f"Not read from character {at} on.")
        at = match.end()
        sort = match.lastgroup or ""
        says = match[sort]
        if sort == "text":
            yield Word("text", _ESCAPE.sub(_unescaped, says[1:-1]))
        elif says[:1] == "`":
            yield Word("name", says[1:-1], quoted=True)
        else:
            yield Word(sort, says)
        if sort == "end":
            return


def _unescaped(match: re.Match[str]) -> str:
    said = match[1]
    if len(said) == 5:
        return chr(int(said[1:], 16))
    return _ESCAPES.get(said, said)
