"""What changed of somebody's medicines at the last admission and at the last discharge.

Pure, over the folded record. Each source's own words at the transfer are held against what was said
to be taken before the stay: nobody's word stands for another's, and whoever has said nothing of a
medicine is named as not known. That a medicine is on no list is no word that it was stopped.
Source: NICE NG5 (2015), sections 1.2 and 1.3; PRSB eDischarge Summary, medications and medical
devices. Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wholerecord.fold.kinds import by_kind
from wholerecord.fold.policy import POLICY, Policy
from wholerecord.fold.record import NOT_SO, Encounter, Entry, Kind, Medicine, Record, Word
from wholerecord.fold.standing import GOES_ON, Standing, is_before, standing
from wholerecord.fold.transfer import Change, Moved, Sort, Transfer
from wholerecord.fold.turning import Window, more_than_ends, turns_of
from wholerecord.nhs import PartialDate

_NOBODY: Mapping[str, str] = {}
_ORDER = list(Change)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """A stay in hospital while its transfers are found, with how each medicine stood before it.

    `prescribers` are the sources by which somebody took anything then, the hospital's own apart.
    """

    entry: Entry
    admitted: PartialDate
    left: PartialDate | None
    hospital: frozenset[str]
    medicines: Sequence[tuple[Entry, Sequence[Word], Standing]]
    heard: bool
    prescribers: frozenset[str]


def transfers(
    record: Record,
    today: date,
    rules: Policy = POLICY,
    controllers: Mapping[str, str] = _NOBODY,
) -> tuple[Transfer, ...]:
    """The last admission and the last discharge that the record tells of, newest first.

    `controllers` are the organisations of the sources, by name: the systems of one hospital are one
    side. What is said to happen after `today` does not count.
    """
    latest = today.toordinal() + int(rules.clock_days)
    stays = [
        (one, one.when)
        for one in by_kind(record)[Kind.ENCOUNTER]
        if one.when is not None and one.when.day.toordinal() <= latest and _is_stay(one)
    ]
    if not stays:
        return ()
    last = _stay(record, *stays[0], controllers)
    arrived = _admission(last, latest)
    if _has_left(last.entry, latest):
        return (_discharge(last, latest, rules), arrived)
    before = next((one for one in stays[1:] if _has_left(one[0], latest)), None)
    if before is None:
        return (arrived,)
    until = min(latest, last.admitted.day.toordinal() - 1)
    return (arrived, _discharge(_stay(record, *before, controllers), until, rules))


def _is_stay(one: Entry) -> bool:
    detail = one.detail
    inside = isinstance(detail, Encounter) and detail.setting == "inpatient"
    return inside and one.status not in {"planned", "stopped", *NOT_SO}


def _has_left(one: Entry, latest: int) -> bool:
    """Whether it is over, be it on a day that nobody says."""
    if one.until is None:
        return one.status == "final"
    return one.until.day.toordinal() <= latest


def _stay(
    record: Record, one: Entry, admitted: PartialDate, controllers: Mapping[str, str]
) -> _Stay:
    hospital = _hospital(record, one, controllers)
    medicines = [
        (entry, entry.detail.words, standing(entry.detail.words, admitted, hospital))
        for entry in by_kind(record)[Kind.MEDICINE]
        if isinstance(entry.detail, Medicine) and entry.status not in NOT_SO
    ]
    denied = any(
        negative.kind is Kind.MEDICINE and at is not None and is_before(at, admitted)
        for negative in record.negatives
        for at in (negative.said.when or negative.said.recorded,)
    )
    return _Stay(
        entry=one,
        admitted=admitted,
        left=one.until,
        hospital=hospital,
        medicines=medicines,
        heard=denied or any(stood.said for _, _, stood in medicines),
        prescribers=frozenset(
            word.said.source
            for _, _, stood in medicines
            for word in stood.sure
            if word.says in GOES_ON and word.says != "handed out"
        )
        - hospital,
    )


def _hospital(record: Record, stay: Entry, controllers: Mapping[str, str]) -> frozenset[str]:
    """The sources that speak for the hospital: those that tell of the stay.

    To the moment, where any do: a copy of elsewhere says only the day.
    """
    told = [said for said in stay.said_by if said.when and said.when.precision == "moment"]
    telling = {said.source for said in told or stay.said_by}
    houses = {controllers[name] for name in telling if controllers.get(name)}
    known = {said.source for entry in by_kind(record)[Kind.MEDICINE] for said in entry.said_by}
    return frozenset(telling | {name for name in known if controllers.get(name) in houses})


def _admission(stay: _Stay, latest: int) -> Transfer:
    """What the hospital said while they were in, until the day they left."""
    first = stay.admitted.day.toordinal()
    last = max(first, stay.left.day.toordinal() - 1) if stay.left else latest
    window = Window(
        admitted=stay.admitted,
        at=stay.admitted,
        first=first,
        last=min(last, latest),
        hospital=stay.hospital,
        leaving=False,
    )
    lines: list[Moved] = []
    for entry, words, stood in stay.medicines:
        turns = turns_of(words, window, stood, heard=stay.heard)
        before = (*stood.sure, *stood.unsure)
        if turns or before:
            spoke = any(turn.source in stay.hospital for turn in turns)
            silent = () if spoke else tuple(sorted(_telling(stay)))
            lines.append(Moved(entry=entry, before=before, turns=turns, silent=silent))
    return _transfer(Sort.ADMISSION, stay.admitted, stay, lines)


def _discharge(stay: _Stay, latest: int, rules: Policy) -> Transfer:
    """What was said on leaving and soon after, by anybody; and what had been ended before."""
    if stay.left is None:
        return _transfer(Sort.DISCHARGE, None, stay, _unknown(stay))
    day = stay.left.day.toordinal()
    window = Window(
        admitted=stay.admitted,
        at=stay.left,
        first=day,
        last=max(day, min(latest, day + int(rules.transfer_days))),
        hospital=stay.hospital,
        leaving=True,
    )
    lines: list[Moved] = []
    for entry, words, stood in stay.medicines:
        turns = turns_of(words, window, stood, heard=stay.heard)
        before = (*stood.sure, *stood.unsure)
        inside = () if before else _inside(words, stay, window)
        if before or inside or more_than_ends(turns):
            said = {turn.source for turn in turns}
            asked = stay.prescribers | {word.said.source for word in stood.sure}
            silent = asked - said - stay.hospital
            if not said & stay.hospital:
                silent |= _telling(stay)
            lines.append(
                Moved(
                    entry=entry,
                    before=before or inside,
                    turns=turns,
                    silent=tuple(sorted(silent)),
                )
            )
    return _transfer(Sort.DISCHARGE, stay.left, stay, lines)


def _inside(words: Sequence[Word], stay: _Stay, window: Window) -> tuple[Word, ...]:
    """By which words it was given or ordered in hospital, and had not ended when they left."""
    first, day = stay.admitted.day.toordinal(), window.first
    return tuple(
        word
        for word in words
        if word.now
        and word.said.source in stay.hospital
        and word.since is not None
        and first <= word.since.day.toordinal() <= day
        and (word.says in GOES_ON or word.says == "given")
        and (word.ended is None or word.ended.day.toordinal() > day)
        and not window.spoken(word)
    )


def _unknown(stay: _Stay) -> list[Moved]:
    """Every medicine that was or may have been taken, of which nothing can be told."""
    return [
        Moved(
            entry=entry,
            before=(*stood.sure, *stood.unsure),
            turns=(),
            silent=tuple(sorted(stay.prescribers | _telling(stay))),
        )
        for entry, _, stood in stay.medicines
        if stood.sure or stood.unsure
    ]


def _telling(stay: _Stay) -> frozenset[str]:
    return frozenset(said.source for said in stay.entry.said_by) & stay.hospital


def _transfer(sort: Sort, at: PartialDate | None, stay: _Stay, lines: list[Moved]) -> Transfer:
    lines.sort(key=lambda one: (_ORDER.index(one.change), one.entry.title, one.entry.key))
    return Transfer(
        sort=sort,
        at=at,
        stay=stay.entry,
        hospital=tuple(sorted(_telling(stay))),
        heard=stay.heard,
        lines=tuple(lines),
    )
