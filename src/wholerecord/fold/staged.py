"""Which tumour a stage, a T, N or M, a histology or a grade is of: what it names, never a guess.

Source: HL7 mCODE STU4: a stage group names the cancer (`Observation.focus`) and its categories
(`hasMember`); FHIR R4 Condition.stage.assessment names the measurement from the other side.
Demonstration rules until a clinical safety officer signs them.
"""

from collections.abc import Iterator, Mapping, Sequence

from wholerecord.fold.record import Condition, Entry, Measure
from wholerecord.record import PatientId

#: What a reference calls a statement: its patient, FHIR type and the source's own id.
Address = tuple[PatientId, str, str]


def of_tumours(
    measured: Sequence[Entry], firsts: Sequence[Entry], about: Mapping[Address, Entry]
) -> Mapping[int, Entry | None]:
    """The tumour of each of `measured`, by `id`; None where it is of none that can be told.

    It is of what it names; else of what something that stands with it names (a stage and its T, N
    and M); else of the only one of `firsts`. What names two is of none, nor is what names something
    that is no tumour here. `about` has the tumour of each statement about a cancer.
    """
    assessed: dict[Address, list[Entry]] = {}
    for first in firsts:
        if isinstance(first.detail, Condition) and first.detail.cancer:
            for key in first.detail.cancer.assessed:
                assessed.setdefault(key, []).append(first)
    only = firsts[0] if len(firsts) == 1 else None
    whose: dict[int, Entry | None] = {}
    for group in _together(measured):
        named = {id(one): _named(one, assessed, about) for one in group}
        of_all = [first for one in group for first in named[id(one)]]
        for one in group:
            fits = named[id(one)] or of_all
            whose[id(one)] = _sole(fits) if fits else only
    return whose


def _named(
    one: Entry, assessed: Mapping[Address, Sequence[Entry]], about: Mapping[Address, Entry]
) -> list[Entry | None]:
    """What it names, or what names it for its stage; None for what is no tumour here."""
    names = one.detail.names if isinstance(one.detail, Measure) else ()
    found = [about.get(name) for name in names if name[1] == "Condition"]
    for said in one.said_by:
        found += assessed.get(said.id_key, ())
    return found


def _sole(fits: Sequence[Entry | None]) -> Entry | None:
    return fits[0] if all(one is fits[0] for one in fits) else None


def _together(measured: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Those that name one another, however many steps away; each in exactly one list."""
    at = {said.id_key: n for n, one in enumerate(measured) for said in one.said_by}
    beside: list[list[int]] = [[] for _ in measured]
    for n, one in enumerate(measured):
        for name in one.detail.names if isinstance(one.detail, Measure) else ():
            if (other := at.get(name)) is not None:
                beside[n].append(other)
                beside[other].append(n)
    seen: set[int] = set()
    for n in range(len(measured)):
        reached = [] if n in seen else [n]
        seen.add(n)
        for here in reached:  # grows as it is walked
            for other in beside[here]:
                if other not in seen:
                    seen.add(other)
                    reached.append(other)
        if reached:
            yield [measured[here] for here in reached]
