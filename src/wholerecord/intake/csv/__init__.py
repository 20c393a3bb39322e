"""Tables (CSV) by the column map their source declares: `columns` says what a map may hold."""

from wholerecord.intake.csv.columns import Columns, maps_tables
from wholerecord.intake.csv.read import read

__all__ = ["Columns", "maps_tables", "read"]
