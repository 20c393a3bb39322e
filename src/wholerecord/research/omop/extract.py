"""Extracts as the tables of OMOP: what is told of one, and its files."""

from pathlib import Path

from wholerecord.errors import Forbidden
from wholerecord.research.extracts.cut import OMOP, Cut, Sheet
from wholerecord.research.omop.build import Extract, Made, made
from wholerecord.research.omop.check import faults
from wholerecord.research.omop.tables import FORMS


class Faulty(Forbidden):
    """The tables are not as the model wants them."""


class OmopMaker:
    """Makes extracts as OMOP CDM 5.4: see `extracts.cut.Maker`."""

    def counted(self, cut: Cut) -> Sheet:
        """What would be made: nothing is written.

        Raises:
            TooTelling: two known drugs would single people out.
        """
        with made(_extract(cut)) as (_, told):
            return _sheet(cut, told)

    def write(self, cut: Cut, folder: Path, *, csv: bool) -> Sheet:
        """Write every table into the folder.

        Raises:
            TooTelling: two known drugs would single people out.
            Faulty: a table is not as the model wants it.
        """
        with made(_extract(cut)) as (engine, told):
            if wrong := list(faults(engine, told.rows)):
                raise Faulty("; ".join(wrong))
            for name in FORMS:
                table = engine.table(name)
                if csv:
                    table.write_csv(str(folder / f"{name}.csv"), header=True)
                else:
                    table.write_parquet(str(folder / f"{name}.parquet"), compression="zstd")
            return _sheet(cut, told)


def _extract(cut: Cut) -> Extract:
    return Extract(
        snapshot=cut.snapshot,
        people=[int(one) for one in cut.people],
        key=cut.key,
        holder=cut.holder,
        relative=cut.asked.wanted.relative,
        vocabulary=cut.vocabulary,
    )


def _sheet(cut: Cut, told: Made) -> Sheet:
    days = (
        "days counted from each person's first"
        if cut.asked.wanted.relative
        else "days as they were"
    )
    return Sheet(
        title=f"Extract as {OMOP}, {days}",
        rows=told.rows,
        risk=told.risk.says(),
        notes=(
            f"vocabularies: {told.vocabulary}",
            f"left out: {told.undated:,} rows without a usable day",
            f"left out: {told.unborn:,} people whose year of birth is not known",
        ),
    )
