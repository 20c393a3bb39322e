"""What is worked out of a record when looked at: pregnancies, transfers of care, the schedule.

Of what the reader may see, on the day that it is asked for. An app is given it only where it was
let in to everything that it is worked out of: it would say the same in other words.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wholerecord.access import Opened
from wholerecord.care.pregnant import pregnancies_of
from wholerecord.care.transferred import transfers_of
from wholerecord.care.vaccines import vaccinated_of
from wholerecord.fhir.record.entries import entry
from wholerecord.fhir.record.episode_of_care import TYPE as EPISODE
from wholerecord.fhir.record.episode_of_care import episode_of_care, worked_out_of
from wholerecord.fhir.record.recommendation import TYPE as SCHEDULE
from wholerecord.fhir.record.recommendation import recommendation
from wholerecord.fhir.record.said_by import Json
from wholerecord.fhir.record.transfer_list import TYPE as TRANSFER
from wholerecord.fhir.record.transfer_list import moved_of, transfer_list
from wholerecord.fhir.search import Held
from wholerecord.fold import Entry, Kind
from wholerecord.fold.vaccinated import vaccinated

#: The types that no entry is served as.
WORKED_OUT = (EPISODE, SCHEDULE, TRANSFER)
#: Whether a resource was let in to.
Shows = Callable[[Json], bool]
_DATED = {"resourceType": "Patient"}
_MOVED: tuple[Json, ...] = ({"resourceType": "Encounter"}, {"resourceType": "MedicationStatement"})
_DOSES = {"resourceType": "Immunization"}
#: What pregnancies and risks are looked for in: that there is none of them would be told too.
_LOOKED_THROUGH: tuple[Json, ...] = tuple(
    {"resourceType": kind}
    for kind in ("Condition", "MedicationStatement", "Observation", "Procedure", "Encounter")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """A resource, and the entries and types that it is worked out of.

    `otherwise` is what may be given to whoever was not let in to all of them, where there is such.
    """

    held: Held
    of: tuple[Entry, ...]
    types: tuple[Json, ...] = ()
    otherwise: "WorkedOut | None" = None


def worked_out(opened: Opened, today: date) -> Sequence[WorkedOut]:
    """The pregnancies and transfers, newest first, then the schedule where it can be told."""
    return (*_pregnancies(opened, today), *_transfers(opened, today), *_schedule(opened, today))


def given(opened: Opened, today: date, shows: Shows) -> Iterator[Held]:
    """What of it may be given to whoever was let in to what `shows` says."""
    for each in worked_out(opened, today):
        one: WorkedOut | None = each
        while one is not None and not _let_in(one, opened, shows):
            one = one.otherwise
        if one is not None and shows(one.held.shown):
            yield one.held


def _let_in(one: WorkedOut, opened: Opened, shows: Shows) -> bool:
    return all(map(shows, one.types)) and all(shows(entry(opened.person, each)) for each in one.of)


def _pregnancies(opened: Opened, today: date) -> Iterable[WorkedOut]:
    for one in pregnancies_of(opened, today):
        held = Held(episode_of_care(opened.person, one))
        yield WorkedOut(held=held, of=worked_out_of(one))


def _transfers(opened: Opened, today: date) -> Iterable[WorkedOut]:
    for one in transfers_of(opened, today):
        held = Held(transfer_list(opened.person, one))
        yield WorkedOut(held=held, of=moved_of(one), types=_MOVED)


def _schedule(opened: Opened, today: date) -> Iterable[WorkedOut]:
    kinds = opened.verdict.kinds
    if kinds and Kind.IMMUNISATION.value not in kinds:
        return
    doses = opened.record.of(Kind.IMMUNISATION)
    by_age = vaccinated(opened.record, today, besides=False)
    found = recommendation(opened.person, by_age, today)
    if not found:
        return
    plain = WorkedOut(held=Held(found), of=doses, types=(_DATED, _DOSES))
    every = vaccinated_of(opened, today)
    yield WorkedOut(
        held=Held(recommendation(opened.person, every, today)),
        of=(*doses, *every.evidence),
        types=(_DATED, _DOSES, *_LOOKED_THROUGH),
        otherwise=plain,
    )
