"""What machine this is, and how a figure is said."""

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles


def machine() -> str:
    """Processor, cores, memory, Python: one line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].split(":", 1)[1].strip() if names else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.release()}, Python {sys.version.split()[0]}"
    )


def spread(seconds: Sequence[float], unit: float = 1000, name: str = "ms") -> str:
    """Median, 95th percentile and the raw smallest and largest of some durations."""
    p95 = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return (
        f"p50 {median(seconds) * unit:.2f} {name}, p95 {p95 * unit:.2f} {name} "
        f"(min {min(seconds) * unit:.2f}, max {max(seconds) * unit:.2f}, n {len(seconds)})"
    )
