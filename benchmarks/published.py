"""What becomes of published payloads: writes `docs/reference/published-payloads.md`.

    .venv/bin/python -m benchmarks.published ../shared/data

Takes in each folder as a source of its own, on a store of its own, and again, then checks the sum.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from wholerecord.intake import Reason

FOLDERS = (
    *("gp-connect-records", "hl7v2", "synthea-r4", "clinosim-acute", "eps", "pds"),
    *("cda", "nhs111-cda", "pathology-edifact", "devices", "bars", "immunisation", "ips"),
    *("fhir-test-cases", "fhir-r4-core", "uk-core", "hl7v2-oracles", "synthea-gb-demographics"),
)

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "published-payloads.md"
# ruff: noqa: E501 - a page of Markdown
_BEFORE = """\
# Published payloads

What other people published, taken in as it is: each folder as a source of its own that has declared nothing, on one store.
This page is written by a command:

```sh
.venv/bin/python -m benchmarks.published ../shared/data
```

Nothing raised, every file is kept byte for byte, and the same folder again changed nothing. What is parked is parked for
what the sender, or a declaration of the source, must say; README files, licences and listings stand in these folders
too and are parked like any other file that is no message.

"""
_HEAD = (
    "| folder | files | messages | statements | people | parked, by reason | seconds |\n"
    "|---|---:|---:|---:|---:|---|---:|"
)
_AFTER = """
`../shared/data` holds three more folders that no system sends: mapping tables, terminology and organisation data.

## Against what others make of the same

Where a folder holds what another program expects of its own payloads, the page of the reader has the fields that agree and
differ, and every class of difference with its reason: [HL7 v2](readers/hl7v2.md#beside-another-converter),
[EDIFACT](readers/edifact.md#against-published-messages), [CDA](readers/cda.md) and
[GP2GP](readers/gp2gp.md#against-published-records).
"""


def main(data: Path) -> None:
    """Print the table as it is made, and write the page."""
    print(machine())
    print(_HEAD)
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

        rows: list[str] = []
        people = 0
        for name in FOLDERS:
            words = ("ingest", str(data / name), "--source", name)
            said = json.loads(run(*words).splitlines()[-1])
            again = json.loads(run(*words).splitlines()[-1])
            if again["statements"] or again["again"] != again["messages"]:
                raise SystemExit(f"{name}: the same folder again changed something")
            rows.append(_row(name, said, said["people"] - people))
            print(rows[-1], flush=True)
            people = said["people"]
        checked = json.loads(run("check", "--json").splitlines()[-1])["reckoning"]
    if checked["wrong"]:
        raise SystemExit("\n".join(checked["wrong"]))
    sums = (
        f"\nIn all {checked['kept']:,} messages. `wholerecord check` afterwards: nothing is lost, "
        f"{checked['waiting']} wait.\nMachine: {machine()}.\n"
    )
    PAGE.write_text(_BEFORE + "\n".join((_HEAD, *rows)) + "\n" + sums + _AFTER, "utf-8")


def _row(name: str, said: dict[str, Any], people: int) -> str:
    """One folder's row of the table, from the summary of its ingest."""
    parked = ", ".join(
        f"{n:,} {Reason[reason].value}" for reason, n in sorted(said["parked"].items())
    )
    refused = f"; not taken: {len(said['refused'])}" if said["refused"] else ""
    return (
        f"| {name} | {said['files']:,} | {said['messages']:,} | {said['statements']:,} | "
        f"{people:,} | {parked or 'none'}{refused} | {said['seconds']:.1f} |"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
