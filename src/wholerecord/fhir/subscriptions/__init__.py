"""Being told of what is said: topics, subscriptions, notifications.

Source: HL7 Subscriptions R5 Backport IG 1.1.0, its FHIR R4 form.
"""
