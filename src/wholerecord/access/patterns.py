"""Which looks are worth a question: many staff, a colleague, a neighbour, family, oneself. Pure.

Who staff are at home is not known here. A person with the name of a member of staff may be them:
so each pattern is a question, and says what it leans on. Source: the NHS England guidance on
privacy officers' alerts names these patterns; the thresholds are a demonstration.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wholerecord.access.doubts import Crowd, Doubt, Pattern
from wholerecord.access.outbox import TOLD_OF
from wholerecord.audit import Opening
from wholerecord.consent import Purpose, Role, View
from wholerecord.people import Demographics
from wholerecord.record import PersonId

#: Different staff on one person in a day that are a question. A ward round and its night are fewer.
CROWD = 12
#: Views and roles of looks that are gone through.
SEEN = frozenset(view.value for view in TOLD_OF)
NOT_STAFF = frozenset({Role.PATIENT.value, Role.CARER.value})
_TITLES = frozenset({"dr", "mr", "mrs", "miss", "ms", "prof", "professor", "sister", "nurse"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Who somebody is and where they live, as patterns compare it.

    `names` are full names, `families` surnames, `streets` lines of addresses without the number
    with their postcode's first half, `places` whole first lines with the postcode.
    """

    names: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    postcodes: frozenset[str] = frozenset()
    streets: frozenset[tuple[str, str]] = frozenset()
    places: frozenset[tuple[str, str]] = frozenset()


def home_of(said: Iterable[Demographics]) -> Home:
    """What the sources of one person say together."""
    names: set[str] = set()
    families: set[str] = set()
    places: set[tuple[str, str]] = set()
    for who in said:
        for name in who.names:
            families.add(_plain(name.family))
            if name.given:
                names.add(_plain(f"{name.given[0]} {name.family}"))
        for address in who.addresses:
            if address.postcode and address.lines:
                places.add((_plain(address.lines[0]), address.postcode))
    return Home(
        names=frozenset(names - {""}),
        families=frozenset(families - {""}),
        postcodes=frozenset(postcode for _, postcode in places),
        streets=frozenset((_street(line), postcode.split()[0]) for line, postcode in places),
        places=frozenset(places),
    )


def staff_name(name: str) -> str:
    """The name of somebody at work as a person's would be: without a title, first and last.

    >>> staff_name("Dr Amina J. Okafor")
    'amina okafor'
    """
    words = [word for word in _plain(name).split() if word not in _TITLES]
    return f"{words[0]} {words[-1]}" if len(words) > 1 else ""


def is_work(look: Opening) -> bool:
    """Whether somebody at work was shown something of a person."""
    return (
        look.allowed
        and look.person is not None
        and look.view in SEEN
        and look.role not in NOT_STAFF
        and look.purpose != Purpose.OWN_RECORD.value
    )


def emergency(look: Opening) -> Doubt:
    """The question that each broken glass is, and each claim to care for somebody."""
    claimed = look.view == View.CLAIM.value
    return _doubt(
        look, Pattern.CLAIMED if claimed else Pattern.EMERGENCY, f"the reason given: {look.given}"
    )


def crowd(found: Crowd) -> Doubt:
    """The question that many staff on one person in one day are."""
    return Doubt(
        pattern=Pattern.CROWD,
        person=found.person,
        actor="",
        name="",
        role="",
        organisation="",
        first=found.first,
        at=found.at,
        evidence=f"{found.staff} staff of {found.places} organisations on {found.at:%Y-%m-%d}",
    )


def about(
    look: Opening,
    them: Home,
    namesakes: Sequence[tuple[PersonId, Home]],
    colleagues: Mapping[str, Collection[str]],
) -> Iterator[Doubt]:
    """What one look makes a question of.

    `them` is whom they looked at, `namesakes` the people with the name of who looked, `colleagues`
    the names of staff by organisation.
    """
    mine = staff_name(look.name)
    if any(person == look.person for person, _ in namesakes):
        yield _doubt(look, Pattern.OWN, "the person has the name of who looked")
        return
    if them.names & ({*colleagues.get(look.organisation, ())} - {mine}):
        yield _doubt(
            look, Pattern.COLLEAGUE, f"the person has the name of somebody at {look.organisation}"
        )
    for _, home in namesakes:
        if them.families & home.families and them.places & home.places:
            yield _doubt(
                look, Pattern.FAMILY, "the same surname and address as somebody of their name"
            )
            return
    for _, home in namesakes:
        if them.postcodes & home.postcodes or them.streets & home.streets:
            yield _doubt(
                look, Pattern.NEIGHBOUR, "the postcode or street of somebody of their name"
            )
            return


def watched(look: Opening) -> Doubt:
    """The question that a look at a watched record is."""
    return _doubt(look, Pattern.WATCHED, "governance watches who looks at this record")


def _doubt(look: Opening, pattern: Pattern, evidence: str) -> Doubt:
    return Doubt(
        pattern=pattern,
        person=PersonId(look.person or ""),
        actor=look.actor,
        name=look.name,
        role=look.role,
        organisation=look.organisation,
        first=look.n,
        at=look.at,
        evidence=evidence,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _street(line: str) -> str:
    number, _, rest = line.partition(" ")
    return rest if rest and any(letter.isdigit() for letter in number) else line
