"""What types the elements of resources have, as DuckDB finds them in the JSON itself.

So no StructureDefinition is needed, extensions and profiles included: what no resource has gives
nothing anywhere.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from wholerecord.research.views.view import BadView

#: DuckDB's `json_group_structure` → what we call it.
_KINDS = {
    "VARCHAR": "text",
    "BIGINT": "whole",
    "UBIGINT": "whole",
    "DOUBLE": "number",
    "BOOLEAN": "truth",
    "NULL": "nothing",
}
#: What we call it → the column type.
SQL = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "truth": "BOOLEAN",
    "nothing": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """`kind` is text, whole, number, truth, nothing, mixed, or element, which has `fields`.

    `many`: there is a list of it.
    """

    kind: str
    many: bool = False
    fields: Mapping[str, "Shape"] = field(default_factory=dict[str, "Shape"])


NOTHING, TEXT, WHOLE = Shape("nothing"), Shape("text"), Shape("whole")
NUMBER, TRUTH = Shape("number"), Shape("truth")


def shape_of(structure: str) -> Shape:
    """The shape that `json_group_structure` says."""
    return _shape(json.loads(structure))


def _shape(said: Any) -> Shape:
    match said:
        case [one]:
            shape = _shape(one)
            if shape.many:
                return Shape("mixed")  # a list of lists is nowhere in FHIR
            return Shape(shape.kind, many=True, fields=shape.fields)
        case {**fields}:
            return Shape("element", fields={str(name): _shape(one) for name, one in fields.items()})
        case str():
            return Shape(_KINDS.get(said, "mixed"))
        case _:
            return Shape("mixed")


def pruned(shape: Shape, names: Collection[str]) -> Shape:
    """Only the elements so named: what a view does not name is never read."""
    fields = {name: pruned(one, names) for name, one in shape.fields.items() if name in names}
    if shape.fields and not fields:
        first = min(shape.fields)
        fields = {first: pruned(shape.fields[first], names)}
    return Shape(shape.kind, many=shape.many, fields=fields)


def structure(shape: Shape) -> Any:
    """As `json_transform` takes it."""
    one: Any = (
        {name: structure(field) for name, field in shape.fields.items()}
        if shape.fields
        else SQL.get(shape.kind, "JSON")
    )
    return [one] if shape.many else one


def ddl(shape: Shape) -> str:
    """As Spark's `from_json` takes it."""
    words = {"VARCHAR": "STRING"}
    inner = ", ".join(f"`{name}`: {ddl(one)}" for name, one in shape.fields.items())
    sql = SQL.get(shape.kind, "VARCHAR")
    one = f"STRUCT<{inner}>" if shape.fields else words.get(sql, sql)
    return f"ARRAY<{one}>" if shape.many else one


def known(shape: Shape, name: str) -> Shape:
    """The shape of an element, `NOTHING` when no resource has it.

    Raises:
        BadView: resources differ in whether it is an element, a list or a value.
    """
    found = shape.fields.get(name, NOTHING)
    if found.kind == "mixed":
        raise BadView(f"{name} is now a value and now an element, so it has no type.")
    return found
