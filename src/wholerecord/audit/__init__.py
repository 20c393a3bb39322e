"""Every look, allowed or refused; sealed so that the list can be proved whole."""

from wholerecord.audit.merkle import Frontier
from wholerecord.audit.once import kept_once
from wholerecord.audit.opening import Log, Opening, Seal, Verified, leaf
from wholerecord.audit.seal import Sealer, public_bytes, signing_key, verify

__all__ = [
    "Frontier",
    "Log",
    "Opening",
    "Seal",
    "Sealer",
    "Verified",
    "kept_once",
    "leaf",
    "public_bytes",
    "signing_key",
    "verify",
]
