"""What a source is asked to put right, as a letter and as FHIR R4: never more than it said itself.

A professional's own words stay here: they may tell what other sources said. What goes out is which
of its resources is meant, of which of its patients, what is thought to be wrong of it, and a number
to ask about.
"""

from wholerecord.care.requests.message import as_message
from wholerecord.care.requests.task import SYSTEM, as_task, reference
from wholerecord.care.requests.words import lines, sentence

__all__ = ["SYSTEM", "as_message", "as_task", "lines", "reference", "sentence"]
