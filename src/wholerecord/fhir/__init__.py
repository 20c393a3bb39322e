"""FHIR R4, one file per interaction, through the same door."""
