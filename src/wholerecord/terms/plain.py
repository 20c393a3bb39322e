"""Words as they are compared."""

import re

from wholerecord.remembered import Remembered

_TAG = re.compile(r"\s*\((?:disorder|finding|situation|procedure|substance|product)\)\s*$")
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(r"[^\W_]+")


def plainly(text: str) -> str:
    """`text` in small letters with single spaces, without SNOMED CT's semantic tag."""
    return _SPACES.sub(" ", _TAG.sub("", text.lower())).strip(" .,;:")


#: The same, remembered: sources say the same words again and again.
plain = Remembered(plainly).__getitem__


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in small letters, in order.

    >>> tokens("Type 2 diabetes-mellitus")
    ['type', '2', 'diabetes', 'mellitus']
    """
    return _TOKEN.findall(text.lower())
