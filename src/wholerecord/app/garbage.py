"""How often the process looks for cycles of garbage."""

import gc

#: New objects between looks at the young, and looks before the older are looked at too. A fold
#: makes hundreds of thousands at once, none of them in cycles: by the defaults (700, 10, 10) the
#: slowest first screens of `benchmarks.screen` took a quarter to two thirds longer.
_YOUNG, _MIDDLE, _OLD = 100_000, 50, 100


def collect_seldom() -> None:
    """Leave what is loaded out of it, and look less often. For a process that serves, or reads."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
