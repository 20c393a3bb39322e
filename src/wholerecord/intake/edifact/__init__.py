"""UK pathology EDIFACT: laboratory and screening reports, and the acknowledgement they ask for."""

from wholerecord.intake.edifact.acknowledge import acknowledge
from wholerecord.intake.edifact.read import read

__all__ = ["acknowledge", "read"]
