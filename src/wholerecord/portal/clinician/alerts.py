"""What the safety checks say, as lines of the banner."""

from wholerecord.access import Opened
from wholerecord.portal.clinician.view import Line
from wholerecord.portal.shared.links import Links


def lines(opened: Opened, links: Links) -> tuple[Line, ...]:
    """Every alert the checks give for the record, the gravest first."""
    del opened, links
    return ()
