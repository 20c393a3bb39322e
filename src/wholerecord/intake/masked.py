"""How an arrival was named, as it is shown: without the NHS number that may be in a file's name.

A source that names its letters by NHS number needs the name kept as it is, because the reader files
by it. A trace, a summary and a log need to say which file, and not whose.
"""

import re

_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}([ _.-]?)[0-9]{3}\1[0-9]{4}(?![0-9])")
MASK = "(NHS number)"


def masked(name: str) -> str:
    """The name with every ten digits taken out of it, whether their check digit is right or not.

    >>> masked("in/9990000018_20260302_DIS.pdf"), masked("999 000 0018.txt")
    ('in/(NHS number)_20260302_DIS.pdf', '(NHS number).txt')
    >>> masked("20260302101500.hl7 message 9990000018")
    '20260302101500.hl7 message (NHS number)'
    """
    return _NUMBER.sub(MASK, name)
