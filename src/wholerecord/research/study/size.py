"""How large an expression is when all of it is written out."""

from typing import Any

from wholerecord.research.study.nodes import parts

#: Nodes of one expression. More than anybody writes, and little enough to plan at once.
MOST = 1_000
_DEEPEST = 60


def size(said: Any, depth: int = 0) -> int:
    """The nodes of an expression, counting one that stands in two places twice.

    It stops counting beyond `MOST`, and counts what stands too deep as too much.
    """
    if depth > _DEEPEST:
        return MOST + 1
    total = 1
    for part in parts(said):
        total += size(part, depth + 1)
        if total > MOST:
            break
    return total
