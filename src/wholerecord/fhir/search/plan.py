"""A search as it was understood: what must be so of a resource, and what to give back.

A plan is data. `select` evaluates it over a world; `scope` reads from it whose records it is about;
a store with an index may narrow by it first.
"""

from dataclasses import dataclass
from typing import Any

from wholerecord.fhir.search.definitions import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A parameter has any of these values; `negated`: it has none of them.

    `asked` are what the parameter's type makes of them; of a composite, a tuple for each value.
    """

    definition: Definition
    asked: tuple[Any, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A parameter has no value; not `missing`: it has one."""

    definition: Definition
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A reference leads to a resource of one of these types of which that type's filter is so."""

    definition: Definition
    to: tuple[tuple[str, "Filter"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A resource of `type`, of which `then` is so, refers to this one by `definition` (`_has`)."""

    type: str
    definition: Definition
    then: "Filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """It is an item of any of these lists (`_list`)."""

    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Any of these is so; of none, nothing is."""

    filters: tuple["Filter", ...]


Filter = Value | Missing | Chain | Pointed | Listed | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """One key of a sort order."""

    definition: Definition
    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """`_include`, or with `back` `_revinclude`: by which references what else is given.

    `source` and `name` may be `*`; `target` is "" for any type. `iterate`: from what is included
    too.
    """

    source: str
    name: str
    target: str = ""
    back: bool = False
    iterate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a search asks.

    `filters` are all to be so. `count` is how many a page has; `total` whether they are counted.
    `elements` and `summary` are which part of each resource is given. `ignored` are the parameters
    left out under lenient handling.
    """

    type: str
    filters: tuple[Filter, ...] = ()
    sort: tuple[By, ...] = ()
    includes: tuple[Include, ...] = ()
    count: int = 100
    total: bool = True
    only_count: bool = False
    elements: tuple[str, ...] = ()
    summary: str = "false"
    ignored: tuple[str, ...] = ()
