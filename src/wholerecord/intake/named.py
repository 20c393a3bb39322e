"""An arrival with the id its sender gave it, where it has one."""

from dataclasses import replace

from wholerecord.intake.hl7v2 import heading, is_one
from wholerecord.intake.reading import Arrival


def named(arrival: Arrival) -> Arrival:
    """The arrival with its control id and sender, when it is one HL7 v2 message that has an id."""
    if not is_one(arrival.body):
        return arrival
    said = heading(arrival.body)
    return replace(arrival, control=said.control, sender=said.sender)
