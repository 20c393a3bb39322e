"""The named queries of this package's .sql file, read once."""

import re
from importlib.resources import files

_HEADER = re.compile(r"^-- name: ([a-z_]+)\n", re.MULTILINE)
_TEXT = (files("wholerecord.research.singling") / "singling.sql").read_text(encoding="utf-8")

#: Each query by its name.
QUERIES = dict(
    zip(
        _HEADER.findall(_TEXT),
        (one.strip() for one in _HEADER.split(_TEXT)[2::2]),
        strict=True,
    )
)
