"""A document's sections: their narrative as plain text, and what their entries are.

Source: CDA R2, `structuredBody`; C-CDA R2.1; NHS ITK "NHS 111 CDA" v2 (sections within sections).
"""

from collections.abc import Iterator

from wholerecord.intake.cda import tables
from wholerecord.intake.cda.allergies import say_allergies
from wholerecord.intake.cda.datatypes import plain
from wholerecord.intake.cda.events import say_encounter, say_procedure
from wholerecord.intake.cda.look import code, every, first, said, templates
from wholerecord.intake.cda.medicines import say_immunisation, say_medicines
from wholerecord.intake.cda.narrative import text_of
from wholerecord.intake.cda.problems import say_family, say_problems
from wholerecord.intake.cda.results import say_results
from wholerecord.intake.cda.telling import Telling
from wholerecord.intake.cda.triage import is_triage, say_triage
from wholerecord.intake.markup import Element, local

#: The statements each family is read from: another in its place stays in the narrative.
_TAGS = {
    "problem": {"act", "observation"},
    "diagnosis": {"act", "observation"},
    "allergy": {"act", "observation"},
    "medicine": {"substanceAdministration", "act"},
    "immunisation": {"substanceAdministration"},
    "result": {"organizer", "observation"},
    "vital": {"organizer", "observation"},
    "social": {"organizer", "observation"},
    "survey": {"organizer", "observation"},
    "exam": {"organizer", "observation"},
    "procedure": {"procedure", "act", "observation"},
    "encounter": {"encounter"},
    "family": {"organizer"},
}
#: What stands in an entry beside its statement, and says nothing of anyone.
_ABOUT_ENTRY = frozenset({"realmCode", "typeId", "templateId", "contentId", "seperatableInd"})
#: Sections within sections deeper than this are text of the one above.
_DEEPEST = 12


def sections_of(root: Element) -> Iterator[tuple[Element, int, str]]:
    """(section, depth, place) of every section, in the order they are written."""
    body = first(root, "component", "structuredBody")
    if body is not None:
        yield from _below(body, 0, "")


def _below(parent: Element, depth: int, above: str) -> Iterator[tuple[Element, int, str]]:
    n = 0
    for component in every(parent, "component"):
        for section in every(component, "section"):
            n += 1
            place = f"{above}section[{n}]"
            yield section, depth, place
            if depth < _DEEPEST:
                yield from _below(section, depth + 1, f"{place} ")


def text_of_sections(root: Element) -> str:
    """Every section's title and text, a blank line between: what a person reads."""
    told: list[str] = []
    for section, depth, _ in sections_of(root):
        title = plain(first(section, "title")) or said(first(section, "code"), "displayName")
        text = text_of(first(section, "text"))
        inner = text_of(section) if depth == _DEEPEST else text
        if said_here := "\n".join(part for part in (title, inner) if part):
            told.append(said_here)
    return "\n\n".join(told)


def say_sections(telling: Telling, root: Element) -> None:
    """File the entries of every section; what is not read is named, and stays in the narrative."""
    for section, _, place in sections_of(root):
        named = code(section, "code")
        family = tables.SECTION.get(named, "")
        for n, entry in enumerate(every(section, "entry"), start=1):
            for statement in entry.iterchildren("{*}*"):
                telling.place = f"{place} entry[{n}]"
                if not _say(telling, statement, family):
                    telling.unread[f"{named or 'section'} {local(statement)}"] = None
    telling.place = "ClinicalDocument"


def _say(telling: Telling, statement: Element, section: str) -> bool:
    """File one entry; False when it is none that is read."""
    tag = local(statement)
    if tag in _ABOUT_ENTRY:
        return True
    if is_triage(statement):
        return say_triage(telling, statement)
    own = {family for each in templates(statement) if (family := tables.TEMPLATE.get(each))}
    family = section if section in own or not own else min(own)
    if tag not in _TAGS.get(family, ()):
        return False
    mood = said(statement, "moodCode").upper()
    if mood in tables.NOT_DONE and not (family == "medicine" and mood == "INT"):
        return False
    _say_as(telling, statement, family)
    return True


def _say_as(telling: Telling, statement: Element, family: str) -> None:
    match family:
        case "problem" | "diagnosis":
            say_problems(telling, statement, family)
        case "allergy":
            say_allergies(telling, statement)
        case "medicine":
            say_medicines(telling, statement)
        case "immunisation":
            say_immunisation(telling, statement)
        case "procedure":
            say_procedure(telling, statement)
        case "encounter":
            say_encounter(telling, statement)
        case "family":
            say_family(telling, statement)
        case _:
            say_results(telling, statement, family)
