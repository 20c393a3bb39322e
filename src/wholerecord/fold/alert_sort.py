"""Which sort of alert a statement is: legal, safeguarding, child protection, adjustment, infection.

By the codes of its tags, then by its words. Sources: HL7 consentcategorycodes and flag-category;
Mental Capacity Act 2005 (advance decisions, lasting powers of attorney, deprivation of liberty);
Mental Health Act 1983; Resuscitation Council UK (ReSPECT); NHS England Reasonable Adjustment Flag
and Child Protection - Information Sharing. Demonstration rules until a clinical safety officer
signs them.
"""

import re

from wholerecord.fold.shape import Shape
from wholerecord.fold.told import Told

#: Codes of categories that make a Consent an alert, and what people call each.
TITLES = {
    "acd": "Advance decision to refuse treatment",
    "dnr": "Do not attempt cardiopulmonary resuscitation",
    "polst": "Treatment escalation plan",
    "hcd": "Advance statement of wishes",
    "emrgonly": "Emergency treatment only",
    "DNACPR": "Do not attempt cardiopulmonary resuscitation",
    "ReSPECT": "ReSPECT plan",
}
DECISIONS = frozenset(TITLES)

_BY_TAG = {
    **dict.fromkeys(DECISIONS, "Legal"),
    "advance-directive": "Legal",
    "child-protection": "Child protection",
    "safeguarding": "Safeguarding",
    "reasonable-adjustment": "Reasonable adjustment",
    "infection-control": "Infection risk",
}
_BY_WORDS = (
    ("Child protection", r"child protection|looked.after child|child in need"),
    ("Safeguarding", r"safeguarding|domestic abuse|marac"),
    ("Reasonable adjustment", r"reasonable adjustment|accessible information|interpreter"),
    (
        "Legal",
        (
            r"respect (?:form|plan)|dna-?cpr|do not attempt|adrt|lasting power of attorney|lpa|"
            r"advance (?:decision|directive|statement)|mental health act|mha|section [2-5]|"
            r"sectioned|community treatment order|deprivation of liberty|dols|guardianship|"
            r"court of protection"
        ),
    ),
    (
        "Infection risk",
        r"infection risk|infectious|isolation|mrsa|c\.? ?diff(?:icile)?|cpe|vre|esbl|norovirus",
    ),
)
_WORDS = tuple((sort, re.compile(rf"\b(?:{words})\b")) for sort, words in _BY_WORDS)


def sort_of(told: Told[Shape]) -> str:
    """The sort of an alert in words, "" when nothing says which."""
    for tag in told.tags:
        if (sort := _BY_TAG.get(tag.code)) is not None:
            return sort
    said = told.said.words.lower()
    return next((sort for sort, words in _WORDS if words.search(said)), "")
