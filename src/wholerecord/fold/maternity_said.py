"""What the folded record says of pregnancies: each statement with its day and what it tells.

Each statement for itself and not its entry: one entry can hold two pregnancies that one code names.
LOINC 11778-8, 11779-6, 11780-4 and SNOMED CT 161714006: the estimated date of delivery; LOINC
82810-3: pregnancy status. Demonstration rules until a clinical safety officer signs them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum

import msgspec

from wholerecord.fold.meant import most_specific
from wholerecord.fold.record import NOT_SO, Condition, Encounter, Entry, Kind, Measure, Record, Said
from wholerecord.nhs import PartialDate
from wholerecord.remembered import recalls
from wholerecord.terms import plain


class Tells(Enum):
    """What a statement tells: a pregnancy, when it is due, its end, care in it or after it."""

    PREGNANT = "pregnant"
    DUE = "due"
    END = "end"
    CARE = "care"
    AFTER = "after"


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One statement. `day` is None when it has none; `due` of one that says when it is due.

    `outcome` in words, of an end.
    """

    tells: Tells
    day: date | None
    said: Said
    entry: Entry
    due: date | None = None
    outcome: str = ""


#: How a pregnancy ends, by concept.
OUTCOMES = {
    "birth": "birth",
    "delivery": "birth",
    "assisted-birth": "birth",
    "caesarean": "birth by caesarean section",
    "stillbirth": "stillbirth",
    "miscarriage": "miscarriage",
    "ectopic-pregnancy": "ectopic pregnancy",
    "termination": "termination",
}
_DUE_CODES = frozenset({"11778-8", "11779-6", "11780-4", "161714006"})
_DUE_WORDS = frozenset(
    {"edd", "estimated date of delivery", "expected date of delivery", "estimated due date"}
)
_STATUS_CODE = "82810-3"
_CODES = _DUE_CODES | {_STATUS_CODE}
_CARE = re.compile(
    r"\b(?:antenatal|(?:pregnancy|maternity) booking|(?:dating|anomaly|obstetric) scan|"
    r"obstetric ultrasound|labour)\b"
)
_AFTER = re.compile(
    r"\bpost-?(?:natal|partum) (?:check|visit|care|examination|review|appointment)\b"
)
_OVER = frozenset({"resolved", "inactive", "remission"})
_GONE = NOT_SO | {"stopped", "planned"}


def evidence(record: Record) -> Iterator[Evidence]:
    """Everything that tells of a pregnancy, in the record's order.

    What is refuted, suspected, of a relative, or said by software alone tells nothing; nor does
    "not pregnant", which hides nothing.
    """
    asked_for = _asked_for(record)
    for entry in record.entries:
        detail, kind = entry.detail, entry.kind
        if isinstance(detail, Measure):  # first, for most entries are of this kind
            code = _code_of(entry, asked_for) if asked_for else ""
            if code or (entry.code is None and _is_due(entry)):
                yield from () if _untold(entry) else _measured(entry, detail, code)
        elif _untold(entry):
            continue
        elif kind is Kind.CONDITION:
            yield from _condition(entry)
        elif kind is Kind.PROCEDURE:
            yield from _procedure(entry)
        elif kind is Kind.ENCOUNTER or kind is Kind.DOCUMENT:
            yield from _worded(entry)


def _untold(entry: Entry) -> bool:
    return entry.status in _GONE or entry.unverified


def _condition(entry: Entry) -> Iterator[Evidence]:
    detail = entry.detail
    if not isinstance(detail, Condition) or detail.certainty != "confirmed":
        return
    if entry.title.startswith("History of: "):
        return
    over = entry.status == "resolved"
    for said in entry.said_by:
        concept, _ = most_specific(said.codes, said.words, "condition")
        name = concept.id if concept else ""
        if name in OUTCOMES:
            yield _said(Tells.END, entry, said, outcome=OUTCOMES[name])
        elif name == "pregnancy":
            yield _said(Tells.PREGNANT, entry, said)
            if over and said.status in _OVER:
                yield Evidence(
                    tells=Tells.END,
                    day=entry.until.day if entry.until else None,
                    said=said,
                    entry=entry,
                    outcome="said to be over",
                )


def _procedure(entry: Entry) -> Iterator[Evidence]:
    for said in entry.said_by:
        concept, _ = most_specific(said.codes, said.words, "procedure")
        if concept is not None and concept.id in OUTCOMES:
            yield _said(Tells.END, entry, said, outcome=OUTCOMES[concept.id])
        else:
            yield from _by_words(entry, said, said.words)


def _worded(entry: Entry) -> Iterator[Evidence]:
    reason = entry.detail.reason if isinstance(entry.detail, Encounter) else ""
    for said in entry.said_by:
        yield from _by_words(entry, said, f"{said.words} {reason}")


def _by_words(entry: Entry, said: Said, words: str) -> Iterator[Evidence]:
    if tells := _tells(words):
        yield _said(tells, entry, said)


@recalls(most=8192)
def _tells(words: str) -> Tells | None:
    """What words tell of care: remembered, for contacts and letters are called the same."""
    text = plain(words)
    if _AFTER.search(text):
        return Tells.AFTER
    return Tells.CARE if _CARE.search(text) else None


def _is_due(entry: Entry) -> bool:
    return plain(entry.title) in _DUE_WORDS


def _measured(entry: Entry, detail: Measure, code: str) -> Iterator[Evidence]:
    if code != _STATUS_CODE:
        due = PartialDate.parse(detail.value)
        if due is not None and due.precision in {"day", "moment"}:
            for said in entry.said_by:
                yield _said(Tells.DUE, entry, said, due=due.day)
    elif plain(detail.value) == "pregnant":
        for said in entry.said_by:
            yield _said(Tells.PREGNANT, entry, said)


def _asked_for(record: Record) -> dict[int, str]:
    """Of the codings that give a code that is asked for, that code, by identity; mostly none.

    In one walk of its own: thousands of statements share one tuple of codings.
    """
    shared = {id(said.codes): said.codes for entry in record.entries for said in entry.said_by}
    found = ((name, coding.code) for name, codes in shared.items() for coding in codes[::-1])
    return {name: code for name, code in found if code in _CODES}


def _code_of(entry: Entry, asked_for: Mapping[int, str]) -> str:
    """The code that anybody gave it among those that are asked for, else ""."""
    for said in entry.said_by:
        if (code := asked_for.get(id(said.codes))) is not None:
            return code
    return ""


def _said(
    tells: Tells, entry: Entry, said: Said, *, due: date | None = None, outcome: str = ""
) -> Evidence:
    at = said.when or said.recorded
    return Evidence(
        tells=tells, day=at.day if at else None, said=said, entry=entry, due=due, outcome=outcome
    )
