"""Whole numbers as browsers send them, in an address or a form."""

#: More digits than any number of ours has, or a 64-bit column takes.
_MOST = 18


def number(text: str) -> int | None:
    """The number written, 0 or more; None: it is none, or larger than any of ours.

    >>> number("42"), number("-1"), number("\N{ARABIC-INDIC DIGIT TWO}"), number("9" * 5000)
    (42, None, None, None)
    """
    written = text.isascii() and text.isdecimal() and len(text) <= _MOST
    return int(text) if written else None
