"""FHIR R4, read side: one file per interaction, all through the same door."""

from wholerecord.fhir.request import Api
from wholerecord.fhir.routes import routes

__all__ = ["Api", "routes"]
