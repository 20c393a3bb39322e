"""De-identified counts and extracts, through the same door."""

from wholerecord.research.ask import Answer, ask, in_words
from wholerecord.research.count import Count, Table, Tally, tally
from wholerecord.research.disclose import Disclosed, disclose, say
from wholerecord.research.questions import count_of, questions
from wholerecord.research.register import Query, QueryRegister

__all__ = [
    "Answer",
    "Count",
    "Disclosed",
    "Query",
    "QueryRegister",
    "Table",
    "Tally",
    "ask",
    "count_of",
    "disclose",
    "in_words",
    "questions",
    "say",
    "tally",
]
