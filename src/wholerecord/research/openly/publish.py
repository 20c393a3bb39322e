"""Open counts made and published: the gate, then the budget, then the numbers, then the register.

Spent before anything is counted: whatever stops it afterwards, nothing was had for nothing.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import msgspec

from wholerecord.access import Actor, Refused
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Forbidden, Incorrect
from wholerecord.research.openly.budget import OF_SNAPSHOT, OF_YEAR, BudgetBook, Spent
from wholerecord.research.openly.count import OpenCounts, open_counts
from wholerecord.research.register import Query, QueryRegister
from wholerecord.research.snapshot import latest_snapshot
from wholerecord.research.study.project import Project, stopped
from wholerecord.research.study.pseudonyms import key_named
from wholerecord.research.study.submit import Place

#: The least that is spent: below it the noise drowns every number.
_LEAST = 10_000


class MayNotPublish(Forbidden):
    """The open counts may not be published."""


class BadEpsilon(Incorrect):
    """Epsilon is more than 0.01, and at most what is left of the budget."""


class Published(BudgetBook, QueryRegister, Protocol):
    """The ledger of the budget, and the public register."""


class AskedOpenly(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="open"):
    """What is asked, as the register has it: `spending` is its line in the ledger's `what`."""

    project: str
    snapshot: str
    epsilon: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Who publishes, for which project, and how much of the budget it may cost (millionths)."""

    project: str
    actor: str
    epsilon: int


async def publish(
    place: Place, book: Published, wanted: Publishing, *, now: datetime
) -> tuple[int, OpenCounts]:
    """The number in the register and the counts, published.

    Raises:
        BadEpsilon: it is too little.
        MayNotPublish: the project, its key, its end, its purposes or a rule forbids it.
        NoSnapshot: there are no tables yet.
        Spent: there is not so much left of the budget.
    """
    if wanted.epsilon < _LEAST:
        raise BadEpsilon
    snapshot = latest_snapshot(place.snapshots)
    project = await place.book.project(wanted.project)
    actor = Actor(
        id=wanted.actor,
        name=wanted.actor,
        role=Role.PLANNER,
        organisation=project.controller if project else "",
    )
    out = await place.way.door(actor).studied(
        Purpose.PLANNING,
        f"open counts of {snapshot.manifest.name}",
        project=wanted.project,
        since=snapshot.manifest.as_of,
    )
    if isinstance(out, Refused):
        raise MayNotPublish(f"It may not be asked: {out.reason}.")
    why = _stop(place, project, wanted.actor, now.date())
    if why:
        raise MayNotPublish(why)
    name, spent = snapshot.manifest.name, wanted.epsilon
    if not await book.spend_budget(
        name, "open counts", spent, of_snapshot=OF_SNAPSHOT, of_year=OF_YEAR
    ):
        raise Spent
    made = await asyncio.to_thread(open_counts, snapshot, out, epsilon=spent)
    asked = AskedOpenly(project=wanted.project, snapshot=name, epsilon=spent, at=now)
    query = await book.add_query(
        actor=wanted.actor,
        organisation=actor.organisation,
        purpose=Purpose.PLANNING.value,
        asked=msgspec.json.encode(asked),
        answered=msgspec.json.encode(made),
    )
    return query.n, made


def opened(query: Query) -> OpenCounts | None:
    """The open counts that a registered query is, or None when it is something else."""
    try:
        msgspec.json.decode(query.asked, type=AskedOpenly)
        return msgspec.json.decode(query.answered, type=OpenCounts)
    except msgspec.DecodeError:
        return None


def open_in_words(query: Query) -> tuple[str, str] | None:
    """What a registered query asked and answered, when it is open counts; else None."""
    made = opened(query)
    if made is None:
        return None
    return (
        f"Open counts of {len(made.tables) - 1} conditions by age and sex",
        f"{len(made.tables)} tables with noise; epsilon {made.epsilon / 1e6:g}.",
    )


def _stop(place: Place, project: Project | None, actor: str, on: date) -> str | None:
    if project is None:
        return "There is no project of that id: `wholerecord study project list` names them."
    held = key_named(place.key_file(project.id), project.key)
    return stopped(project, actor=actor, purpose=Purpose.PLANNING, on=on, key=held)
