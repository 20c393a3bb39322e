"""Where somebody was seen who came and went: at the GP's, in outpatients, or it is not said.

HL7 v3's class `AMB` (ambulatory) is sent for both. Which it was is in the words of the contact, in
the ODS code of who provided it, or in that name. Source: NHS Data Dictionary, organisation code
(a GP practice's is a letter and five digits, an NHS trust's begins with R).
"""

import re

from wholerecord.fold.dated_said import EncounterSaid
from wholerecord.fold.shape import Reference
from wholerecord.remembered import recalls

_GP = re.compile(
    r"\b(gp|general practi(?:ce|tioner)|surgery|practice|medical centre|health centre)\b"
)
_OUTPATIENT = re.compile(r"\b(out-?patients?|clinic|hospitals?)\b")
_PRACTICE_CODE = re.compile(r"[A-HJ-NPVWY]\d{5}")
_TRUST_CODE = re.compile(r"R[A-Z0-9]{2}(?:[A-Z0-9]{2})?")


def attended(body: EncounterSaid) -> str:
    """GP or outpatient, else visit: a contact is not called what nobody says it was.

    >>> from wholerecord.fold.shape import Coded
    >>> attended(EncounterSaid(type=(Coded(text="GP surgery consultation"),)))
    'GP'
    >>> attended(EncounterSaid())
    'visit'
    """
    own = _named(" ".join([*[one.words for one in body.type], body.service_type.words]))
    provider = body.service_provider
    if own or (own := _by_code(provider)):
        return own
    places = [provider, *[place.location for place in body.location]]
    return _named(" ".join([place.display for place in places if place])) or "visit"


def _by_code(provider: Reference | None) -> str:
    if provider is None or provider.identifier is None:
        return ""
    code = provider.identifier.value.upper()
    if _PRACTICE_CODE.fullmatch(code):
        return "GP"
    return "outpatient" if _TRUST_CODE.fullmatch(code) else ""


@recalls(most=8192)
def _named(words: str) -> str:
    said = words.lower()
    if _OUTPATIENT.search(said):
        return "outpatient"
    return "GP" if _GP.search(said) else ""
