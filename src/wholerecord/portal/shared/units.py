"""Units as people write them. The unit as its source sent it is on the entry's own page.

Source: UCUM 2.1: square brackets and braces are markup, `Cel` is the degree Celsius.
"""

import re

from wholerecord.remembered import recalls

_WRITTEN = {
    "mm[Hg]": "mmHg",
    "Cel": "\u00b0C",
    "umol/L": "\u00b5mol/L",
    "ug/L": "\u00b5g/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m\u00b2",
    "mL/min/1.73m2": "mL/min/1.73 m\u00b2",
    "10*9/L": "\u00d710\u2079/L",
    "10*12/L": "\u00d710\u00b9\u00b2/L",
    "kg/m2": "kg/m\u00b2",
    "1": "",
}
_ANNOTATION = re.compile(r"\{[^}]*\}")


@recalls(most=4096)
def unit(sent: str) -> str:
    """A unit as people write it, or as it was sent when nobody writes it otherwise.

    >>> unit("mm[Hg]"), unit("{score}"), unit("mmol/L"), unit("{beats}/min")
    ('mmHg', '', 'mmol/L', '/min')
    """
    return _WRITTEN.get(sent, _ANNOTATION.sub("", sent))
