"""The one record as FHIR R4, read only: the fold of what every source said of a person."""

from wholerecord.fhir.record.routes import routes

__all__ = ["routes"]
