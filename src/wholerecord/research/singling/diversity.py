"""What a group tells of each of its people's conditions, when it is known that they are in it.

Groups are those of `groups`: people alike in what somebody who knows them knows. Sources:
Machanavajjhala and others, l-diversity (2007), distinct and by entropy; Li and others, t-closeness
(2007), with the equal distance, which for having a condition or not is the difference of two
shares.
"""

from dataclasses import dataclass

import duckdb

from wholerecord.research.singling.queries import QUERIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversity:
    """What groups tell of conditions.

    `different` is the smallest number of different sets of conditions in a group (distinct l), and
    `even` the smallest that the entropy of the sets makes of it (entropy l: how many there would be
    if they were equally common). `far` is by how much the share of a group's people who have a
    condition differs at most from everybody's (t, 0 to 1). `told` people are in a group of which
    all have the same condition: who finds them in it knows that they have.
    """

    different: int
    even: float
    far: float
    told: int

    def says(self) -> str:
        """All of it in a sentence."""
        return (
            f"Groups hold at least {self.different} different sets of conditions (l; by entropy"
            f" {self.even:.2f}); the share with a condition is up to {self.far:.2f} from"
            f" everybody's (t); {self.told} people are in a group that shares a condition."
        )


def diversity_of(engine: duckdb.DuckDBPyConnection) -> Diversity:
    """How diverse the tables `grouped` and `had` in `engine` are (see `groups`); 0 of nobody."""
    [[different, even, far, told]] = engine.sql(QUERIES["diversity"]).fetchall()
    return Diversity(different=different, even=even, far=far, told=told)
