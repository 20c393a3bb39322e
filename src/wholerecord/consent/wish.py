"""What a person wishes about who sees their record, and the rules that make it so. Pure.

Sources: national data opt-out operational policy (planning and research, never direct care); GP
type 1 opt-out; Mental Capacity Act 2005 s.9 (lasting power of attorney); Gillick v West Norfolk and
Wisbech AHA [1986] AC 112 and Family Law Reform Act 1969 s.8 (a parent's access ends by the
sixteenth birthday, and is reviewed before). A demonstration, until an information governance lead
signs it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wholerecord.consent.period import Period
from wholerecord.consent.plain import KINDS, LABELS, PEOPLE
from wholerecord.consent.rule import Purpose, Role, Rule, View
from wholerecord.errors import Incorrect
from wholerecord.record import PersonId


class Act(Enum):
    """What is wished."""

    HIDE = "hide"
    SHOW = "show"
    CARER = "carer"  #: somebody whom the person asks to look for them
    PARENT = "parent"  #: somebody with parental responsibility
    ATTORNEY = "attorney"  #: a health and welfare attorney, or a deputy of the court
    OPT_OUT = "opt-out"  #: the national data opt-out
    TYPE_1 = "type-1"  #: the practice sends nothing on for planning or research
    INVITE = "invite"  #: approved studies may ask whether the person wants to take part


class What(Enum):
    """Which part of the record a HIDE or SHOW is about."""

    EVERYTHING = "everything"
    ITEM = "item"
    KIND = "kind"
    LABEL = "label"
    SOURCE = "source"
    AUTHOR = "author"


#: Who may be hidden from or shown to by role: those who look to care for a person, and carers.
WHOM = (
    Role.DOCTOR,
    Role.GP,
    Role.NURSE,
    Role.PHARMACIST,
    Role.SOCIAL_WORKER,
    Role.RECEPTIONIST,
    Role.CARER,
)
PROXIES = frozenset({Act.CARER, Act.PARENT, Act.ATTORNEY})
#: What a proxy may look at: the record, and not who else looked or what is hidden from them.
PROXY_VIEWS = (View.RECORD, View.PROVENANCE, View.DEMOGRAPHICS)
#: Why each wish's rules are.
REASONS = {
    Act.HIDE: "the person decided that it is not shown",
    Act.SHOW: "the person decided that it is shown",
    Act.CARER: "the person asked them to look for them",
    Act.PARENT: "they have parental responsibility",
    Act.ATTORNEY: "they decide for the person by law",
    Act.OPT_OUT: "the person set the national data opt-out",
    Act.TYPE_1: "the person told their practice: type 1 opt-out",
    Act.INVITE: "the person wants to be asked about research",
}
_LONGEST = 200
#: What is withheld for any other reason is withheld of every time.
NOT_OF_A_TIME = "a time narrows what is hidden; what is shown is shown of every time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish. `which` names the parts: items as `patient/type/id`, kinds, labels, one source.

    Or one author. With a `period` of that time alone, where something is hidden.
    Whom it is about: a `role`, an `organisation` (ODS code), both, or everybody where neither is
    given; of a proxy, `proxy` is who they sign in as and `which` the kinds they may see (none:
    all). `emergency` hides even from who breaks the glass. `document` is what a parent's or
    attorney's standing was seen in.
    """

    act: Act
    what: What = What.EVERYTHING
    which: tuple[str, ...] = ()
    role: Role | None = None
    organisation: str = ""
    proxy: str = ""
    until: datetime | None = None
    document: str = ""
    emergency: bool = False
    period: Period | None = None


def rules_of(wish: Wish, person: PersonId) -> tuple[Rule, ...]:
    """The rules that make a wish so, each of this person, with its reason.

    Raises:
        Incorrect: something that the wish needs is not said, or cannot be wished.
    """
    checked(wish)
    match wish.act:
        case Act.HIDE | Act.SHOW:
            return _sharing(wish, person)
        case Act.CARER | Act.PARENT | Act.ATTORNEY:
            return _proxy(wish, person)
        case Act.OPT_OUT | Act.TYPE_1:
            return tuple(
                Rule(allow=False, purpose=purpose, person=person, reason=REASONS[wish.act])
                for purpose in (Purpose.PLANNING, Purpose.RESEARCH)
            )
        case Act.INVITE:
            invited = Rule(
                allow=True,
                purpose=Purpose.RESEARCH,
                view=View.FIND,
                role=Role.SYSTEM,
                actor="invitations",
                person=person,
                reason=REASONS[wish.act],
            )
            return (invited,)


def checked(wish: Wish) -> None:
    """Nothing, where a wish can be made so.

    Raises:
        Incorrect: it cannot, and why.
    """
    said = (wish.organisation, wish.proxy, wish.document, *wish.which)
    if any(len(each) > _LONGEST or not each.isprintable() for each in said):
        raise Incorrect("Write names in plain letters, and shorter.")
    if wish.act in PROXIES:
        _check_proxy(wish)
    elif wish.act in {Act.HIDE, Act.SHOW}:
        _check_sharing(wish)


def _check_sharing(wish: Wish) -> None:
    if wish.role is not None and wish.role not in WHOM:
        raise Incorrect("Choose who it is about.")
    if wish.period is not None and wish.act is Act.SHOW:
        raise Incorrect(f"{NOT_OF_A_TIME[0].upper()}{NOT_OF_A_TIME[1:]}.")
    if wish.what is What.EVERYTHING:
        if wish.act is Act.SHOW:
            raise Incorrect("Choose what is shown: a kind, a topic, a source or one line.")
        if wish.role is Role.CARER and wish.period is None:
            raise Incorrect("End the choice that lets a carer in, instead.")
        return
    if not wish.which or not all(wish.which):
        raise Incorrect("Choose which part of the record it is about.")
    known = {What.KIND: KINDS, What.LABEL: LABELS}.get(wish.what)
    if known is not None and not known.keys() >= {*wish.which}:
        raise Incorrect("There is no such part of a record.")


def _check_proxy(wish: Wish) -> None:
    if not wish.proxy:
        raise Incorrect("Say who it is: the name they sign in with.")
    if not KINDS.keys() >= {*wish.which}:
        raise Incorrect("There is no such part of a record.")
    if wish.act is Act.PARENT and wish.until is None:
        raise Incorrect("Say when the young person's own understanding is reviewed.")
    if wish.act is Act.ATTORNEY and len(wish.document) < 4:
        raise Incorrect("Say which document their standing was seen in.")


def _sharing(wish: Wish, person: PersonId) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            allow=wish.act is Act.SHOW,
            purpose=purpose,
            role=role,
            organisation=wish.organisation or None,
            person=person,
            until=wish.until,
            reason=REASONS[wish.act],
            item=each if wish.what is What.ITEM else None,
            kind=each if wish.what is What.KIND else None,
            label=each if wish.what is What.LABEL else None,
            source=each if wish.what is What.SOURCE else None,
            author=each if wish.what is What.AUTHOR else None,
            period=wish.period,
        )
        for purpose, role in _asked_by(wish)
        for each in (wish.which or ("",))
    )


def _asked_by(wish: Wish) -> tuple[tuple[Purpose, Role | None], ...]:
    """For which purposes it holds. Nobody is hidden from themselves: a carer's is by their role."""
    carers = ((Purpose.OWN_RECORD, Role.CARER),)
    if wish.role is Role.CARER:
        return carers
    purposes: tuple[Purpose, ...] = (Purpose.DIRECT_CARE,)
    if wish.role is Role.RECEPTIONIST:
        purposes = (Purpose.ADMINISTRATION,)
    elif wish.emergency or wish.act is Act.SHOW:
        purposes = (Purpose.DIRECT_CARE, Purpose.EMERGENCY)
    staff = tuple((purpose, wish.role) for purpose in purposes)
    everybody = wish.role is None and not wish.organisation
    part = wish.what is not What.EVERYTHING or wish.period is not None
    hides_part = wish.act is Act.HIDE and part
    return (*staff, *carers) if everybody and hides_part else staff


def _proxy(wish: Wish, person: PersonId) -> tuple[Rule, ...]:
    basis = f"document seen: {wish.document}" if wish.document else "asked by the person"
    return tuple(
        Rule(
            allow=True,
            purpose=Purpose.OWN_RECORD,
            view=view,
            actor=wish.proxy,
            person=person,
            kinds=wish.which,
            until=wish.until,
            reason=REASONS[wish.act],
            basis=basis,
        )
        for view in PROXY_VIEWS
    )


def in_words(wish: Wish) -> str:
    """A wish as its maker reads it.

    >>> in_words(Wish(act=Act.HIDE, what=What.KIND, which=("medicine",), role=Role.PHARMACIST))
    'Hide medicines from pharmacists'
    """
    match wish.act:
        case Act.OPT_OUT:
            return "National data opt-out: nothing about me for planning or research"
        case Act.TYPE_1:
            return "Type 1 opt-out: my practice sends nothing on for planning or research"
        case Act.INVITE:
            return "Approved studies may ask me whether I want to take part"
        case Act.HIDE:
            return f"Hide {_part(wish)} from {_whom(wish)}"
        case Act.SHOW:
            return f"Show {_part(wish)} to {_whom(wish)}"
        case _:
            what = ", ".join(KINDS[kind] for kind in wish.which) or "everything that is not hidden"
            return f"{wish.proxy} may look for me, {REASONS[wish.act]}: {what}"


def _part(wish: Wish) -> str:
    part = _thing(wish)
    return part if wish.period is None else f"{part} {wish.period.say()}"


def _thing(wish: Wish) -> str:
    named = {What.KIND: KINDS, What.LABEL: LABELS}.get(wish.what, {})
    parts = ", ".join(named.get(each, each) for each in wish.which)
    match wish.what:
        case What.EVERYTHING:
            return "my record"
        case What.ITEM:
            return "one line of my record"
        case What.SOURCE:
            return f"what {parts} says"
        case What.AUTHOR:
            return f"what {parts} wrote"
        case _:
            return parts


def _whom(wish: Wish) -> str:
    who = PEOPLE[wish.role].lower() if wish.role else "everybody"
    who = f"{who} at {wish.organisation}" if wish.organisation else who
    return f"{who}, even in an emergency" if wish.emergency else who
