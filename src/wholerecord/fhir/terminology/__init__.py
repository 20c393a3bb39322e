"""FHIR's terminology operations over the releases in force: one file for each operation.

Nothing here is about a person. Whoever asks is signed in all the same: releases are licensed to the
site and not to the world.
"""

from wholerecord.fhir.terminology.routes import OPERATIONS, routes

__all__ = ["OPERATIONS", "routes"]
