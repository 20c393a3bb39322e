"""Whether an extract may be made now, and of whom: the gate of studies, asked each time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wholerecord.access import Actor, Refused
from wholerecord.access.studying import LeftOut
from wholerecord.consent import Purpose, Role
from wholerecord.research.extracts.cut import Asked, Cut
from wholerecord.research.known import numbers_of
from wholerecord.research.snapshot import Snapshot
from wholerecord.research.study.engine import Engine
from wholerecord.research.study.project import Allowed, Project, allowed, stopped
from wholerecord.research.study.pseudonyms import key_named
from wholerecord.research.study.submit import Place
from wholerecord.research.tables import TABLES

_ROLES = {Purpose.RESEARCH: Role.RESEARCHER, Purpose.PLANNING: Role.PLANNER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, for which project, and why. `vocabulary` is the site's folder of vocabularies."""

    project: str
    actor: str
    purpose: Purpose
    vocabulary: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An open gate: for which project, under which key, and who is left out."""

    project: Project
    key: bytes
    out: LeftOut


async def gate(
    place: Place, who: Asker, n: int, snapshot: Snapshot | None, now: datetime
) -> Open | str:
    """The project, its key and who is left out; or why nothing may be made. One opening."""
    project = await place.book.project(who.project)
    actor = Actor(
        id=who.actor,
        name=who.actor,
        role=_ROLES.get(who.purpose, Role.RESEARCHER),
        organisation=project.controller if project else "",
    )
    out = await place.way.door(actor).studied(
        who.purpose,
        f"extract {n} of project {who.project}",
        project=who.project,
        since=snapshot.manifest.as_of if snapshot else now,
    )
    if project is None:
        return "There is no project of that id: `wholerecord study project list` names them."
    if isinstance(out, Refused):
        return f"It may not be asked: {out.reason}."
    key = key_named(place.key_file(project.id), project.key)
    why = stopped(project, actor=who.actor, purpose=who.purpose, on=now.date(), key=key)
    if why is not None or key is None:
        return why or "The key of the project is missing."
    return Open(project=project, key=key, out=out)


async def cut(
    opened: Open, snapshot: Snapshot, who: Asker, asked: Asked, now: datetime
) -> tuple[Cut, Allowed]:
    """What the extract is made of, without those who opted out; and what is told of who did."""
    may = await asyncio.to_thread(_allowed, snapshot, opened.out, now)
    return (
        Cut(
            asked=asked,
            snapshot=snapshot,
            people=may.people,
            key=opened.key,
            holder=opened.project.controller,
            vocabulary=who.vocabulary,
        ),
        may,
    )


def _allowed(snapshot: Snapshot, out: LeftOut, now: datetime) -> Allowed:
    engine = Engine({name: snapshot.file(name) for name in TABLES})
    try:
        people = engine.people().to_pylist()
    finally:
        engine.close()
    return allowed(people, numbers_of(snapshot, out.people), on=now.date())
