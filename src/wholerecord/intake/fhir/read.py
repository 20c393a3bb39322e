"""FHIR in JSON read: `read(kept) -> Reading | Unreadable`. Pure; never raises.

Source: FHIR R4 (4.0.1), JSON representation, Bundle, and Bulk Data's NDJSON.
"""

from collections.abc import Sequence

from wholerecord.intake.fhir.file import file_scope
from wholerecord.intake.fhir.gather import Gathered
from wholerecord.intake.fhir.items import Item, Scope, lines_scope, scopes_of
from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object, text
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable
from wholerecord.record import NotJson, read_json

_BOM = b"\xef\xbb\xbf"
#: Bundles that only answer a request: without a resource they say nothing of anyone.
_ANSWERS = frozenset({"transaction-response", "batch-response"})
#: Types that are never a statement of their own when they come alone.
_NOT_STATEMENTS = {
    "OperationOutcome": (Reason.NO_PATIENT, "OperationOutcome: another system's answer or error"),
    "Parameters": (Reason.NOT_READ_YET, "Parameters without a resource: input of an operation"),
}
_NO_TYPE = Fault(reason=Reason.NOT_RECOGNISED, detail="JSON that names no resourceType")


def read(kept: Kept) -> Reading | Unreadable:
    """What a FHIR message says: a Bundle, one resource, an array of them, or one on each line."""
    body = kept.body.removeprefix(_BOM)
    if not body.strip():
        return Unreadable(fault=Fault(reason=Reason.EMPTY))
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Unreadable(fault=Fault(reason=Reason.NOT_TEXT, detail="JSON must be UTF-8"))
    if _is_lines(body):
        return _lines(kept.source, body)
    try:
        value = read_json(body)
    except NotJson as error:
        return Unreadable(fault=_not_json(body, error))
    if is_array(value):
        if not any(an_object(one).get("resourceType") for one in value):
            return Unreadable(fault=_NO_TYPE)
        items = tuple(Item(resource=one, place=f"[{n}]") for n, one in enumerate(value))
        return _read(kept.source, list(lines_scope(items)), [])
    if not is_object(value) or not text(value.get("resourceType")):
        return Unreadable(fault=_NO_TYPE)
    return read_resource(kept.source, value)


def read_resource(source: str, resource: Object) -> Reading | Unreadable:
    """What one resource says, or all that it is an envelope of."""
    kind = text(resource.get("resourceType"))
    scopes = list(scopes_of(resource))
    items = [item for scope in scopes for item in scope.items]
    if kind == "Bundle" and not items:
        return _empty(resource)
    if text(resource.get("type")) in _ANSWERS and not any(item.resource for item in items):
        detail = f"Bundle of type {resource['type']}: an answer without resources"
        return Unreadable(fault=Fault(reason=Reason.NOT_READ_YET, detail=detail))
    if kind in _NOT_STATEMENTS and not any(item.resource is not resource for item in items):
        reason, detail = _NOT_STATEMENTS[kind]
        return Unreadable(fault=Fault(reason=reason, place=kind, detail=detail))
    return _read(source, scopes, [])


def _empty(bundle: Object) -> Reading | Unreadable:
    """Nothing found is an answer; nothing sent is a mistake."""
    entries = bundle.get("entry", [])
    if entries and not isinstance(entries, list):
        fault = Fault(reason=Reason.NOT_FHIR, place="Bundle", detail="Bundle.entry: not an array")
        return Unreadable(fault=fault)
    if text(bundle.get("type")) in {"searchset", "history"}:
        return Reading()
    return Unreadable(fault=Fault(reason=Reason.EMPTY, place="Bundle", detail="no entry"))


def _lines(source: str, body: bytes) -> Reading | Unreadable:
    items: list[Item] = []
    faults: list[Fault] = []
    for n, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            items.append(Item(resource=read_json(line), place=f"line {n}"))
        except NotJson:
            faults.append(Fault(reason=Reason.NOT_JSON, place=f"line {n}"))
    return _read(source, list(lines_scope(tuple(items))), faults)


def _read(source: str, scopes: Sequence[Scope], faults: Sequence[Fault]) -> Reading | Unreadable:
    gathered = Gathered(source)
    gathered.faults.extend(faults)
    alone = 0
    for scope in scopes:
        alone += len(scope.items)
        file_scope(scope, gathered)
    reading = gathered.reading()
    if not (reading.patients or reading.directory or reading.merges):
        return _nothing(reading, alone)
    return reading


def _nothing(reading: Reading, items: int) -> Reading | Unreadable:
    """One fault for the whole where nothing could be filed and every fault is the same."""
    reasons = {(fault.reason, fault.detail) for fault in reading.faults}
    whole = len(reading.faults) == 1 or (
        len(reasons) == 1 and reading.faults[0].reason is Reason.OTHER_VERSION
    )
    return Unreadable(fault=reading.faults[0]) if whole and items else reading


def _is_lines(body: bytes) -> bool:
    """Whether this is one JSON object to a line, and more than one line, good or bad."""
    first, _, rest = body.strip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    return _is_json(first) or _every_line_is_an_object(rest)


def _is_json(line: bytes) -> bool:
    if not line.rstrip().endswith(b"}"):
        return False
    try:
        read_json(line)
    except NotJson:
        return False
    return True


def _every_line_is_an_object(rest: bytes) -> bool:
    return all(line.lstrip().startswith(b"{") for line in rest.split(b"\n") if line.strip())


def _not_json(body: bytes, error: NotJson) -> Fault:
    if not body.rstrip().endswith((b"}", b"]")):
        return Fault(reason=Reason.CUT_SHORT, place=error.place)
    return Fault(reason=Reason.NOT_JSON, place=error.place, detail=str(error))
