"""Who may see what of the matrix's world, from the rules' words and nothing of the program's code.

The words are those of docs/reference/who-can-see.md. The world: a person for whom RXA cares, each
of their things open, sealed by them or about sexual health; and somebody else whom only RXB knows.
"""

#: "the record; what each source said; original messages", at an organisation that cares.
CLINICIANS = frozenset({"DOCTOR", "GP", "NURSE", "PHARMACIST"})
#: "conditions, medicines, allergies, appointments and stays, the care plan, social care, alerts,
#: what you want people to know, who looks after you": these FHIR types speak of them.
SOCIAL_WORK = frozenset(
    {
        *("Condition", "FamilyMemberHistory", "AllergyIntolerance", "Encounter"),
        *("MedicationRequest", "MedicationStatement", "MedicationDispense"),
        *("MedicationAdministration", "CarePlan", "Goal", "CareTeam", "Flag"),
        "RelatedPerson",
    }
)
#: "a line in a list of people: name, date of birth, NHS number, postcode": of anybody.
MAY_FIND = CLINICIANS | {"SOCIAL_WORKER", "RECEPTIONIST", "GOVERNANCE", "STRANGER"}
#: Who sees the person's name on a page about them.
MAY_NAME = MAY_FIND | {"PATIENT", "CARER"}


def may_see(who: str, way: str, type: str) -> bool:
    """Whether `who` may see, by any path at all, the thing of that type and label.

    >>> may_see("GP", "std", "Condition"), may_see("GP", "shut", "Condition")
    (True, False)
    """
    if way == "else":
        return type == "Patient" and who in MAY_FIND
    if who == "PATIENT":
        return True
    if way == "shut":
        return False
    if way == "std":
        return who == "GP"
    if who == "SOCIAL_WORKER":
        return type in SOCIAL_WORK
    return who in CLINICIANS or who == "CARER"


def may_know_of(who: str) -> bool:
    """Whether `who` may learn the person's name or NHS number by any path."""
    return who in MAY_NAME
