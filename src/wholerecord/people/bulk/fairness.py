"""For whom a match is less right: true pairs found and false joins, group by group.

It needs a table that says who each record truly is, which only a made-up one does for certain.
"""

from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.table import BadTable

#: Fewer true pairs than this say more of chance than of a group.
FEWEST = 500
_SQL = (files("wholerecord.people.bulk") / "fairness.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How right the match is for one group.

    `truly` are the pairs of records of one person, `found` those of them that are joined; `joins`
    the pairs joined of which one is in the group, `wrong` those of them that are two people.
    """

    name: str
    truly: int
    found: int
    joins: int
    wrong: int

    @property
    def recall(self) -> float:
        """The share of true pairs that are joined, 0 to 1."""
        return self.found / self.truly

    @property
    def false_joins(self) -> float:
        """The share of joins that are false, 0 to 1."""
        return self.wrong / self.joins if self.joins else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The groups by one attribute, `origin`, `age`, `sex` or `deprivation`, by name."""

    by: str
    groups: tuple[Group, ...]

    @property
    def gap(self) -> float:
        """Between the group whose true pairs are found most and the one where least, 0 to 1."""
        return max(each.recall for each in self.groups) - min(each.recall for each in self.groups)

    @property
    def false_gap(self) -> float:
        """Between the group with the largest share of false joins and the least, 0 to 1."""
        shares = [each.false_joins for each in self.groups]
        return max(shares) - min(shares)


def fairness(bulk: Bulk, *, join: float, fewest: int = FEWEST) -> tuple[Measured, ...]:
    """How right the pairs of `bulk` are from `join` bits on, by each attribute the table tells of.

    The pairs are scored already, from no more than `join` bits. `person` is who a record truly is;
    `origin` and `deprivation` are columns too where they are known. Age is by the year of birth,
    `year` or else that of `born`, back from the latest there is. Groups of fewer than `fewest` true
    pairs are left out, and so is an attribute without a group.

    Raises:
        BadTable: there is no column `person`.
    """
    raw = bulk.connection.table("raw")
    if "person" not in raw.columns:
        raise BadTable("It has no column `person`, which says who each record truly is.")
    year = "year" if "year" in raw.columns else "born"
    born = f"try_cast(left({year}::varchar, 4) AS integer) AS born_in"
    told = [name for name in ("origin", "deprivation") if name in raw.columns]
    raw.project(", ".join(("id", "person", "sex", *told, born))).create_view("labelled")
    bulk.connection.execute("SET VARIABLE judge = $1", [join])
    bulk.connection.execute("SET VARIABLE fewest = $1", [fewest])
    rows = bulk.connection.execute(_SQL).fetchall()
    return tuple(
        Measured(
            by=by,
            groups=tuple(
                Group(name=name, truly=truly, found=found, joins=joins, wrong=wrong)
                for _, name, truly, found, joins, wrong in said
            ),
        )
        for by, said in groupby(rows, key=lambda row: row[0])
    )
