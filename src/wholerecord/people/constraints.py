"""What cannot be so of one person: the false-merge detectors.

They look at everybody joined as one person, whoever joined them, and never part anybody: what they
find goes to people with its reason. Pairs of patients are compared, the later against the earlier,
so that the question is about whoever came last. Reasons name rules and sources and nobody.

Source: ONS, Census 2021 to Census Coverage Survey matching (within-cluster checks); NHS England,
"confusion" cases on PDS: two people on one number are found by conflicting births, by care in two
places at once and by care after death. A demonstration until a clinical safety officer signs.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import combinations

from wholerecord.people.activity import Activity, Stay
from wholerecord.people.compare import compare
from wholerecord.people.demographics import Demographics
from wholerecord.people.judge import judge
from wholerecord.people.traits import traits
from wholerecord.record import PatientId

#: More patients than this are not one person: thirty-odd sources know nobody by more numbers.
CROWDED = 50
#: Patients of one person compared pair by pair; a crowd is a question by itself.
_MOST = 64
#: Two stays overlap when both hold for longer than a transfer takes.
_TRANSFER = timedelta(hours=24)
#: Care later than this after a death is somebody else's: what is written up late is not.
_LATE = timedelta(days=2)
_UNKNOWN = Activity()


class Constraint(Enum):
    """What cannot be so of one person."""

    NUMBERS = "two verified NHS numbers"
    BIRTHS = "two dates of birth"
    NEVER_ONE = "a pair that may never be joined by rule"
    ADMISSIONS = "admitted in two places at once"
    AFTER_DEATH = "care after death"
    CROWD = "more patients than one person has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one patient of a person: who they are said to be, and what they did."""

    patient: PatientId
    demographics: Demographics
    activity: Activity = _UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A constraint that does not hold: `patient` is the one to ask about."""

    constraint: Constraint
    patient: PatientId
    why: str


def broken(cluster: Sequence[Known]) -> tuple[Broken, ...]:
    """Every constraint that one person's patients, in the order they were linked, break.

    Empty for one patient who contradicts nobody. Each constraint once for a patient.
    """
    found: dict[tuple[PatientId, Constraint], Broken] = {}
    for one in (*_crowded(cluster), *_pairs(cluster), *_at_once(cluster), *_dead(cluster)):
        found.setdefault((one.patient, one.constraint), one)
    return tuple(found.values())


def reasons(found: Sequence[Broken]) -> dict[PatientId, str]:
    """Why each patient is asked about, in words."""
    said: defaultdict[PatientId, list[str]] = defaultdict(list)
    for one in found:
        said[one.patient].append(one.why)
    return {patient: "; ".join(each) for patient, each in said.items()}


def _crowded(cluster: Sequence[Known]) -> Iterator[Broken]:
    if len(cluster) > CROWDED:
        why = f"{Constraint.CROWD.value}: more than {CROWDED}"
        yield Broken(constraint=Constraint.CROWD, patient=cluster[-1].patient, why=why)


def _pairs(cluster: Sequence[Known]) -> Iterator[Broken]:
    """What the demographics of two patients contradict."""
    known = [(each.patient, traits(each.demographics)) for each in cluster[:_MOST]]
    for (_, one), (patient, other) in combinations(known, 2):
        like = compare(one, other)
        if like.nhs_number == "different_verified":
            yield _broken(Constraint.NUMBERS, patient)
            continue
        if like.born == "different":
            yield _broken(Constraint.BIRTHS, patient)
            continue
        verdict = judge(one, other)
        if verdict.veto:
            yield _broken(Constraint.NEVER_ONE, patient, verdict.why)


def _at_once(cluster: Sequence[Known]) -> Iterator[Broken]:
    """Stays in two organisations that overlap by more than a transfer takes, in linear sweeps."""
    order = {each.patient: n for n, each in enumerate(cluster)}
    stays = sorted(
        ((stay, each.patient) for each in cluster for stay in each.activity.stays),
        key=lambda found: (found[0].begins, found[0].ends, found[0].place),
    )
    longest: dict[str, tuple[Stay, PatientId]] = {}
    for stay, patient in stays:
        for place, (earlier, other) in longest.items():
            both = min(stay.ends, earlier.ends) - stay.begins
            if place != stay.place and patient != other and both > _TRANSFER:
                later = max(patient, other, key=order.__getitem__)
                why = f"from {stay.begins:%Y-%m-%d}, {' and '.join(sorted((place, stay.place)))}"
                yield _broken(Constraint.ADMISSIONS, later, why)
        known = longest.get(stay.place)
        if known is None or known[0].ends < stay.ends:
            longest[stay.place] = (stay, patient)


def _dead(cluster: Sequence[Known]) -> Iterator[Broken]:
    """Care that began days after the latest death any source says."""
    deaths = [
        (said.day, each.patient)
        for each in cluster
        if (said := each.demographics.died) is not None and len(said.text) >= 10
    ]
    if not deaths or len(cluster) == 1:
        return
    died, said_by = max(deaths)
    for each in cluster:
        last = each.activity.last
        if last is not None and last.date() > died + _LATE:
            who = said_by if each is cluster[0] else each.patient
            yield _broken(Constraint.AFTER_DEATH, who, f"died {died}, care on {last:%Y-%m-%d}")


def _broken(constraint: Constraint, patient: PatientId, detail: str = "") -> Broken:
    why = f"{constraint.value}: {detail}" if detail else constraint.value
    return Broken(constraint=constraint, patient=patient, why=why)
