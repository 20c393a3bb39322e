"""The International Patient Summary of the one record: a FHIR document that stands by itself.

Source: HL7 International Patient Summary Implementation Guide 2.0.0 (STU 2), which follows ISO
27269. What is so now, and what must not be missed; the whole record is `$everything`.
"""

from wholerecord.fhir.record.summary.operation import summary
from wholerecord.fhir.record.summary.pieces import Summaries

__all__ = ["Summaries", "summary"]
