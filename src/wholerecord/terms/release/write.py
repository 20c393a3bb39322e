"""Writing a release into its file."""

import os
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeAlias

import msgspec

from wholerecord.terms.closure import Circle, ancestors, children
from wholerecord.terms.content import BadRelease, Content, Term
from wholerecord.terms.plain import plainly, tokens
from wholerecord.terms.release.layout import END, MAGIC, TYPES, Head, key, map_key, text_key

#: In quotes: before Python 3.12 an `array` is not subscriptable when it runs.
_Section: TypeAlias = "bytes | bytearray | array[int]"


def write_release(content: Content, path: Path) -> Head:
    """`content` as a file at `path`, durable when this returns; what it says of itself.

    Raises:
        BadRelease: it is empty, is-a goes in a circle, or a kind is of something it does not hold.
    """
    if not content.terms:
        raise BadRelease("It holds no codes.")
    rows = sorted(content.terms.values(), key=lambda term: key(term.code))
    parents = _parents(rows)
    try:
        above = ancestors(parents)
    except Circle as circle:
        codes = " is a ".join(rows[n].code for n in (*circle.at[:6], circle.at[0]))
        raise BadRelease(f"Is-a goes in a circle: {codes}.") from None
    sections: dict[str, _Section] = {
        "keys": array("Q", (key(term.code) for term in rows)),
        **_records(rows),
        **_lists("up", above),
        **_lists("down", children(parents)),
        **_keyed("text", _texts(rows)),
        **_keyed("back", _backwards(rows)),
        **_words(rows),
    }
    head = Head(
        kind=content.kind,
        system=content.system,
        version=content.version,
        title=content.title,
        rows=len(rows),
        pairs=len(sections["up"]),
        facts=content.facts,
    )
    _write(head, sections, path)
    return head


def _parents(rows: Sequence[Term]) -> list[tuple[int, ...]]:
    number = {term.code: n for n, term in enumerate(rows)}
    keys = [key(term.code) for term in rows]
    if any(a == b for a, b in pairwise(keys)):
        raise BadRelease("Two of its codes cannot be told apart.")
    missing = [p for term in rows for p in term.parents if p not in number]
    if missing:
        raise BadRelease(
            f"{len(missing):,} is-a relationships are to codes it does not hold, as {missing[0]}: "
            "load it together with the edition it extends."
        )
    return [tuple(number[parent] for parent in dict.fromkeys(term.parents)) for term in rows]


def _records(rows: Sequence[Term]) -> dict[str, _Section]:
    encode = msgspec.msgpack.Encoder().encode_into
    at, records = array("Q", [0]), bytearray()
    for term in rows:
        encode(term, records, len(records))
        at.append(len(records))
    return {"record_at": at, "records": records}


def _lists(name: str, lists: "Sequence[array[int]]") -> dict[str, _Section]:
    flat = array("I")
    for each in lists:
        flat.extend(each)
    return {f"{name}_at": array("I", accumulate(map(len, lists), initial=0)), name: flat}


def _texts(rows: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for n, term in enumerate(rows):
        if term.active:
            for text in {plainly(text) for text in (term.title, term.full, *term.words)} - {""}:
                yield text_key(text), n


def _backwards(rows: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for n, term in enumerate(rows):
        for one in {map_key(mapped.system, mapped.code) for mapped in term.maps}:
            yield one, n


def _keyed(name: str, pairs: Iterable[tuple[int, int]]) -> dict[str, _Section]:
    ordered = sorted(pairs)
    return {
        f"{name}_keys": array("Q", (one for one, _ in ordered)),
        f"{name}_rows": array("I", (n for _, n in ordered)),
    }


def _words(rows: Sequence[Term]) -> dict[str, _Section]:
    posts: dict[str, array[int]] = {}
    for n, term in enumerate(rows):
        if term.active:
            for token in set(tokens(" ".join((term.title, *term.words)))):
                posts.setdefault(token, array("I")).append(n)
    names = sorted(token.encode() for token in posts)
    return {
        "token_at": array("I", accumulate(map(len, names), initial=0)),
        "tokens": b"".join(names),
        **{
            {"post_at": "post_at", "post": "posts"}[name]: section
            for name, section in _lists("post", [posts[name.decode()] for name in names]).items()
        },
    }


def _write(head: Head, sections: Mapping[str, _Section], path: Path) -> None:
    views = {name: memoryview(sections[name]).cast("B") for name in TYPES}
    room = 4096  # for the head; its true length depends on what is written in it
    while True:
        places: dict[str, tuple[int, int]] = {}
        at = room
        for name, view in views.items():
            places[name] = (at, len(view))
            at += len(view) + -len(view) % 8
        written = msgspec.json.encode(msgspec.structs.replace(head, sections=places))
        if len(MAGIC) + 4 + len(written) <= room:
            break
        room *= 2
    with path.open("wb") as file:
        file.write(MAGIC + len(written).to_bytes(4, "little") + written)
        file.write(bytes(room - file.tell()))
        for view in views.values():
            file.write(view)
            file.write(bytes(-len(view) % 8))
        file.write(END)
        file.flush()
        os.fsync(file.fileno())
