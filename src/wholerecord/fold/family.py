"""Family history: one entry for what one relative has or had, by however many sources say it.

Each relative stays apart: a father's stroke is not a mother's, and of two brothers that one source
tells of neither is taken for the other. Never joined with what the person has. What is coded as a
Condition ("family history of stroke") is in `conditions`. Source: FHIR R4 FamilyMemberHistory.
"""

from wholerecord.fold.condition_said import FamilySaid
from wholerecord.fold.entry import earliest, made
from wholerecord.fold.record import Condition, Entry, Kind
from wholerecord.fold.told import Around, Group, Told, Way, in_order, newest_first
from wholerecord.terms import concept, concept_in_text, plain

#: Who, by name where it is said, and what.
_Mark = tuple[str, str, frozenset[str]]


def gather(told: list[Told[FamilySaid]], _around: Around) -> list[Group[FamilySaid]]:
    """Groups that tell the same of one relative."""
    groups: list[Group[FamilySaid]] = []
    alike: dict[_Mark, list[Group[FamilySaid]]] = {}
    for one in in_order(told):
        known = alike.setdefault(_mark(one.body), [])
        group = next((group for group in known[-8:] if group.is_new_to(one)), None)
        if group is None:
            group = Group([one], "One statement.")
            groups.append(group)
            known.append(group)
        else:
            group.add(one, "Same relative and conditions, from another source.")
    return groups


def _mark(body: FamilySaid) -> _Mark:
    relation = body.relationship
    code = relation.coding[0].code if relation.coding else ""
    return (plain(relation.text) or code, plain(body.name), frozenset(_conditions(body)))


def _conditions(body: FamilySaid) -> list[str]:
    """Each condition by what it means, else by its words."""
    found: list[str] = []
    for one in body.condition:
        meant = next((m for c in one.code.coding if (m := concept(c.system, c.code))), None)
        meant = meant or concept_in_text(one.code.words, "condition")
        found.append(meant.id if meant else plain(one.code.words))
    return found


def make(group: Group[FamilySaid], _around: Around) -> Entry:
    """What one relative has or had."""
    newest = newest_first(group.told)[0]
    words = newest.said.words or "a relative"
    return made(
        group,
        Kind.CONDITION,
        title=f"Family history: {words}",
        code=newest.said.codes[0] if newest.said.codes else None,
        when=earliest(one.at for one in group.told),
        status="unknown",
        detail=Condition(certainty="family"),
    )


WAY: Way[FamilySaid] = Way(Kind.CONDITION, gather, make)
