"""How far the rows of an extract single people out: measured on each, and told to whoever checks.

Source: Sweeney, k-anonymity (2002); de Montjoye and others, Unique in the crowd (2013), for what a
few dated points give away.
"""

from dataclasses import dataclass

import duckdb

from wholerecord.research.omop.diversity import Diversity, diversity_of
from wholerecord.research.omop.queries import QUERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the tables give away.

    `smallest` is the smallest group by year of birth, gender and ethnic category, and `alone` how
    many of `people` are alone in theirs. The first two drugs and their days single out
    `singled_out` of those `with_two`.
    """

    smallest: int
    alone: int
    people: int
    singled_out: int
    with_two: int
    diversity: Diversity

    def says(self) -> str:
        """All of it in a sentence."""
        alone = self.alone / self.people if self.people else 0.0
        out = self.singled_out / self.with_two if self.with_two else 0.0
        return (
            f"The smallest group by year of birth, gender and ethnic category is"
            f" {self.smallest} ({alone:.1%} of people are alone in theirs); the first two drugs"
            f" with their days single out {out:.1%} of those who have two. {self.diversity.says()}"
        )


def risk_of(engine: duckdb.DuckDBPyConnection) -> Risk:
    """The risk of the tables in `engine`."""
    [[smallest, alone, people, singled_out, with_two]] = engine.sql(QUERIES["risk"]).fetchall()
    return Risk(
        smallest=smallest,
        alone=alone,
        people=people,
        singled_out=singled_out,
        with_two=with_two,
        diversity=diversity_of(engine),
    )
