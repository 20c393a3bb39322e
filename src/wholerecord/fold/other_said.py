"""What a statement of a type that no rule knows says: every field of it, by its own name.

Nothing that people can read is dropped: what `plain_said` has no label for is shown by the field's
name in words.
"""

from typing import Any

import msgspec
from msgspec.structs import fields, replace

from wholerecord.fold.names import type_name
from wholerecord.fold.plain_said import PlainSaid
from wholerecord.fold.texts import texts_in

#: What is about the resource and not in it, or no words at all.
_NOT_SAID = frozenset(
    {
        *("resourceType", "id", "meta", "text", "contained", "extension", "modifierExtension"),
        *("implicitRules", "language", "identifier", "subject", "patient", "data", "basedOn"),
    }
)
_READ = frozenset(field.encode_name for field in fields(PlainSaid))
#: How many such fields are shown, and how much of each: a page stays a page.
_MOST, _LONGEST = 60, 4000
_PLAIN = msgspec.json.Decoder(PlainSaid).decode
_ALL = msgspec.json.Decoder(dict[str, Any]).decode


def read_other(body: bytes) -> PlainSaid:
    """`body` with all that its labelled fields do not hold. A decode error where it is not JSON."""
    said = _PLAIN(body)
    more = [
        (type_name(name), "; ".join(dict.fromkeys(texts_in(value)))[:_LONGEST])
        for name, value in _ALL(body).items()
        if name not in _READ and name not in _NOT_SAID
    ]
    lines = tuple((label, words) for label, words in more if words)[:_MOST]
    return replace(said, everything_else=lines) if lines else said
