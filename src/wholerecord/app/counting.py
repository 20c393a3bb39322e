"""Counting for the pages: the door's records, research's rules, the public register."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.errors import Incorrect
from wholerecord.portal import Registered, Table
from wholerecord.record import canonical, read_json
from wholerecord.research.count import SEXES, Count, tally
from wholerecord.research.disclose import SMALL, STEP, Disclosed, disclose, say
from wholerecord.research.register import Query, QueryRegister
from wholerecord.terms import CONCEPTS, Concept, codes_of

_NOTES = (
    "People who opted out are not counted, and nobody who has died.",
    f"A number of {SMALL} or fewer is not shown, nor a total that would give one away.",
    f"What is shown is rounded to the nearest {STEP}.",
)


class RegisteredCounts:
    """Answers to "how many people have this condition, by age and sex", each registered."""

    def __init__(self, register: QueryRegister) -> None:
        self._register = register
        self._asked: dict[str, Concept] = {
            question: concept
            for question, concept in CONCEPTS.items()
            if concept.kind == "condition" and concept.codes
        }

    def questions(self) -> Sequence[tuple[str, str]]:
        """Every condition of the value set, by title."""
        titled = ((question, concept.title) for question, concept in self._asked.items())
        return sorted(titled, key=lambda listed: listed[1])

    async def count(self, door: Door, question: str, *, purpose: Purpose) -> Table | Refused:
        """The answer, disclosure-controlled, and its number in the register.

        Raises:
            Incorrect: it is not one of the questions.
        """
        concept = self._asked.get(question)
        if concept is None:
            raise Incorrect("Choose one of the conditions listed.")
        count = Count(
            title=f"People with {concept.title.lower()}",
            codes=codes_of(concept),
            as_of=datetime.now(UTC).date(),
        )
        records = await door.counted(purpose, question)
        if isinstance(records, Refused):
            return records
        shown = disclose(await tally(count, records))
        query = await self._register.add_query(
            actor=door.actor.id,
            organisation=door.actor.organisation,
            purpose=purpose.value,
            asked=canonical({"people_with": concept.title, "as_of": count.as_of.isoformat()}),
            answered=canonical(_as_json(shown)),
        )
        return Table(
            n=query.n,
            title=count.title,
            columns=("Age", *SEXES, "all"),
            rows=_rows(shown),
            notes=_NOTES,
        )

    async def register(self) -> Sequence[Registered]:
        """Every query, newest first, in words."""
        return [_registered(query) for query in await self._register.queries()]


def _rows(shown: Disclosed) -> tuple[tuple[str, ...], ...]:
    rows = [
        (band, *(say(cell) for cell in cells), say(total))
        for band, cells, total in zip(shown.rows, shown.cells, shown.row_totals, strict=True)
    ]
    totals = ("all ages", *(say(total) for total in shown.column_totals), say(shown.total))
    return (*rows, totals)


def _as_json(shown: Disclosed) -> dict[str, Any]:
    return {"rows": shown.rows, "columns": shown.columns, "cells": shown.cells}


def _registered(query: Query) -> Registered:
    asked = read_json(query.asked)
    cells = [cell for row in read_json(query.answered)["cells"] for cell in row]
    hidden = sum(cell is None for cell in cells)
    return Registered(
        n=query.n,
        at=query.at,
        organisation=query.organisation,
        purpose=query.purpose,
        asked=f"People with {asked['people_with'].lower()}, by age and sex, on {asked['as_of']}",
        answered=f"{len(cells) - hidden} numbers shown, {hidden} withheld",
    )
