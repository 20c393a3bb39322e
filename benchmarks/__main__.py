"""`make bench`: every benchmark, one after another."""

import subprocess
import sys

for name in ("mllp", "sustained", "people", "fold", "store", "screen", "hl7", "audit"):
    print(f"\n== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)  # noqa: S603 - our own
