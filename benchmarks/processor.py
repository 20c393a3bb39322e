"""Seconds of processor that this program and a database server have taken, children and all.

A rate measured on a machine that others use is theirs as much as ours; what it takes of the
processors is ours alone.
"""

import os
from collections import defaultdict
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor(*roots: int) -> float:
    """Seconds that this process, those of `roots`, and all their children have taken so far."""
    took: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for each in Path("/proc").iterdir():
        if not each.name.isdigit():
            continue
        try:
            said = (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended
            continue
        children[int(said[1])].append(int(each.name))
        took[int(each.name)] = sum(map(int, said[11:15]))  # its own, and that of its dead children
    waiting, seen = [os.getpid(), *roots], set[int]()
    while waiting:
        pid = waiting.pop()
        if pid not in seen:
            seen.add(pid)
            waiting += children[pid]
    return sum(took.get(pid, 0) for pid in seen) / _TICKS
