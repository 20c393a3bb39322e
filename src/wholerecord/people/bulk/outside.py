"""Libraries that do not say their types to the end, as Any, in this one place."""

from typing import Any

import pyarrow as arrow  # noqa: ICN001 - `pa` is what is given out  # pyright: ignore[reportMissingTypeStubs]
import splink

pa: Any = arrow
DuckDBAPI: Any = splink.DuckDBAPI
Linker: Any = splink.Linker
SettingsCreator: Any = splink.SettingsCreator
block_on: Any = splink.block_on
