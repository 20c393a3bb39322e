"""Happenings as FHIR R4 resources, in the manner of UK Core, before a source bundles them.

Source: HL7 FHIR 4.0.1; UK Core STU3 (HL7 UK). Each source's own habits are in its own module.
"""
