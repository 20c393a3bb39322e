"""What NHS 111's pathways concluded: a finding of software and a call, never a diagnosis made.

Source: NHS ITK "NHS 111 CDA" v2, coded entries (OIDs 2.16.840.1.113883.2.1.3.2.4.17.540 and on).
"""

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.datatypes import words_of
from wholerecord.intake.cda.look import first, said
from wholerecord.intake.cda.moments import span, when
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.markup import Element, local

#: The code system of a coded finding ("CD") of a pathway.
_FINDING = "2.16.840.1.113883.2.1.3.2.4.17.540"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def is_triage(statement: Element) -> bool:
    """Whether an entry is a pathway's coded finding."""
    return said(first(statement, "code"), "codeSystem") == _FINDING


def say_triage(telling: Telling, statement: Element) -> bool:
    """File a finding coded in SNOMED CT as an unconfirmed condition; other codes are not read."""
    value = first(statement, "value")
    found = telling.concept(value)
    system = tables.SYSTEM.get(said(value, "codeSystem"))
    if local(statement) != "observation" or system != tables.SNOMED or not words_of(found):
        return False
    start, _ = span(first(statement, "effectiveTime"))
    coding = {"system": _VERIFICATION, "code": "unconfirmed"}
    telling.say(
        "Condition",
        statement,
        {
            "code": found,
            "subject": telling.subject,
            "encounter": telling.encounter,
            "verificationStatus": {"coding": [coding]},
            "recordedDate": telling.written,
            "recorder": telling.author,
            **when("onset", start, ""),
        },
    )
    return True
