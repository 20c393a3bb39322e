"""Segments and fields of HL7 v2.4, joined and escaped."""

from datetime import date, datetime

from wholerecord.demo.casting import ETHNICITY
from wholerecord.demo.human import Known

_ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"})
_SEXES = {"male": "M", "female": "F"}
TRUST = "RZ9"


def text(words: str) -> str:
    """`words` with the delimiters escaped (chapter 2.10)."""
    return words.translate(_ESCAPES)


def stamp(at: datetime) -> str:
    """A time stamp to the second, in UTC with its zone: without one it is the wall clock's."""
    return f"{at:%Y%m%d%H%M%S}+0000"


def day(on: date) -> str:
    """A date of eight digits."""
    return f"{on:%Y%m%d}"


def segment(name: str, fields: dict[int, str]) -> str:
    """The segment with each field at its number, nothing after the last.

    >>> segment("EVN", {1: "A01", 2: "20240102"})
    'EVN|A01|20240102'
    """
    last = max(fields)
    return "|".join((name, *(fields.get(n, "") for n in range(1, last + 1))))


def msh(event: str, control: str, at: datetime) -> str:
    """The header. MSH-1 is the delimiter itself, so the rest starts at MSH-2."""
    return "|".join(
        (
            "MSH",
            "^~\\&",
            "PAS",
            TRUST,
            "WHOLERECORD",
            "AWICB",
            stamp(at),
            "",
            event,
            control,
            "P",
            "2.4",
            "",
            "",
            "AL",
            "NE",
            "GBR",
            "UNICODE UTF-8",
        )
    )


def pid(who: Known) -> str:
    """Who the message is about."""
    human, home = who.human, who.said_home
    # Like many, this trust leaves the authority of its own numbers out.
    numbers = [f"{who.number}^^^^MR"]
    if who.said_nhs_number:
        numbers.append(f"{who.said_nhs_number}^^^NHS^NHS")
    given = who.said_given
    middle = " ".join(given[1:])
    fields = {
        1: "1",
        3: "~".join(numbers),
        5: f"{text(who.said_family).upper()}^{text(given[0]).upper()}^{text(middle).upper()}"
        f"^^{human.prefix.upper()}^^L",
        7: day(who.said_born),
        8: _SEXES[human.sex],
    }
    if home:
        fields[11] = f"{text(home.line)}^^{text(home.town)}^^{home.postcode}^GBR^H"
        fields[13] = f"{home.phone}^PRN^PH"
        if human.mobile:
            fields[13] += f"~{human.mobile}^PRS^CP"
    if human.ethnicity:
        code, words = ETHNICITY[human.ethnicity]
        fields[22] = f"{code}^{text(words)}"
    if human.died:
        fields |= {29: day(human.died), 30: "Y"}
    if who.said_nhs_number:
        fields[32] = who.verified
    return segment("PID", fields)


def pd1(who: Known) -> str:
    """The registered practice; and PD1-12 says when the address is protected."""
    fields = {} if who.restricted else {3: f"General practice^^{who.human.home.practice}"}
    return segment("PD1", fields | {12: "Y" if who.restricted else "N"})


def nk1(who: Known) -> str | None:
    """The next of kin, where the trust knows one."""
    if who.contact is None or who.restricted:
        return None
    name, relation, phone = who.contact
    first, _, last = name.partition(" ")
    return segment("NK1", {1: "1", 2: f"{text(last)}^{text(first)}", 3: text(relation), 5: phone})
