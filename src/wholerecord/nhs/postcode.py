"""Postcodes, so that two spellings of one are one.

Source: NHS Data Dictionary, "POSTCODE"; pseudo-postcodes beginning ZZ99 say where a person is not.
"""

import re

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")


def postcode(text: str) -> str | None:
    """The postcode in `text`, in capitals with one space, or None when it is not one.

    >>> postcode("ls29jt")
    'LS2 9JT'
    >>> postcode("ZZ99 3VZ") is None  # "no fixed abode" is not a place two people share
    True
    """
    match = _POSTCODE.fullmatch(text.upper().replace(" ", ""))
    if match is None or match[1].startswith("ZZ99"):
        return None
    return f"{match[1]} {match[2]}"
