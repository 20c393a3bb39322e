"""Codes: what they mean, and which means the same as or is a kind of which.

A small closed value set of our own (`concepts.json`), for the demonstration. What is not in it is
not guessed: whoever asks gets None and compares codes and words as they stand.
"""

from wholerecord.terms.concept import CONCEPTS, VERSION, Concept
from wholerecord.terms.find import concept, concept_in_text, plain, substance_of, system_name
from wholerecord.terms.relate import is_a, related, same_thing

__all__ = [
    "CONCEPTS",
    "VERSION",
    "Concept",
    "concept",
    "concept_in_text",
    "is_a",
    "plain",
    "related",
    "same_thing",
    "substance_of",
    "system_name",
]
