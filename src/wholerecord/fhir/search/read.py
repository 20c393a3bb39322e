"""A query, read into a plan.

Source: FHIR R4, Search, "Handling Errors", "Search result parameters". Whatever would be left out
by lenient handling is named in the plan; a value that cannot be read is always an error.
"""

from collections.abc import Iterable, Sequence

from wholerecord.errors import Incorrect
from wholerecord.fhir.search import definitions
from wholerecord.fhir.search.around import Around, Malformed
from wholerecord.fhir.search.by_type import of_definition
from wholerecord.fhir.search.filters import Unknown, filter_of
from wholerecord.fhir.search.plan import By, Filter, Include, Plan
from wholerecord.fhir.subset import SUMMARIES

Pairs = Sequence[tuple[str, str]]

PAGE, LARGEST_PAGE = 100, 1000
#: What one search may have: parameters, letters in all, includes, sort keys.
MOST_PARAMETERS, MOST_LETTERS, MOST_INCLUDES, MOST_KEYS = 50, 4000, 20, 5
_INCLUDES = {
    f"{name}{iterate}": (name == "_revinclude", bool(iterate))
    for name in ("_include", "_revinclude")
    for iterate in ("", ":iterate", ":recurse")
}
_RESULT = frozenset({"_sort", "_count", "_total", "_summary", "_elements", *_INCLUDES})
#: How the answer is written is decided before; it finds nothing.
_ELSEWHERE = frozenset({"_format", "_pretty"})


def read(
    type: str, pairs: Pairs, around: Around, *, strict: bool = True, also: Iterable[Filter] = ()
) -> Plan:
    """The plan of a query for resources of the type; `also` is asked besides.

    Raises:
        Malformed: a parameter is wrong, or not known and handling is strict.
        Incorrect: there is more of it than a search may have.
    """
    if len(pairs) > MOST_PARAMETERS or sum(len(n) + len(v) for n, v in pairs) > MOST_LETTERS:
        raise Incorrect(
            f"A search has at most {MOST_PARAMETERS} parameters and {MOST_LETTERS} letters."
        )
    filters, ignored = [*also], list[str]()
    for name, written in pairs:
        if name in _RESULT | _ELSEWHERE:
            continue
        try:
            filters.append(filter_of(type, name, written, around))
        except Unknown:
            if strict:
                raise
            ignored.append(name)
    summary = _one_of(pairs, "_summary", SUMMARIES)
    includes = _includes(pairs)
    if includes and summary == "text":
        raise Malformed("_summary", "nothing is included beside texts alone")
    return Plan(
        type=type,
        filters=tuple(filters),
        sort=_sort(type, _all(pairs, "_sort")),
        includes=includes,
        count=_count(_last(pairs, "_count")),
        total=_one_of(pairs, "_total", ("accurate", "estimate", "none")) != "none",
        only_count=summary == "count" or _last(pairs, "_count") == "0",
        elements=_elements(_all(pairs, "_elements")),
        summary=summary,
        ignored=tuple(ignored),
    )


def _all(pairs: Pairs, wanted: str) -> list[str]:
    return [
        each for name, written in pairs if name == wanted for each in written.split(",") if each
    ]


def _last(pairs: Pairs, wanted: str) -> str:
    return next((written for name, written in reversed(pairs) if name == wanted), "")


def _one_of(pairs: Pairs, name: str, known: Sequence[str]) -> str:
    written = _last(pairs, name) or known[0]
    if written not in known:
        raise Malformed(name, f"give one of {', '.join(known)}")
    return written


def _count(written: str) -> int:
    if not written:
        return PAGE
    if not written.isascii() or not written.isdigit() or len(written) > 9:
        raise Malformed("_count", "give a whole number")
    return min(int(written), LARGEST_PAGE)


def _sort(type: str, keys: Sequence[str]) -> tuple[By, ...]:
    if len(keys) > MOST_KEYS:
        raise Malformed("_sort", f"more than {MOST_KEYS} keys")
    found: list[By] = []
    for key in keys:
        definition = definitions.of_type(type).get(key.removeprefix("-"))
        if definition is None or definition.type == "composite":
            raise Malformed("_sort", f"{type} cannot be sorted by this")
        if of_definition(definition).order is None:
            raise Malformed("_sort", f"{type} cannot be sorted by this")
        found.append(By(definition=definition, down=key.startswith("-")))
    return tuple(found)


def _includes(pairs: Pairs) -> tuple[Include, ...]:
    found = tuple(
        _include(name, written, back=_INCLUDES[name][0], iterate=_INCLUDES[name][1])
        for name, written in pairs
        if name in _INCLUDES
    )
    if len(found) > MOST_INCLUDES:
        raise Malformed("_include", f"more than {MOST_INCLUDES} of them")
    return found


def _include(name: str, written: str, *, back: bool, iterate: bool) -> Include:
    if written == "*":
        return Include(source="*", name="*", back=back, iterate=iterate)
    source, followed, target = (*written.split(":"), "", "")[:3]
    known = definitions.types()
    if source not in known or written.count(":") > 2 or (target and target not in known):
        raise Malformed(name, "give type:parameter or type:parameter:target")
    definition = definitions.of_type(source).get(followed)
    if followed != "*" and (definition is None or definition.type != "reference"):
        raise Malformed(name, f"{source} has no such reference")
    if definition is not None and target and target not in definition.targets:
        raise Malformed(name, "the reference is to no such type")
    return Include(source=source, name=followed, target=target, back=back, iterate=iterate)


def _elements(names: Sequence[str]) -> tuple[str, ...]:
    if not all(name.isascii() and name.isalnum() for name in names):
        raise Malformed("_elements", "give names of elements")
    return tuple(names)
