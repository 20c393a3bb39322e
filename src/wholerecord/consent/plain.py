"""Rules in words that the person they are about can read."""

from wholerecord.consent.rule import Purpose, Role, Rule, View

#: People of a role, as a sentence begins with them.
PEOPLE = {
    Role.DOCTOR: "Hospital doctors",
    Role.GP: "General practitioners",
    Role.NURSE: "Nurses",
    Role.PHARMACIST: "Pharmacists",
    Role.SOCIAL_WORKER: "Social workers",
    Role.RECEPTIONIST: "Receptionists",
    Role.GOVERNANCE: "Governance officers",
    Role.RESEARCHER: "Researchers",
    Role.PLANNER: "Planners of services",
    Role.PATIENT: "The person themselves",
    Role.CARER: "Carers",
    Role.SYSTEM: "Operators of the system",
}
#: Why they look.
WHY = {
    Purpose.DIRECT_CARE: "to care for the person",
    Purpose.OWN_RECORD: "as the person, or for them",
    Purpose.ADMINISTRATION: "for administration, such as booking",
    Purpose.SAFETY_REVIEW: "to check that the record is right and rightly used",
    Purpose.PLANNING: "to plan services",
    Purpose.RESEARCH: "for research",
    Purpose.EMERGENCY: "in an emergency, with a reason that is reviewed",
}
#: What they look at.
WHAT = {
    View.FIND: "a line in a list of people: name, date of birth, NHS number, postcode",
    View.DEMOGRAPHICS: "name, address and date of birth",
    View.RECORD: "the record",
    View.PROVENANCE: "what each source said",
    View.MESSAGE: "original messages",
    View.OPENINGS: "who looked",
    View.DESK: "work on messages and matches",
    View.RULES: "who may see what",
    View.RULING: "decisions about what belongs together, and making them",
    View.SAY: "writing a statement about a person",
    View.REGISTER: "saying who somebody new is, and naming staff and places",
    View.COUNT: "counts of many people, without names",
    View.CLAIM: "saying, with a reason that is reviewed, that they care for the person",
}
#: What entries with a label are about.
LABELS = {
    "sealed": "what is sealed",
    "sexual-health": "sexual health",
    "mental-health": "mental health",
}
#: The same of labels that nobody chooses by: the person is not to know that there is any.
_KEPT = {"kept-from-person": "what is about somebody else, or was said in confidence"}
#: Entries of a kind, by `fold.Kind` value.
KINDS = {
    "condition": "conditions",
    "medicine": "medicines",
    "allergy": "allergies",
    "result": "test results",
    "observation": "measurements",
    "social-history": "how you live, such as smoking and work",
    "immunisation": "vaccinations",
    "procedure": "operations and procedures",
    "encounter": "appointments and stays",
    "document": "letters and reports",
    "care-plan": "the care plan",
    "social-care": "social care",
    "about-me": "what you want people to know",
    "team": "who looks after you",
    "alert": "alerts",
    "other": "everything else",
}


def subject(rule: Rule) -> str:
    """What the rule speaks about: all, or the part it withholds or shows.

    >>> subject(Rule(allow=False, purpose=Purpose.DIRECT_CARE, reason="", kind="medicine"))
    'medicines'
    """
    part = _part(rule)
    if rule.period is not None:
        return f"{part or 'everything'} {rule.period.say()}"
    return part or (WHAT[rule.view] if rule.view else "everything")


def _part(rule: Rule) -> str:
    """The part of a record that the rule names; "" where it names none."""
    if rule.label is not None:
        return {**LABELS, **_KEPT}.get(rule.label, rule.label)
    if rule.kind is not None:
        return KINDS.get(rule.kind, rule.kind)
    if rule.source is not None:
        return f"what {rule.source} says"
    if rule.author is not None:
        return f"what {rule.author} wrote"
    return "" if rule.item is None else "one entry of the record"


def kinds(rule: Rule) -> str:
    """The kinds of entry the rule is narrowed to, listed; "" for all."""
    return ", ".join(KINDS.get(kind, kind) for kind in rule.kinds)


def people(rule: Rule) -> str:
    """Whom the rule is about, as a sentence begins with them.

    >>> people(Rule(allow=True, purpose=Purpose.DIRECT_CARE, reason="", role=Role.NURSE))
    'Nurses'
    """
    who = PEOPLE[rule.role] if rule.role else "Everybody"
    if rule.actor is not None:
        who = f"Somebody named ({rule.actor})"
    if rule.organisation is not None:
        who = f"{who} at {rule.organisation}"
    return f"{who} at an organisation that cares for the person" if rule.related else who
