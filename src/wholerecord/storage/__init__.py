"""Where things are kept: `postgres`, and `memory`, the plain reference it is compared with."""

from wholerecord.storage.open import open_store

__all__ = ["open_store"]
