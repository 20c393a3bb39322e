"""The errors this package raises, and the one table that gives each a category.

A category says what the caller can do about it. The FHIR API, the portal and the command line
each map categories to statuses, pages or exit codes in one place; nothing else does.

Messages never hold patient data, and say what to do next.

An error undoes the transaction it passes through. So an outcome that must be kept is not an error
but a value: a refusal (`access.Refused`), a message nobody could read (`intake.Unreadable`).
"""

from enum import Enum
from inspect import cleandoc


class Category(Enum):
    """What the caller can do about an error."""

    INCORRECT = "incorrect"  #: put the request right
    UNKNOWN_CALLER = "unknown-caller"  #: sign in
    FORBIDDEN = "forbidden"  #: stop
    NOT_FOUND = "not-found"  #: put the address right
    CONFLICT = "conflict"  #: read again, then try again
    UNSUPPORTED = "unsupported"  #: ask for something else
    BUSY = "busy"  #: try again later
    UNAVAILABLE = "unavailable"  #: start or mend what is named, then try again
    FAULT = "fault"  #: tell the operator


class WholerecordError(Exception):
    """Wholerecord could not do what was asked."""

    category = Category.FAULT

    def __init__(self, detail: str = "") -> None:
        said = cleandoc(self.__doc__ or "")
        super().__init__(f"{said} {detail}" if detail else said)


class Incorrect(WholerecordError):
    """The request cannot be understood."""

    category = Category.INCORRECT


class UnknownCaller(WholerecordError):
    """Nobody is signed in."""

    category = Category.UNKNOWN_CALLER


class Forbidden(WholerecordError):
    """This is not allowed."""

    category = Category.FORBIDDEN


class NotFound(WholerecordError):
    """There is nothing at that address."""

    category = Category.NOT_FOUND


class Conflict(WholerecordError):
    """Someone else changed this first: read it again, then try again."""

    category = Category.CONFLICT


class Unsupported(WholerecordError):
    """Wholerecord does not do this."""

    category = Category.UNSUPPORTED


class Unavailable(WholerecordError):
    """Something Wholerecord needs is not there."""

    category = Category.UNAVAILABLE
