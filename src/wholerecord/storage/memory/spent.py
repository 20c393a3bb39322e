"""What counts no longer: the reference list is the one that a single process keeps."""

from wholerecord.signin import SpentHere


class SpentList(SpentHere):
    """See `signin.Spent`."""
