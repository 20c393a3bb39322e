"""How many people are alike in what is known of them from outside, and what their groups tell.

Whoever measures puts two tables into the engine: `grouped`, a line for each person with the number
of their group (`person_id`, `kind`), and `had`, a line for each thing they have (`person_id`,
`code`), which may stand there twice. Source: Sweeney, k-anonymity (2002).
"""

from dataclasses import dataclass

import duckdb

from wholerecord.research.singling.diversity import Diversity, diversity_of
from wholerecord.research.singling.queries import QUERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The smallest group (k), how many of `people` are `alone` in theirs, and what groups tell."""

    smallest: int
    alone: int
    people: int
    diversity: Diversity

    def says(self, by: str) -> str:
        """All of it in some sentences. `by` names what people of a group are alike in."""
        alone = self.alone / self.people if self.people else 0.0
        return (
            f"The smallest group by {by} is {self.smallest} (k; {alone:.1%} of people are alone in"
            f" theirs). {self.diversity.says()}"
        )


def groups_of(engine: duckdb.DuckDBPyConnection) -> Groups:
    """The groups of the tables `grouped` and `had`."""
    [[smallest, alone, people]] = engine.sql(QUERIES["groups"]).fetchall()
    return Groups(smallest=smallest, alone=alone, people=people, diversity=diversity_of(engine))
