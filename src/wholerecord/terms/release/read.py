"""A release looked into where it lies: mapped memory, binary search, nothing unpacked."""

import mmap
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from wholerecord.errors import Unavailable
from wholerecord.terms.content import Term
from wholerecord.terms.plain import plain, tokens
from wholerecord.terms.release.layout import END, MAGIC, TYPES, Head, key, map_key, text_key

_TERM = msgspec.msgpack.Decoder(Term).decode


class Damaged(Unavailable):
    """A loaded terminology release cannot be read; load it again."""


class Release:
    """One loaded release. A *row* is the number of a code in it; -1 stands for a code not in it."""

    def __init__(self, path: Path) -> None:
        """Map the file.

        Raises:
            Damaged: it is missing, cut short, or not a release.
        """
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.head = _head(self._map)
        except (OSError, ValueError) as error:
            raise Damaged(f"{path.name}: {type(error).__name__}.") from None
        whole = memoryview(self._map)
        views: dict[str, memoryview[int]] = {
            name: whole[at : at + length].cast(TYPES[name])
            for name, (at, length) in self.head.sections.items()
        }
        self._keys, self._record_at, self._records = _of(views, "keys", "record_at", "records")
        self._up_at, self._up = _of(views, "up_at", "up")
        self._down_at, self._down = _of(views, "down_at", "down")
        self._texts, self._back = (
            _of(views, "text_keys", "text_rows"),
            _of(views, "back_keys", "back_rows"),
        )
        self._token_at, self._tokens = _of(views, "token_at", "tokens")
        self._post_at, self._posts = _of(views, "post_at", "posts")

    def __len__(self) -> int:
        return self.head.rows

    def row(self, code: str) -> int:
        """The row of `code`, -1 when it is not in the release. Some microseconds at a million."""
        if not code:
            return -1
        wanted = key(code)
        at = bisect_left(self._keys, wanted)
        if at == len(self._keys) or self._keys[at] != wanted:
            return -1
        return at if wanted < 1 << 63 or self.term_at(at).code == code else -1

    def term_at(self, row: int) -> Term:
        """The term in a row.

        Raises:
            Damaged: the file was changed since it was written.
        """
        try:
            return _TERM(self._records[self._record_at[row] : self._record_at[row + 1]])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Damaged("One of its terms is not as it was written.") from None

    def term(self, code: str) -> Term | None:
        """The term of a code, None when it is not in the release."""
        row = self.row(code)
        return None if row < 0 else self.term_at(row)

    def subsumes(self, wide: str, narrow: str) -> bool:
        """Whether `narrow` is `wide` or a kind of it; False when either is not in the release."""
        above = self.row(wide)
        return above >= 0 and self.is_below(self.row(narrow), above)

    def is_below(self, narrow: int, wide: int) -> bool:
        """Whether the row `narrow` is the row `wide` or a kind of it."""
        if narrow < 0 or wide < 0:
            return False
        if narrow == wide:
            return True
        low, high = self._up_at[narrow], self._up_at[narrow + 1]
        at = bisect_left(self._up, wide, low, high)
        return at < high and self._up[at] == wide

    def above(self, row: int) -> Sequence[int]:
        """The rows of everything that the row is a kind of, sorted; not itself."""
        return self._up[self._up_at[row] : self._up_at[row + 1]]

    def kinds(self, row: int) -> Sequence[int]:
        """The rows of its direct kinds, sorted."""
        return self._down[self._down_at[row] : self._down_at[row + 1]]

    def below(self, row: int) -> Iterator[int]:
        """The rows of everything that is a kind of it, each once; not itself."""
        seen, waiting = {row}, [row]
        while waiting:
            for kind in self.kinds(waiting.pop()):
                if kind not in seen:
                    seen.add(kind)
                    waiting.append(kind)
                    yield kind

    def called(self, text: str) -> tuple[int, ...]:
        """The rows of active terms that are called exactly so, letter case aside."""
        wanted = plain(text)
        return tuple(
            row
            for row in _rows(self._texts, text_key(wanted))
            if wanted in {plain(name) for name in _names(self.term_at(row))}
        )

    def mapping_to(self, system: str, code: str) -> tuple[int, ...]:
        """The rows of terms that have a map to a code of another system."""
        bare = code.replace(".", "")
        return tuple(
            row
            for row in _rows(self._back, map_key(system, code))
            if any(
                one.system == system and one.code.replace(".", "") == bare
                for one in self.term_at(row).maps
            )
        )

    def search(self, words: str) -> list[int]:
        """The rows of active terms in whose names every word is, or begins a word; in row order.

        Linear in the terms that have the rarest of the words.
        """
        wanted = tokens(words)
        places = [self._beginning_with(token.encode()) for token in wanted]
        rows = min(places, key=len, default=())
        return sorted({row for row in rows if len(wanted) == 1 or self._has(row, wanted)})

    def _beginning_with(self, prefix: bytes) -> Sequence[int]:
        """The rows in whose names a word begins so; one can be there more than once.

        Words are sorted, so those that begin alike lie together, and so do their rows.
        """
        every = range(len(self._token_at) - 1)
        first = bisect_left(every, prefix, key=self._token)
        last = bisect_left(every, 1, first, key=lambda at: int(not self._begins(at, prefix)))
        return self._posts[self._post_at[first] : self._post_at[last]]

    def _begins(self, at: int, prefix: bytes) -> bool:
        return self._token(at).startswith(prefix)

    def _has(self, row: int, wanted: Sequence[str]) -> bool:
        term = self.term_at(row)
        words = tokens(" ".join((term.title, *term.words)))
        return all(any(word.startswith(token) for word in words) for token in wanted)

    def _token(self, at: int) -> bytes:
        return bytes(self._tokens[self._token_at[at] : self._token_at[at + 1]])


def _names(term: Term) -> tuple[str, ...]:
    return (term.title, term.full, *term.words)


def _rows(pair: "Sequence[memoryview[int]]", wanted: int) -> Sequence[int]:
    keys, rows = pair
    return rows[bisect_left(keys, wanted) : bisect_right(keys, wanted)]


def _of(views: "dict[str, memoryview[int]]", *names: str) -> "list[memoryview[int]]":
    return [views[name] for name in names]


def _head(whole: mmap.mmap) -> Head:
    if whole[:8] != MAGIC or whole[-8:] != END:
        raise ValueError("not a whole release")
    length = int.from_bytes(whole[8:12], "little")
    head = msgspec.json.decode(whole[12 : 12 + length], type=Head)
    if head.order != sys.byteorder or set(head.sections) != set(TYPES):
        raise ValueError("written by another kind of machine or another version")
    if any(at + length > len(whole) - 8 for at, length in head.sections.values()):
        raise ValueError("cut short")
    return head
