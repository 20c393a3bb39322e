"""Which parameters an address may have."""

from starlette.datastructures import QueryParams

from wholerecord.errors import Incorrect


def only(query: QueryParams, known: frozenset[str]) -> None:
    """Refuse a parameter that is not understood: ignoring a filter would return too much.

    Raises:
        Incorrect: a parameter outside `known`.
    """
    unknown = sorted({name for name in query if name not in known})
    if unknown:
        raise Incorrect(f"These parameters are not supported here: {', '.join(unknown)}.")
