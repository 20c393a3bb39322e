"""Codes: what they mean, and which means the same as or is a kind of which.

A small closed value set of our own (`concepts.json`), and the published releases that a site has
loaded (`wholerecord terms load`), taken up when a program starts. What is in neither is not
guessed: whoever asks gets None and compares codes and words as they stand.
"""

from wholerecord.terms.concept import CONCEPTS, VERSION, Concept
from wholerecord.terms.find import concept, concept_in_text, substance_of
from wholerecord.terms.plain import plain
from wholerecord.terms.relate import families, is_a, related, same_thing
from wholerecord.terms.systems import system_name
from wholerecord.terms.terminology import Terminology, forgets, in_force, take_up, unknown

__all__ = [
    "CONCEPTS",
    "VERSION",
    "Concept",
    "Terminology",
    "concept",
    "concept_in_text",
    "families",
    "forgets",
    "in_force",
    "is_a",
    "plain",
    "related",
    "same_thing",
    "substance_of",
    "system_name",
    "take_up",
    "unknown",
]
