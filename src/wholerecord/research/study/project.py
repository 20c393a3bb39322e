"""Projects: who may ask, for what, on what legal basis, until when. The gate every study passes.

Source: UK Statistics Authority, Research Code of Practice and Accreditation Criteria; Health and
Social Care Act 2012, section 251 regulations; national data opt-out policy, NHS England.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wholerecord.consent import Purpose
from wholerecord.research.count import age
from wholerecord.research.study.protect import shown

#: The groups among which it is told how many are left out.
_BOUNDS = (0, 18, 40, 65, 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An approved project. `people` are the ids of the actors named in the approval.

    `ends` is the last day on which it may ask. `key` names the key of its pseudonyms: see
    `pseudonyms.key_id`.
    """

    id: str
    title: str
    legal_basis: str
    controller: str
    purposes: frozenset[Purpose]
    ends: date
    people: frozenset[str]
    key: str = ""


def stopped(
    project: Project, *, actor: str, purpose: Purpose, on: date, key: bytes | None
) -> str | None:
    """Why the project may not ask now, and what to do about it; or None. Nothing else decides."""
    if actor not in project.people:
        return f"Whoever asks is not named in project {project.id}: have its approval changed."
    if purpose not in project.purposes:
        return f"Project {project.id} is not approved for {purpose.value}."
    if on > project.ends:
        return f"Project {project.id} ended on {project.ends}: have it renewed."
    if not project.legal_basis.strip() or not project.controller.strip():
        return f"Project {project.id} names no legal basis or no controller: complete it."
    if key is None:
        return f"The key of project {project.id} is missing: put its file in place."
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Who may be asked about, sorted, and what is told of who may not: protected numbers."""

    people: NDArray[np.int64]
    before: int | None
    after: int | None
    bias: tuple[tuple[str, str, int | None, int | None], ...]


def allowed(
    everybody: Iterable[Mapping[str, Any]], refusing: frozenset[int], *, on: date
) -> Allowed:
    """The allow-list of everybody (rows of `person`) without those who opted out.

    `bias` says, by sex, age, deprivation and ethnicity, how many there were before and after, so
    that whoever reads a result knows whom it speaks less of.
    """
    rows = list(everybody)
    kept = [row for row in rows if row["person"] not in refusing]
    groups: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "sex": lambda row: row.get("sex") or "not known",
        "age": lambda row: _age_band(row.get("born"), on),
        "deprivation": lambda row: str(row.get("deprivation") or "not known"),
        "ethnicity": lambda row: row.get("ethnicity") or "not known",
    }
    bias: list[tuple[str, str, int | None, int | None]] = []
    for name, group in groups.items():
        before, after = _counted(map(group, rows)), _counted(map(group, kept))
        bias += [
            (name, value, shown(number), shown(after.get(value, 0)))
            for value, number in sorted(before.items())
            if shown(number) is not None
        ]
    people = np.array(sorted(row["person"] for row in kept), dtype=np.int64)
    return Allowed(people=people, before=shown(len(rows)), after=shown(len(kept)), bias=tuple(bias))


def _counted(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def _age_band(born: date | None, on: date) -> str:
    if born is None or born > on:
        return "not known"
    years = age(born, on)
    return f"{max(bound for bound in _BOUNDS if bound <= years)} and over"
