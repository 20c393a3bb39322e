"""FHIR in JSON: R4 as it is, GP Connect's STU3 made R4."""

from wholerecord.intake.fhir.read import read

__all__ = ["read"]
