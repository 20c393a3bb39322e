"""All entries of one kind, a page at a time: ten thousand of them is still a short page."""

from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.plumbing import apart, is_plumbing
from wholerecord.care.titles import titles_of
from wholerecord.fold import Kind
from wholerecord.portal.clinician.lines import line, sources
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared import words as say
from wholerecord.portal.shared.links import Links
from wholerecord.portal.shared.numbers import number

PAGE = 50
#: What each kind is called by professionals, in the order they look for it.
TITLES = {
    Kind.CONDITION: "Problems",
    Kind.MEDICINE: "Medicines",
    Kind.ALLERGY: "Allergies",
    Kind.RESULT: "Results",
    Kind.OBSERVATION: "Observations",
    Kind.SOCIAL_HISTORY: "Social history",
    Kind.IMMUNISATION: "Immunisations",
    Kind.PROCEDURE: "Procedures",
    Kind.ENCOUNTER: "Encounters",
    Kind.DOCUMENT: "Letters and reports",
    Kind.CARE_PLAN: "Care plans",
    Kind.SOCIAL_CARE: "Social care",
    Kind.ALERT: "Alerts",
    Kind.ABOUT_ME: "About me",
    Kind.TEAM: "Team",
    Kind.OTHER: "Everything else",
}
PLUMBING_TITLE = "About messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry in a list: its line, its status in a word, and who says it."""

    line: Line
    status: str
    said_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list. `earlier` and `later` are addresses, "" at either end.

    `besides` says in words what of the kind is about messages and stands on a list of its own, with
    its address; None where there is nothing, or where that is the list.
    """

    title: str
    kind: str
    name: str
    rows: tuple[Row, ...]
    says: str
    words: str
    earlier: str
    later: str
    kinds: tuple[tuple[str, str, int, bool], ...]
    besides: tuple[str, str] | None = None


def listing(
    opened: Opened,
    kind: Kind,
    links: Links,
    *,
    words: str,
    page: str,
    plumbing: bool = False,
    today: date | None = None,
) -> Listing:
    """The entries of `kind` whose titles have `words`, newest first, `PAGE` to a page.

    `plumbing`: those that are about messages alone, which no list else shows. Medicines that are
    not known to be current on `today` are marked so.
    """
    of_person, of_messages = apart(opened.record.of(kind))
    plumbing = plumbing and kind is Kind.OTHER
    every = of_messages if plumbing else of_person
    sought = words.strip().casefold()[:100]
    fitting = [entry for entry in every if sought in entry.title.casefold()] if sought else every
    last = max(1, -(-len(fitting) // PAGE))
    at = min(number(page) or 1, last)
    start = (at - 1) * PAGE
    titles = titles_of(opened.feeds)
    shown = fitting[start : start + PAGE]
    here = f"{links.base}/{kind.value}"
    about = "yes" if plumbing else ""
    return Listing(
        title=PLUMBING_TITLE if plumbing else TITLES[kind],
        kind=kind.value,
        name=name_of(opened),
        rows=tuple(
            Row(
                line=line(links, entry, titles, today=today),
                status=entry.status,
                said_by=sources(entry, titles),
            )
            for entry in shown
        ),
        says=_says(len(every), len(fitting), start, len(shown)),
        words=words.strip()[:100],
        earlier=here + links.query(q=sought, page=str(at - 1), plumbing=about) if at > 1 else "",
        later=here + links.query(q=sought, page=str(at + 1), plumbing=about) if at < last else "",
        kinds=_kinds(opened, kind, links),
        besides=(besides(len(of_messages)), here + links.query(plumbing="yes"))
        if of_messages and not plumbing
        else None,
    )


def besides(messages: int) -> str:
    """That entries about messages are not listed, and how many there are."""
    are = "is" if messages == 1 else "are"
    return f"{say.count(messages, 'entry', 'entries')} about messages {are} not listed here"


def _says(every: int, fitting: int, start: int, shown: int) -> str:
    if not shown:
        return f"None of {say.count(every, 'entry', 'entries')} has those words" if every else ""
    of = say.count(fitting, "entry", "entries")
    return f"{start + 1} to {start + shown} of {of}, newest first"


def name_of(opened: Opened) -> str:
    """The name of whose record it is."""
    who = opened.record.who
    return str(who.best.name) if who and who.best.name else "Name not said"


def _kinds(opened: Opened, here: Kind, links: Links) -> tuple[tuple[str, str, int, bool], ...]:
    """Each kind's title, address, number of entries, and whether it is the one shown."""
    counts = dict.fromkeys(Kind, 0)
    for entry in opened.record.entries:
        counts[entry.kind] += not is_plumbing(entry)
    return tuple((TITLES[kind], links.kind(kind), counts[kind], kind is here) for kind in Kind)
