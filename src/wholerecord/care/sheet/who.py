"""Who the document is about, as labelled texts: personal details and the GP practice.

A restricted person's address and contacts are on no paper: the record that the door gives has none.
"""

from datetime import datetime

from wholerecord.access import Opened
from wholerecord.people import Demographics

_SEX = {"male": "Male", "female": "Female", "other": "Other", "unknown": "Not known"}


def who_lines(opened: Opened, now: datetime) -> tuple[tuple[str, str], ...]:
    """Label and text of each part; one that nobody said says so."""
    record = opened.record
    who = record.who.best if record.who else Demographics()
    pairs = [
        ("Name", str(who.name) if who.name else "not said"),
        ("Date of birth", who.born.say() if who.born else "not said"),
        ("NHS number", _number(who)),
        ("Sex", _SEX.get(who.sex, who.sex) or "not said"),
        ("Address", _address(who)),
        ("Contact", "; ".join((*who.phones, *who.emails)) or _unsaid(who)),
        ("GP practice", f"ODS code {who.practice}" if who.practice else "not said"),
        ("Printed", f"{now:%Y-%m-%d %H:%M} UTC"),
    ]
    if who.died or who.dead:
        pairs.insert(2, ("Died", who.died.say() if who.died else "date not said"))
    return tuple(pairs)


def _number(who: Demographics) -> str:
    if who.nhs_number is None:
        return "not said"
    return f"{who.nhs_number}{'' if who.nhs_status == '01' else ' (not verified)'}"


def _address(who: Demographics) -> str:
    address = who.addresses[0] if who.addresses else None
    if address is None:
        return _unsaid(who)
    return ", ".join(part for part in (*address.lines, address.postcode or "") if part)


def _unsaid(who: Demographics) -> str:
    return "withheld: this person's details are restricted" if who.restricted else "not said"
