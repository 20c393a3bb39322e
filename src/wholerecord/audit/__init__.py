"""Every look, allowed or refused; sealed so that the list can be proved whole."""

from wholerecord.audit.merkle import Frontier
from wholerecord.audit.once import kept_once
from wholerecord.audit.opening import (
    Leaf,
    Log,
    Opening,
    Seal,
    Sealed,
    Tile,
    Verified,
    leaf,
    sealed_bytes,
)
from wholerecord.audit.prove import wrong_with
from wholerecord.audit.seal import Sealer, public_bytes, signing_key, verify
from wholerecord.audit.tiles import Tiles

__all__ = [
    "Frontier",
    "Leaf",
    "Log",
    "Opening",
    "Seal",
    "Sealed",
    "Sealer",
    "Tile",
    "Tiles",
    "Verified",
    "kept_once",
    "leaf",
    "public_bytes",
    "sealed_bytes",
    "signing_key",
    "verify",
    "wrong_with",
]
