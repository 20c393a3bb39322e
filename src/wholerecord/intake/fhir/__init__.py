"""FHIR in JSON and XML: R4 as it is, GP Connect's STU3 made R4."""

from wholerecord.intake.fhir.read import read
from wholerecord.intake.fhir.written import read_written
from wholerecord.intake.fhir.xml import read_xml

__all__ = ["read", "read_written", "read_xml"]
