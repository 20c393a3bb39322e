"""Scopes in plain words, for whoever is asked to let an app in."""

from wholerecord.smart import Row

_TYPES = {
    "*": "the whole record",
    "AllergyIntolerance": "allergies",
    "Basic": "other entries",
    "CarePlan": "care plans",
    "Condition": "conditions",
    "DocumentReference": "documents and letters",
    "Encounter": "visits and hospital stays",
    "Flag": "alerts",
    "Immunization": "vaccinations",
    "MedicationRequest": "prescriptions",
    "MedicationStatement": "medicines",
    "Observation": "test results and measurements",
    "Patient": "name, date of birth, NHS number and address",
    "Procedure": "operations and procedures",
}
_MAY = (("r", "see"), ("s", "see"), ("c", "add"), ("u", "change"), ("d", "remove"))


def said(row: Row) -> str:
    """What the row lets an app do, as a person would say it.

    >>> said(Row.parse("patient/Observation.rs?category=laboratory"))
    'See test results and measurements, only of the category laboratory'
    """
    acts = list(dict.fromkeys(word for letter, word in _MAY if letter in row.may))
    what = " and ".join(filter(None, (", ".join(acts[:-1]), acts[-1])))
    of = _TYPES.get(row.type, f"what is filed as {row.type}")
    only = " and ".join(
        " or ".join(sorted(token.rpartition("|")[2] or token for token in each))
        for each in row.categories
    )
    whose = " of everybody you can look at" if row.of == "user" else ""
    sentence = f"{what} {of}{whose}" + (f", only of the category {only}" if only else "")
    return sentence[:1].upper() + sentence[1:]
