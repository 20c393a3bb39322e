"""GP2GP: a whole GP record in HL7 v3, as one practice hands it to the next."""

from wholerecord.intake.hl7v3.read import read

__all__ = ["read"]
