"""FHIR R4 through the same door: what sources said at `/fhir`, the one record at `/record/fhir`."""

from wholerecord.fhir.record import routes as record_routes
from wholerecord.fhir.request import Api
from wholerecord.fhir.routes import base, routes

__all__ = ["Api", "base", "record_routes", "routes"]
