"""Which pages each role starts from."""

from wholerecord.consent import Role
from wholerecord.portal.shared.persona import Persona

#: Roles whose work is finding people.
PROFESSIONALS = frozenset(
    {
        Role.DOCTOR,
        Role.GP,
        Role.NURSE,
        Role.PHARMACIST,
        Role.SOCIAL_WORKER,
        Role.RECEPTIONIST,
    }
)
_DESK = frozenset({Role.GOVERNANCE})
_COUNTS = frozenset({Role.PLANNER, Role.RESEARCHER})


def menu(persona: Persona) -> tuple[tuple[str, str], ...]:
    """The label and address of each page in the header. The door decides; this only leads there."""
    items: list[tuple[str, str]] = []
    if persona.role in PROFESSIONALS:
        items.append(("Find a person", "/people"))
    if persona.person is not None:
        items += [("My record", "/me"), ("Who looked", "/me/who-looked")]
    items += [(name, f"/me/for/{person}") for person, name in persona.cares_for]
    if persona.role in _DESK:
        items += [("Desk", "/desk"), ("Find a person", "/people")]
    if persona.role in _COUNTS:
        items += [("Counts", "/counts"), ("Boards", "/counts/boards")]
        items += [("Register", "/counts/register")]
    return tuple(items)
