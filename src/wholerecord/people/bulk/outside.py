"""Libraries that do not say their types to the end, as Any, in this one place."""

from importlib import import_module
from typing import Any

pa: Any = import_module("pyarrow")
_sparse: Any = import_module("scipy.sparse")
_graph: Any = import_module("scipy.sparse.csgraph")
coo_array: Any = _sparse.coo_array
connected_components: Any = _graph.connected_components
sqlglot: Any = import_module("sqlglot")
