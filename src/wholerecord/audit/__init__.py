"""Every look, allowed or refused; sealed so that the list can be proved whole."""

from wholerecord.audit.opening import Log, Opening, Seal, Verified, leaf

__all__ = ["Log", "Opening", "Seal", "Verified", "leaf"]
