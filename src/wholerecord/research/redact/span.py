"""What in a text says who somebody is: where it stands, what it is, and how sure that is."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple


class What(Enum):
    """What a span is, in the words that stand in its place."""

    NAME = "NAME"
    NHS_NUMBER = "NHS NUMBER"
    NUMBER = "NUMBER"
    BORN = "DATE OF BIRTH"
    POSTCODE = "POSTCODE"
    ADDRESS = "ADDRESS"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    WEB = "WEB ADDRESS"
    VEHICLE = "VEHICLE"


class Span(NamedTuple):
    """`text[start:end]`. Not `sure`: taken out to be safe, and a person should look."""

    start: int
    end: int
    what: What
    sure: bool = True


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, none over another: those that overlap become one, as the first is.

    Law: every place that was in a span is in one after. Where two begin together the longer is
    first. One span of them that is sure makes the whole sure.
    """
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end, not one.sure)):
        if found and span.start < found[-1].end:
            last = found[-1]
            found[-1] = last._replace(end=max(last.end, span.end), sure=last.sure or span.sure)
        else:
            found.append(span)
    return found
