"""Which of two descriptions of a patient is the newer: the same for every store."""

from datetime import UTC, datetime

#: When somebody wrote who does not say when.
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def is_older(said: datetime | None, known: datetime | None) -> bool:
    """Whether what was written at `said` is older than what is known. Of two alike neither is.

    >>> is_older(None, None), is_older(None, datetime(2026, 1, 1, tzinfo=UTC))
    (False, True)
    """
    return (said or NEVER) < (known or NEVER)
