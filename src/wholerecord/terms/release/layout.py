"""How a release lies in its file: a head, then plain arrays, each beginning at a multiple of eight.

Nothing is unpacked when the file is opened: the arrays are looked into where they lie, so a release
of a million concepts opens in a millisecond and its pages are shared by every process.

    MAGIC, the head's length (4 bytes), the head (JSON), the sections, END

| section | type | what |
|---|---|---|
| keys | Q | every code's key, sorted; a code's place here is its row number |
| record_at, records | Q, bytes | each row's `Term` as MessagePack |
| up_at, up | I, I | each row's ancestors, sorted: all of them, not itself |
| down_at, down | I, I | each row's direct kinds |
| text_keys, text_rows | Q, I | the key of each thing a row is called, sorted, and the row |
| back_keys, back_rows | Q, I | the key of each code mapped to, sorted, and the row that maps |
| token_at, tokens | I, bytes | the words of all names, sorted |
| post_at, posts | I, I | the rows in whose names each word is |
"""

import sys
from collections.abc import Mapping
from hashlib import blake2b
from typing import Literal

import msgspec

MAGIC = b"WRTERMS1"
END = b"WRTERMS."
#: What an element of each section is.
TYPES: Mapping[str, Literal["Q", "I", "B"]] = {
    "keys": "Q",
    "record_at": "Q",
    "records": "B",
    "up_at": "I",
    "up": "I",
    "down_at": "I",
    "down": "I",
    "text_keys": "Q",
    "text_rows": "I",
    "back_keys": "Q",
    "back_rows": "I",
    "token_at": "I",
    "tokens": "B",
    "post_at": "I",
    "posts": "I",
}
_HASHED = 1 << 63


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself. `sections` are offset and length in bytes by name."""

    kind: str
    system: str
    version: str
    title: str
    rows: int
    pairs: int
    facts: dict[str, str] = {}
    order: str = sys.byteorder
    sections: dict[str, tuple[int, int]] = {}


def key(code: str) -> int:
    """The key of a code, 64 bits: a number stands for itself, anything else for its BLAKE2b.

    SNOMED CT identifiers have at most 18 digits (RF2 specification, 6.2), which is below 2^60.
    """
    if code.isascii() and code.isdigit() and len(code) <= 18 and code[0] != "0":
        return int(code)
    return text_key(code)


def text_key(text: str) -> int:
    """The key of any words, 64 bits."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") | _HASHED


def map_key(system: str, code: str) -> int:
    """The key of a code in a system, 64 bits. Dots are not told apart: `I639` is `I63.9`."""
    return text_key(f"{system}|{code.replace('.', '')}")
