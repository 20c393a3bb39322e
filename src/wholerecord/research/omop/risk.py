"""How far the rows of an extract single people out, and what was told less exactly for that.

Measured on the tables that leave, whatever was done to them; told to whoever checks, and printed.
"""

from dataclasses import dataclass

import duckdb
import numpy as np

from wholerecord.research.omop.queries import QUERIES
from wholerecord.research.singling.grain import Told
from wholerecord.research.singling.groups import Groups, groups_of
from wholerecord.research.singling.pairs import MOST, Pairs, singled_out
from wholerecord.research.singling.rare import RARE

_BY = "year of birth, gender and ethnic category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the tables give away.

    `pairs` is how far two drugs with their days single people out, as they leave; `days` what was
    done so that they do not. `wider` codes are told as wider ones, `out` are left out.
    """

    groups: Groups
    pairs: Pairs
    days: Told
    wider: int
    out: int

    def says(self) -> str:
        """All of it in some sentences."""
        return (
            f"Two known drugs with their days single out {self.pairs.share:.1%} of those who have"
            f" two ({MOST:.0%} at most). {self.days.says()} {self.groups.says(_BY)}"
            f" Of codes that fewer than {RARE} people have, {self.wider:,} are told as wider ones"
            f" and {self.out:,} are left out."
        )


def risk_of(engine: duckdb.DuckDBPyConnection, days: Told, *, wider: int, out: int) -> Risk:
    """The risk of the tables in `engine`."""
    engine.execute(QUERIES["grouped"])
    return Risk(groups=groups_of(engine), pairs=pairs_of(engine), days=days, wider=wider, out=out)


def pairs_of(engine: duckdb.DuckDBPyConnection) -> Pairs:
    """How far two drugs with their days, as they stand in `drug_exposure`, single people out."""
    found = engine.sql(QUERIES["released"]).fetchnumpy()
    codes = found["code"].astype(np.int64)
    days = found["day"].astype("datetime64[D]").astype(np.int64)
    things = codes * 10_000_000 + days
    return singled_out(found["person_id"].astype(np.int64), things)
