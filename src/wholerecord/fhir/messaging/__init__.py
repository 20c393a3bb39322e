"""FHIR messaging: a message in, its response out. Source: FHIR R4, Messaging."""
