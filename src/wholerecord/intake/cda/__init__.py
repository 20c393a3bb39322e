"""CDA R2: C-CDA, NHS ITK (NHS 111) and documents that embed a letter."""

from wholerecord.intake.cda.read import read

__all__ = ["read"]
