"""What becomes of published payloads: the table in `docs/reference/published-payloads.md`.

    .venv/bin/python -m benchmarks.published ../shared/data

Takes in each folder as a source of its own, on a store of its own, then checks the sum.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import machine

FOLDERS = (
    *("gp-connect-records", "hl7v2", "synthea-r4", "clinosim-acute", "eps", "pds"),
    *("cda", "nhs111-cda", "pathology-edifact", "devices", "bars", "immunisation", "ips"),
    *("fhir-test-cases", "fhir-r4-core", "uk-core", "hl7v2-oracles", "synthea-gb-demographics"),
)


def main(data: Path) -> None:
    """Print the table, and the check's own words after it."""
    print(machine())
    print()
    print("| folder | files | messages | statements | people | parked, by reason | seconds |")
    print("|---|---:|---:|---:|---:|---|---:|")
    with tempfile.TemporaryDirectory(prefix="wholerecord-bench-") as folder:
        environment = {**os.environ, "WHOLERECORD_DATABASE": f"embedded:{folder}/database"}

        def run(*command: str) -> str:
            program = Path(sys.executable).parent / "wholerecord"
            return subprocess.run(  # noqa: S603 - our own program
                [str(program), *command],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            ).stdout

        people = 0
        for name in FOLDERS:
            said = json.loads(run("ingest", str(data / name), "--source", name).splitlines()[-1])
            parked = ", ".join(f"{n} {reason}" for reason, n in sorted(said["parked"].items()))
            print(
                f"| {name} | {said['files']:,} | {said['messages']:,} | {said['statements']:,} | "
                f"{said['people'] - people:,} | {parked or 'none'} | {said['seconds']:.1f} |"
            )
            people = said["people"]
        print()
        print(run("check"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
