"""How often sources say a thing late, vaguely, twice or not at all: each rate with its source."""

import json
from pathlib import Path

_SAID = json.loads(Path(__file__).with_name("rates.json").read_text(encoding="utf-8"))

#: The rates by name, 0 to 1.
RATES: dict[str, float] = {name: said["value"] for name, said in _SAID.items()}
#: The source of each: a paper, or the word "Assumption".
SOURCES: dict[str, str] = {name: said["source"] for name, said in _SAID.items()}
