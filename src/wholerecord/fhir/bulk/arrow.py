"""Arrow, as far as an export's files need it: its package has no types."""

from typing import Any

import pyarrow as _arrow  # noqa: ICN001 - `pa` is what is given out  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as _parquet  # pyright: ignore[reportMissingTypeStubs]

pa: Any = _arrow
pq: Any = _parquet
