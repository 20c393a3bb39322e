"""FHIR R4 through the same door: what sources said at `/fhir`, the one record at `/record/fhir`."""

from wholerecord.fhir.bulk.exports import Exports
from wholerecord.fhir.limits import limits
from wholerecord.fhir.nowhere import nowhere, whole
from wholerecord.fhir.profiles import Definitions, Profiles
from wholerecord.fhir.record import routes as record_routes
from wholerecord.fhir.request import Api
from wholerecord.fhir.routes import base, routes
from wholerecord.fhir.search.cursor import Cursors

__all__ = [
    "Api",
    "Cursors",
    "Definitions",
    "Exports",
    "Profiles",
    "base",
    "limits",
    "nowhere",
    "record_routes",
    "routes",
    "whole",
]
