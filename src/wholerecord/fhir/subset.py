"""Part of a resource: `_elements` and `_summary`. Source: FHIR R4, Search, "Summary"."""

import msgspec
from starlette.datastructures import QueryParams

from wholerecord.fhir.problem import problem

_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ALWAYS = frozenset({"resourceType", "id", "meta"})
_SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}


def subset(body: bytes, query: QueryParams) -> bytes:
    """The elements asked for, marked as a part; all of it where no part is asked for.

    Raises:
        Problem: 400, a summary there is none of.
    """
    elements, summary = query.get("_elements"), query.get("_summary", "false")
    if summary not in {"false", "text", "data"}:
        raise problem(400, "not-supported", "_summary is text, data or false here.")
    if elements is None and summary == "false":
        return body
    top = _TOP.decode(body)
    if elements is not None:
        wanted = _ALWAYS.union(one.strip() for one in elements.split(","))
        kept = {name: said for name, said in top.items() if name.lstrip("_") in wanted}
    elif summary == "text":
        kept = {name: said for name, said in top.items() if name in {*_ALWAYS, "text"}}
    else:
        kept = {name: said for name, said in top.items() if name != "text"}
    meta = msgspec.json.decode(kept["meta"], type=dict[str, msgspec.Raw])
    tags: list[msgspec.Raw | dict[str, str]] = [_SUBSETTED]
    if "tag" in meta:
        tags = [*msgspec.json.decode(meta["tag"], type=list[msgspec.Raw]), _SUBSETTED]
    meta["tag"] = msgspec.Raw(msgspec.json.encode(tags))
    kept["meta"] = msgspec.Raw(msgspec.json.encode(meta))
    return msgspec.json.encode(kept)
