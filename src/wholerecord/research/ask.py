"""One question, asked of everybody who may be counted, answered safely, and published.

The door decides whether it may be asked, leaves out who opted out, and audits it. The answer is
written into the public register before whoever asked sees it.
"""

from dataclasses import asdict, dataclass
from datetime import date

import msgspec

from wholerecord.access import Door, Refused
from wholerecord.consent import Purpose
from wholerecord.research.count import Count, tally
from wholerecord.research.disclose import SMALL, STEP, Disclosed, disclose, say, span
from wholerecord.research.questions import count_of
from wholerecord.research.register import Query, QueryRegister


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A safe table, ready to show: every cell is text. `n` is its number in the register."""

    n: int
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


async def ask(
    door: Door, register: QueryRegister, question: str, *, purpose: Purpose, on: date
) -> Answer | Refused:
    """The answer to one of `questions`, registered; or why it may not be asked.

    Raises:
        Incorrect: it is not one of the questions.
    """
    count = count_of(question, on)
    records = await door.counted(purpose, question)
    if isinstance(records, Refused):
        return records
    shown = disclose(await tally(count, records))
    query = await register.add_query(
        actor=door.actor.id,
        organisation=door.actor.organisation,
        purpose=purpose.value,
        asked=msgspec.json.encode(asdict(count)),
        answered=msgspec.json.encode(asdict(shown)),
    )
    return answer(query.n, count, shown)


def answer(n: int, count: Count, shown: Disclosed) -> Answer:
    """A disclosed table in words. Pure."""
    body = [
        (row, *map(say, cells), span(cells, total))
        for row, cells, total in zip(shown.rows, shown.cells, shown.row_totals, strict=True)
    ]
    columns = zip(zip(*shown.cells, strict=True), shown.column_totals, strict=True)
    foot = ("All ages", *(span(cells, total) for cells, total in columns), _all(shown))
    known = "Confirmed conditions only, as recorded by any source."
    apart = "Not in the table, because age or sex is not known or sex is other"
    return Answer(
        n=n,
        title=_title(count),
        columns=("Age", *(column.capitalize() for column in shown.columns), "Both"),
        rows=(*body, foot),
        notes=(
            f"{known} People who opted out are not counted.",
            f"Numbers of {SMALL} or fewer are not shown; a sum with one in it is shown as a range.",
            f"Other numbers are rounded to the nearest {STEP}, each by itself: sums may not add.",
            f"{apart}: {say(shown.apart)}.",
        ),
    )


def in_words(query: Query) -> tuple[str, str]:
    """What a registered query asked and how it was answered, for the public register."""
    asked = msgspec.json.decode(query.asked, type=Count)
    shown = msgspec.json.decode(query.answered, type=Disclosed)
    cells = [cell for row in shown.cells for cell in row]
    hidden = sum(cell is None for cell in cells)
    return (
        f"{_title(asked)}, by age band and sex",
        f"People: {_all(shown)}. {hidden} of {len(cells)} cells not shown.",
    )


def _title(count: Count) -> str:
    return f"People with {count.title}, alive on {count.as_of.day} {count.as_of:%B %Y}"


def _all(shown: Disclosed) -> str:
    return span([cell for row in shown.cells for cell in row], shown.total)
