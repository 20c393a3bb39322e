"""Prints what comparing two policies over one record costs: `python -m benchmarks.policy`.

The record is that of `benchmarks.fold`. A comparison is two folds and the difference of them, as
`wholerecord policy diff` makes for each person; beside it, in the same run, one fold.
"""

import gc
import json
import time
from statistics import median

from benchmarks.fold import person, timed
from benchmarks.machine import machine, spread
from wholerecord.fold import fold
from wholerecord.fold.compare import differences
from wholerecord.fold.policy import POLICY, Policy, policy_bytes
from wholerecord.fold.policy_check import check_policy

#: The rules that are other ones, and their values.
OTHER = {"conditions.acute-days.stroke": 7, "conditions.echo-days": 30, "procedures.echo-days": 30}


def other() -> Policy:
    """The shipped policy with other values."""
    file = json.loads(policy_bytes(POLICY)) | {"version": "benchmark"}
    for rule in file["rules"]:
        rule["value"] = OTHER.get(rule["id"], rule.get("value"))
    return check_policy(json.dumps(file).encode())


def main() -> None:
    """Print the figures."""
    print(machine())
    after = other()
    for count in (200, 2000):
        said = person(count)
        gc.collect()
        before_record, after_record = fold(said), fold(said, (), after)
        changed = differences(before_record, after_record)
        alone = [timed(lambda said=said: fold(said), time.process_time) for _ in range(15)]
        apart = [
            timed(
                lambda one=before_record, two=after_record: differences(one, two),
                time.process_time,
            )
            for _ in range(15)
        ]
        whole = [
            timed(
                lambda said=said: differences(fold(said), fold(said, (), after)),
                time.process_time,
            )
            for _ in range(15)
        ]
        print(f"{count} statements, {len(before_record.entries)} entries, {len(changed)} differ")
        print(f"  one fold        {spread(alone)}")
        print(f"  the difference  {spread(apart)}")
        print(f"  a comparison    {spread(whole)}; {median(whole) / median(alone):.1f} folds")


if __name__ == "__main__":
    main()
