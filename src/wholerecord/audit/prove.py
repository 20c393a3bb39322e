"""Check the evidence that somebody was given of who looked at their record. Python alone is enough.

    python prove.py evidence.json [published-seals.log]

Copy this file anywhere: it needs nothing but Python's own library, and trusts nobody. It checks

1. that the checkpoint is signed by the key whose hexadecimal digits it prints;
2. that every opening shown is in the sealed log, at its place (RFC 9162, section 2.1.3.2);
3. that none is left out: each says which look at this person it is, and none is missing;
4. that the log still begins with every older checkpoint you hold (RFC 9162, section 2.1.4.2).

The signature is Ed25519 (RFC 8032, section 5.1.7), checked with plain arithmetic.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = tuple[int, int, int, int]
_ONE: _Point = (0, 1, 1, 0)
#: A public key and half of a signature, in bytes.
_HALF = 32


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf of the tree: 32 bytes."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node of the tree: 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` leaves with this root has that leaf at `index` (from 0)."""
    if not 0 <= index < size:
        return False
    at, last, node = index, size - 1, leaf_hash(leaf)
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(beside, node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def extends(older: bytes, size: int, newer: bytes, larger: int, path: Sequence[bytes]) -> bool:
    """Whether the tree of `larger` leaves begins with the tree of `size` leaves."""
    if size == larger:
        return older == newer and not path
    if not 0 < size < larger:
        return False
    given = list(path)
    if size & (size - 1) == 0:
        given.insert(0, older)
    if not given:
        return False
    at, last = size - 1, larger - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    small = large = given[0]
    for beside in given[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            small, large = node_hash(beside, small), node_hash(beside, large)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            large = node_hash(large, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and (small, large) == (older, newer)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature of the message is by the holder of that public key."""
    if len(key) != _HALF or len(signature) != 2 * _HALF:
        return False
    public, point = _point(key), _point(signature[:_HALF])
    scalar = int.from_bytes(signature[_HALF:], "little")
    if public is None or point is None or scalar >= _L:
        return False
    asked = sha512(signature[:_HALF] + key + message).digest()
    times = int.from_bytes(asked, "little") % _L
    left, right = _times(scalar, _base()), _add(point, _times(times, public))
    return (left[0] * right[2] - right[0] * left[2]) % _P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % _P == 0


def _add(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: _Point) -> _Point:
    found = _ONE
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point, scalar = _add(point, point), scalar >> 1
    return found


def _point(raw: bytes) -> _Point | None:
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


def _base() -> _Point:
    point = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(_HALF, "little"))
    assert point is not None  # noqa: S101 - a constant of the curve
    return point


def wrong_with(evidence: Mapping[str, Any], published: Sequence[str] = ()) -> list[str]:
    """Everything that is wrong with the evidence, in words; nothing is good."""
    try:
        return [*_wrong(evidence), *_wrong_since(evidence, published)]
    except (KeyError, TypeError, ValueError, AttributeError):
        return ["this is not a file of evidence, or it is damaged"]


def _wrong(evidence: Mapping[str, Any]) -> list[str]:
    wrong: list[str] = []
    point = evidence["checkpoint"]
    size, root = int(point["size"]), bytes.fromhex(point["root"])
    said = f"wholerecord openings\n{size}\n{root.hex()}\n{point['at']}\n".encode()
    if not is_signed(bytes.fromhex(evidence["key"]), said, bytes.fromhex(point["signature"])):
        wrong.append("the checkpoint is not signed by that key")
    counted: list[int] = []
    places: list[int] = []
    for shown in evidence["openings"]:
        leaf: str = shown["leaf"]
        opening = json.loads(leaf)
        path = [bytes.fromhex(each) for each in shown["path"]]
        if not includes(root, size, shown["index"], leaf.encode(), path):
            wrong.append(f"opening {opening['n']} is not in the sealed log as it is shown")
        if opening["person"] != evidence["person"]:
            wrong.append(f"opening {opening['n']} is of somebody else's record")
        counted.append(opening.get("nth", 0))
        places.append(shown["index"])
    if places != sorted(set(places)):
        wrong.append("the openings are not in the order of the log")
    uncounted = next((n for n, nth in enumerate(counted) if nth), len(counted))
    if counted[uncounted:] != list(range(1, len(counted) - uncounted + 1)):
        wrong.append("openings of this record are left out")
    return wrong


def _wrong_since(evidence: Mapping[str, Any], published: Sequence[str]) -> list[str]:
    """What is wrong between the evidence and the older checkpoints that somebody kept."""
    point = evidence["checkpoint"]
    size, root = int(point["size"]), bytes.fromhex(point["root"])
    paths = {int(each["size"]): each["path"] for each in evidence["since"]}
    wrong: list[str] = []
    held = False
    for line in published:
        older, _, rest = line.partition(" ")
        if int(older) > size:
            continue
        known = bytes.fromhex(rest.partition(" ")[0])
        if int(older) == size:
            held = True
            if known != root:
                wrong.append(f"the log of {older} openings is not the one that was published")
        elif int(older) in paths:
            held = True
            path = [bytes.fromhex(each) for each in paths[int(older)]]
            if not extends(known, int(older), root, size, path):
                wrong.append(f"the log does not begin with the {older} openings published then")
    if published and not held:
        wrong.append("none of the checkpoints you hold is among those proved: ask for one of them")
    return wrong


def main(words: Sequence[str]) -> int:
    """0 when all is well, 1 when anything is wrong, 2 when the command was."""
    if not 1 <= len(words) <= 2:
        sys.stderr.write((__doc__ or "").strip() + "\n")
        return 2
    published = Path(words[1]).read_text("ascii").splitlines() if len(words) == 2 else []
    evidence = json.loads(Path(words[0]).read_text("utf-8"))
    wrong = wrong_with(evidence, published)
    for each in wrong:
        sys.stderr.write(f"wrong: {each}\n")
    if not wrong:
        shown, point = len(evidence["openings"]), evidence["checkpoint"]
        sys.stdout.write(
            f"{shown} openings, all of those of this record among the {point['size']} sealed by "
            f"{point['at']}; signed by the key {evidence['key']}\n"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
