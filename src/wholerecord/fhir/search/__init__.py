"""FHIR R4 search from the published definitions, over whatever may be seen.

`read` makes a `Plan` of a query; `select` evaluates it over a `World`, in which there is only what
the door let out; `included` follows references from a page of it. All of it is pure.
"""

from wholerecord.fhir.search import scope
from wholerecord.fhir.search.around import Around, Malformed
from wholerecord.fhir.search.filters import in_compartment
from wholerecord.fhir.search.include import included
from wholerecord.fhir.search.plan import Plan
from wholerecord.fhir.search.read import read
from wholerecord.fhir.search.select import select
from wholerecord.fhir.search.world import Held, World

__all__ = [
    "Around",
    "Held",
    "Malformed",
    "Plan",
    "World",
    "in_compartment",
    "included",
    "read",
    "scope",
    "select",
]
