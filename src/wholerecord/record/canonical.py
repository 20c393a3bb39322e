"""JSON read without loss, and written one way.

Source: FHIR R4, JSON representation: the precision of a decimal is part of its meaning. RFC 8259
leaves duplicate keys undefined, so bytes with one could mean two things: they are not read.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

_READ: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_WRITE = msgspec.json.Encoder(decimal_format="number", order="sorted")
_AT_BYTE = re.compile(r"\(byte (\d+)\)")


class NotJson(ValueError):
    """These bytes are not JSON that means one thing. `place` says where they stop being so."""

    def __init__(self, why: str, place: str) -> None:
        super().__init__(why)
        self.place = place


def read_json(raw: bytes) -> Any:
    """The value `raw` says, every decimal as written.

    Raises:
        NotJson: not UTF-8 JSON, nested or a number beyond what a record needs, or a key said twice.
    """
    try:
        value = _READ.decode(raw)
        # A key said twice leaves fewer colons when written again; only then look closely.
        if raw.count(b":") != _WRITE.encode(value).count(b":"):
            json.loads(raw, object_pairs_hook=_no_duplicates)
    except msgspec.DecodeError as error:
        at = _AT_BYTE.search(str(error))
        raise NotJson("not JSON", f"byte {at[1]}" if at else "") from None
    except (UnicodeDecodeError, ValueError, RecursionError, InvalidOperation) as error:
        if isinstance(error, NotJson):
            raise
        raise NotJson("not JSON", "") from None
    return value


def canonical(value: Any) -> bytes:
    """`value` as UTF-8 JSON with sorted keys and no spaces. Equal values give equal bytes.

    >>> canonical(read_json(b'{"b": 4.50, "a": 1}'))
    b'{"a":1,"b":4.50}'
    """
    return _WRITE.encode(value)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise NotJson("an object says the same key twice", "")
    return said
