"""Resources in DuckDB, and the rows of views over them."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import BOOLEAN, VARCHAR

from wholerecord.record import canonical
from wholerecord.research.arrow import pa
from wholerecord.research.views.boundary import boundary
from wholerecord.research.views.compile import compile_view
from wholerecord.research.views.shapes import Shape, shape_of, structure
from wholerecord.research.views.typed import BOUNDARY
from wholerecord.research.views.view import View

_BODY = pa.schema([pa.field("body", pa.string())])
_TYPE = "json_extract_string(body, '$.resourceType')"


class Resources:
    """FHIR resources, by type, that views can be asked of."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, bodies: duckdb.DuckDBPyRelation) -> None:
        self._engine = engine
        self._bodies = bodies
        self._shapes: dict[str, Shape] = {}
        self._held: set[str] = set()
        _teach(engine)

    @classmethod
    def of(
        cls, engine: duckdb.DuckDBPyConnection, resources: Iterable[Mapping[str, Any]]
    ) -> "Resources":
        """These resources, as read from JSON."""
        bodies = [canonical(resource).decode() for resource in resources]
        table = engine.from_arrow(pa.table([bodies], schema=_BODY))
        return cls(engine, table.project("body::JSON AS body"))

    @classmethod
    def in_file(cls, engine: duckdb.DuckDBPyConnection, file: Path) -> "Resources":
        """The resources in an NDJSON file, one a line, as bulk export writes them."""
        read = engine.table_function("read_ndjson_objects", [str(file)])
        return cls(engine, read.project("json AS body"))

    def shape(self, type: str) -> Shape:
        """What the resources of a type have."""
        if type not in self._shapes:
            found = self._of(type).aggregate("json_group_structure(body)").fetchone()
            said = found[0] if found else None
            self._shapes[type] = shape_of(said) if said else Shape("element")
        return self._shapes[type]

    def hold(self, kind: str) -> None:
        """Read the resources of a type once, into structs, for several views to be asked of."""
        said = json.dumps(structure(self.shape(kind)))
        read = duckdb.FunctionExpression(
            "json_transform", duckdb.ColumnExpression("body"), duckdb.ConstantExpression(said)
        )
        self._of(kind).select(read.alias("r")).create(f"held_{kind}")
        self._held.add(kind)

    def rows(self, view: View) -> duckdb.DuckDBPyRelation:
        """The rows of a view, lazily.

        Raises:
            BadView: a path has no meaning for these resources.
        """
        shape = self.shape(view.resource)
        if view.resource in self._held:
            table = f"held_{view.resource}"
            return self._engine.sql(compile_view(view, shape, table=table, held=True))
        name = f"resources_{view.resource}"
        self._of(view.resource).create_view(name, replace=True)
        return self._engine.sql(compile_view(view, shape, table=name))

    def _of(self, type: str) -> duckdb.DuckDBPyRelation:
        return self._bodies.filter(duckdb.SQLExpression(_TYPE) == duckdb.ConstantExpression(type))


def _teach(engine: duckdb.DuckDBPyConnection) -> None:
    """Give the engine the function that boundaries are."""
    known = engine.sql("FROM duckdb_functions()").filter(f"function_name = '{BOUNDARY}'")
    if known.fetchone() is None:
        engine.create_function(
            BOUNDARY,
            _bound,
            [VARCHAR, BOOLEAN, BOOLEAN],
            VARCHAR,
            null_handling=FunctionNullHandling.SPECIAL,
        )


def _bound(text: str | None, date: bool, high: bool) -> str | None:  # noqa: FBT001 - a database calls it
    """See `boundary`."""
    return None if text is None else boundary(text, "date" if date else "", high=high)
