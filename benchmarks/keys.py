"""What encrypting bodies costs: `python -m benchmarks.keys`.

A 2 kB body packed and unpacked, with and without a data key; and a data key made and wrapped. One
process, one core, the best of seven runs in which the two take turns.
"""

import os
import time
from collections.abc import Callable

from benchmarks.machine import machine
from wholerecord.storage.keyring import Keyring
from wholerecord.storage.postgres.bodies import Bodies
from wholerecord.storage.sealed import DataKey, key_place, new_key, statement_place

_TIMES, _RUNS = 5000, 7


def seconds(work: Callable[[], object]) -> float:
    """Seconds for one call, of many."""
    began = time.perf_counter()
    for _ in range(_TIMES):
        work()
    return (time.perf_counter() - began) / _TIMES


def main() -> None:
    """Measure and print."""
    print(machine())
    bodies, ring = Bodies(), Keyring({"bench": new_key()})
    text = b'{"resourceType":"Observation","note":"' + os.urandom(500).hex().encode()
    body = (text + b'"}').ljust(2000)
    key, place = DataKey.of(1, new_key()), statement_place(1, 1, 0)
    _, plain = bodies.pack("Observation", body)
    sealed = key.seal(plain, place)
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "written": (
            lambda: bodies.pack("Observation", body),
            lambda: key.seal(bodies.pack("Observation", body)[1], place),
        ),
        "read": (
            lambda: bodies.unpack(0, plain),
            lambda: bodies.unpack(0, key.open(sealed, place)),
        ),
    }
    for name, (without, with_) in pairs.items():
        runs = [(seconds(without), seconds(with_)) for _ in range(_RUNS)]
        one, two = min(a for a, _ in runs), min(b for _, b in runs)
        raw = [(round(a * 1e6, 2), round(b * 1e6, 2)) for a, b in runs]
        print(
            f"2 kB body {name}: {one * 1e6:.2f} µs without, {two * 1e6:.2f} µs encrypted, "
            f"ratio {two / one:.2f}; raw {raw}"
        )
    wrapped = ring.wrap(new_key(), key_place(1, 1))
    made = min(seconds(lambda: ring.wrap(new_key(), key_place(1, 1))) for _ in range(_RUNS))
    opened = min(
        seconds(lambda: DataKey.of(1, ring.unwrap(wrapped, key_place(1, 1)))) for _ in range(_RUNS)
    )
    print(f"data key made and wrapped {made * 1e6:.2f} µs, unwrapped {opened * 1e6:.2f} µs")
    print(f"bytes: {len(plain)} without, {len(sealed)} encrypted")


if __name__ == "__main__":
    main()
