"""Whether a medicine is known to be current on a day. A demonstration until it is signed."""

from datetime import date

from wholerecord.fold.record import Entry, Medicine


def lapsed(entry: Entry, today: date) -> bool:
    """Whether it is active, and nothing has been told of it for longer than the policy believes.

    It is not over: nobody said so. Whatever checks medicines takes it as active all the same.
    """
    detail = entry.detail
    if not isinstance(detail, Medicine) or entry.status != "active":
        return False
    return detail.current_until is not None and today > detail.current_until
