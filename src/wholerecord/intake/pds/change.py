"""A change that PDS is asked to make to somebody.

Source: PDS FHIR API, "Update patient details": JSON Patch (RFC 6902) under `patches`, with the
version that was read in `If-Match`.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec

#: What the body of an update is called.
PATCH_TYPE = "application/json-patch+json"


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of a change: what is done at `path`, a JSON Pointer into the Patient, with what.

    Changing a name or an address names its `id` first, by a step that tests it: so PDS tells one
    address from another.
    """

    op: Literal["add", "replace", "remove", "test"]
    path: str
    value: Any = msgspec.UNSET

    def __repr__(self) -> str:
        return f"Change({self.op} …)"  # a repr can reach a log


def patches(changes: Sequence[Change]) -> bytes:
    """The body that asks for all of `changes`, in order.

    >>> patches([Change(op="replace", path="/gender", value="female")])
    b'{"patches":[{"op":"replace","path":"/gender","value":"female"}]}'
    """
    return msgspec.json.encode({"patches": changes})
