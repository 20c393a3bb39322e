"""Every look, allowed or refused; sealed so that the list can be proved whole."""

from wholerecord.audit.merkle import Frontier
from wholerecord.audit.once import kept_once
from wholerecord.audit.opening import Log, Opening, Seal, Verified, leaf
from wholerecord.audit.prove import wrong_with
from wholerecord.audit.seal import Sealer, public_bytes, signing_key, verify
from wholerecord.audit.tiles import Tiles

__all__ = [
    "Frontier",
    "Log",
    "Opening",
    "Seal",
    "Sealer",
    "Tiles",
    "Verified",
    "kept_once",
    "leaf",
    "public_bytes",
    "signing_key",
    "verify",
    "wrong_with",
]
