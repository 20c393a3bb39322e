"""Named queries from a .sql file, read once at import."""

import re
from importlib.resources import files
from typing import Any, LiteralString, cast

_HEADER = re.compile(r"^-- name: ([a-z_]+)\n", re.MULTILINE)
_PACKAGE = "wholerecord.storage.postgres"


def text(path: str) -> LiteralString:
    """The text of a .sql file of this package.

    It ships with the code, so it is as trusted as a literal; this is the one cast that says so.
    """
    said: Any = files(_PACKAGE).joinpath(path).read_text("utf-8")
    return cast("LiteralString", said)


def queries(path: str) -> dict[str, LiteralString]:
    """The queries of a file by name, without the comments that say what they are.

    Raises:
        ValueError: two queries share a name.
    """
    said = text(path)
    names: list[str] = _HEADER.findall(said)
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two queries share a name")
    marked: Any = _HEADER.sub("\0", said)
    bodies = cast("LiteralString", marked).split("\0")[1:]
    return dict(zip(names, (body.strip() for body in bodies), strict=True))


QUERIES = queries("queries.sql")
