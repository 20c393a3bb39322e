"""De-identified counts and extracts, through the same door."""

from wholerecord.research.count import Count, Table, Tally, tally
from wholerecord.research.disclose import Disclosed, disclose, say
from wholerecord.research.register import Query, QueryRegister

__all__ = [
    "Count",
    "Disclosed",
    "Query",
    "QueryRegister",
    "Table",
    "Tally",
    "disclose",
    "say",
    "tally",
]
