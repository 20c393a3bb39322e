"""What cannot be right in what a source said: shown as said, and marked; never dropped or mended.

An event dated after its statement was received; two codes of one concept that mean two things.
Rules of our own, in `policy.json`; demonstration until a clinical safety officer signs them.
"""

from datetime import timedelta

from msgspec.structs import replace

from wholerecord.fold.entry import and_list
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Coding, Entry, Kind, Said
from wholerecord.nhs import PartialDate
from wholerecord.terms import concept, related

#: What has happened when it is said; a medicine, a plan or an alert can be said to begin later.
_PAST = (
    Kind.RESULT,
    Kind.OBSERVATION,
    Kind.CONDITION,
    Kind.IMMUNISATION,
    Kind.PROCEDURE,
    Kind.SOCIAL_HISTORY,
)
_CODED = (*_PAST, Kind.ALLERGY, Kind.MEDICINE)  # tuples, the most first: an Enum's hash is slow
_DAY = timedelta(days=1)

#: What has been worked out about codings, by identity: thousands of statements share one tuple.
Known = dict[int, str]


def doubted(entry: Entry, known: Known, policy: Policy) -> Entry:
    """`entry`, with what cannot be right about it in its `conflict`."""
    if entry.kind not in _CODED:
        return entry
    found: list[str] = []
    for said in entry.said_by:
        codes, when = said.codes, said.when
        if len(codes) > 1 and (meant := _disagreeing(codes, known)):
            found.append(f"Two codes of {said.source} disagree: {meant}.")
        # Nearly all is dated before it was received: only then is the rest looked at.
        if when is not None and when.start > said.received and _ahead(when, said, entry, policy):
            found.append(f"{said.source} dates it {when.text}, after that was received.")
    if not found:
        return entry
    return replace(
        entry, conflict=" ".join((*filter(None, (entry.conflict,)), *sorted(set(found))))
    )


def _ahead(when: PartialDate, said: Said, entry: Entry, policy: Policy) -> bool:
    past = entry.kind in _PAST and entry.status != "planned"
    return past and when.start - said.received > policy.clock_days * _DAY


def _disagreeing(codes: tuple[Coding, ...], known: Known) -> str:
    """The two things that codes of one concept mean, "" where they can be one."""
    found = known.get(id(codes))
    if found is None:
        found = known[id(codes)] = _compared(codes)
    return found


def _compared(codes: tuple[Coding, ...]) -> str:
    meant = [one for code in codes if (one := concept(code.system, code.code)) is not None]
    for n, one in enumerate(meant[:8]):
        for other in meant[n + 1 : 8]:
            if one.kind == other.kind and not related(one, other):
                return and_list((one.title, other.title))
    return ""
