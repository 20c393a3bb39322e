"""A resource that its source sent otherwise than FHIR R4 has its type: marked as it is served.

Nothing that a source said is lost for being wrong, and nobody is to take it for right: `meta.tag`
says so in the resource itself, wherever it leaves, and `GET …/$validate` says what is wrong. A
client's own write was held against R4 before it was filed. See decision 62.
"""

from typing import Any

import msgspec

from wholerecord.fhir.validation import wrong
from wholerecord.intake.fhir.shape import is_array, is_object
from wholerecord.record import Statement, canonical, read_json
from wholerecord.record.source import is_app

#: What is said of it: the code, beside the one of what was taken back.
MARK = {
    "system": "https://wholerecord.example/CodeSystem/said",
    "code": "invalid",
    "display": "Not as FHIR R4 has its type: $validate says where",
}
_CODED = b'"invalid"'


def is_marked(statement: Statement) -> bool:
    """Whether what a feed said is not as R4 has its type.

    Of a resource that contains or holds others, so is what is within.
    """
    if is_app(statement.source):
        return False
    return bool(wrong(statement.kind, read_json(statement.body)))


def says_so(body: bytes) -> bool:
    """Whether a body may say of itself that it is marked, which is the server's to say."""
    return _CODED in body


def with_mark(meta: dict[str, msgspec.Raw], *, marked: bool) -> None:
    """Put the mark into a `meta`, or take it out; the tags that were said stay."""
    tags: Any = read_json(bytes(meta["tag"])) if "tag" in meta else None
    said: list[Any] = tags if is_array(tags) else [] if tags is None else [tags]
    kept = [*(one for one in said if not _is_mark(one)), *([MARK] if marked else [])]
    if kept:
        meta["tag"] = msgspec.Raw(canonical(kept))
    else:
        meta.pop("tag", None)


def _is_mark(tag: Any) -> bool:
    return is_object(tag) and (tag.get("system"), tag.get("code")) == (MARK["system"], MARK["code"])
