"""FHIR R4 through the same door: what sources said at `/fhir`, the one record at `/record/fhir`."""

from wholerecord.fhir.bulk.exports import Exports
from wholerecord.fhir.limits import limits
from wholerecord.fhir.nowhere import nowhere, whole
from wholerecord.fhir.profiles import Definitions, Profiles
from wholerecord.fhir.record import routes as record_routes
from wholerecord.fhir.request import Api
from wholerecord.fhir.routes import base, routes, sockets
from wholerecord.fhir.search.cursor import Cursors
from wholerecord.fhir.subscriptions.live import Live

__all__ = [
    "Api",
    "Cursors",
    "Definitions",
    "Exports",
    "Live",
    "Profiles",
    "base",
    "limits",
    "nowhere",
    "record_routes",
    "routes",
    "sockets",
    "whole",
]
