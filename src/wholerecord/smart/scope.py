"""What an app asks for and was let in to: SMART scopes, parsed once into rows.

Source: SMART App Launch 2.2, "Scopes and Launch Context": v2 `patient/Observation.rs?category=…`,
v1 `patient/Observation.read`. A word that is not understood whole is nothing: it never becomes a
wider one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote

import msgspec

#: Create, read, update, delete, search: in the order in which they must be written.
INTERACTIONS = "cruds"
_V1 = {"read": "rs", "write": "cud", "*": INTERACTIONS}
_ROW = re.compile(
    r"(?P<of>patient|user|system)/(?P<type>\*|[A-Z][A-Za-z]{1,63})\.(?P<may>read|write|\*|[cruds]+)"
    r"(?:\?(?P<query>[!-~]{1,500}))?"
)
_LONGEST, _MOST = 4_000, 100
#: What may be asked for besides rows, of what this server gives.
PLAIN = frozenset({"launch", "launch/patient", "offline_access", "online_access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Interactions with one type (`*`: every type) in `patient`, `user` or `system` context.

    `categories` must all hold; each holds when one of its tokens (`system|code`) does. None: any.
    """

    of: str
    type: str
    may: frozenset[str]
    categories: tuple[frozenset[str], ...] = ()

    @classmethod
    def parse(cls, word: str) -> "Row | None":
        """The row of one word, or None when it is none.

        >>> str(Row.parse("patient/Observation.read"))
        'patient/Observation.rs'
        >>> Row.parse("patient/Observation.sr") is None
        True
        """
        found = _ROW.fullmatch(word)
        if found is None:
            return None
        may = _V1.get(found["may"], found["may"])
        if may != "".join(one for one in INTERACTIONS if one in may):
            return None  # twice, or in another order
        query = found["query"]
        if query is not None and found["may"] in _V1:
            return None  # v1 has no parameters
        categories = _categories(query) if query is not None else ()
        if categories is None or (categories and found["type"] == "*"):
            return None
        return cls(of=found["of"], type=found["type"], may=frozenset(may), categories=categories)

    def within(self, other: "Row") -> "Row | None":
        """What both allow, or None."""
        same = self.of == other.of and (self.type == other.type or "*" in (self.type, other.type))
        may = self.may & other.may
        kind = other.type if self.type == "*" else self.type
        categories = tuple(dict.fromkeys((*self.categories, *other.categories)))
        if not same or not may:
            return None
        return Row(of=self.of, type=kind, may=may, categories=categories)

    def allows(self, type: str, interaction: str) -> bool:
        """Whether it is about this interaction (a letter of `cruds`) with this type at all."""
        return self.type in ("*", type) and interaction in self.may

    def __str__(self) -> str:
        may = "".join(one for one in INTERACTIONS if one in self.may)
        wanted = [
            ",".join(quote(one, safe=":/|.-_") for one in sorted(each)) for each in self.categories
        ]
        query = "&".join(f"category={one}" for one in wanted)
        return f"{self.of}/{self.type}.{may}" + (f"?{query}" if query else "")


def _categories(query: str) -> tuple[frozenset[str], ...] | None:
    """What a query asks of the category; None when it asks for anything else."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=10)
    except ValueError:
        return None
    if any(name != "category" for name, _ in pairs):
        return None
    found = tuple(frozenset(value.split(",")) for _, value in pairs)
    tokens = [token for each in found for token in each]
    return None if any(not token.strip("|") or token.count("|") > 1 for token in tokens) else found


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a token lets its app do. No rows: nothing."""

    rows: tuple[Row, ...] = ()
    plain: frozenset[str] = field(default_factory=frozenset[str])

    @classmethod
    def parse(cls, text: str) -> "Scopes":
        """Every word that is understood, once; the others are not granted.

        >>> str(Scopes.parse("launch patient/*.read patient/*.reads fhir openid launch"))
        'launch patient/*.rs'
        """
        return _parsed(text) if len(text) <= _LONGEST else cls()

    def __str__(self) -> str:
        return " ".join((*sorted(self.plain), *map(str, self.rows)))

    def of(self, *contexts: str) -> "Scopes":
        """The rows of these contexts alone, with the same plain words."""
        return Scopes(tuple(row for row in self.rows if row.of in contexts), self.plain)

    def within(self, ceiling: "Scopes") -> "Scopes":
        """What both allow: never more than either.

        >>> ours = Scopes.parse("patient/Observation.rs?category=laboratory")
        >>> str(Scopes.parse("patient/*.cruds").within(ours))
        'patient/Observation.rs?category=laboratory'
        """
        pairs = (mine.within(theirs) for mine in self.rows for theirs in ceiling.rows)
        return Scopes(tuple(dict.fromkeys(row for row in pairs if row)), self.plain & ceiling.plain)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Scopes:
    """Remembered: an app says the same of every token, and with each request."""
    words = list(dict.fromkeys(text.split(" ")))[:_MOST]
    rows = dict.fromkeys(row for row in map(Row.parse, words) if row)
    return Scopes(tuple(rows), frozenset(words) & PLAIN)


def granted(scopes: Scopes | None, type: str, interaction: str) -> bool:
    """Whether the interaction (a letter of `cruds`) with this type is granted at all.

    `scopes` is None for somebody who looks themselves, through no app. What is granted may be of
    some categories only: see `shows`. Whose record it is, the door asks.
    """
    return scopes is None or any(row.allows(type, interaction) for row in scopes.rows)


def shows(scopes: Scopes | None, resource: Mapping[str, Any], interaction: str) -> bool:
    """Whether the interaction with this very resource is granted: type and category."""
    if scopes is None:
        return True
    rows = [row for row in scopes.rows if row.allows(resource.get("resourceType", ""), interaction)]
    if any(not row.categories for row in rows):
        return True
    if not rows:
        return False
    said = frozenset(_tokens(resource.get("category")))
    return any(all(wanted & said for wanted in row.categories) for row in rows)


class _Coding(msgspec.Struct, frozen=True):
    system: str = ""
    code: str = ""


class _Concept(msgspec.Struct, frozen=True):
    coding: tuple[_Coding, ...] = ()


_Category = str | _Concept | list[str | _Concept] | None


def _tokens(category: object) -> Iterator[str]:
    """Every token a category answers to. Source: FHIR R4, Search, "token"."""
    try:
        said: str | _Concept | list[str | _Concept] | None = msgspec.convert(category, _Category)
    except msgspec.ValidationError:
        return
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str):  # a code without a system, as of an allergy
            yield from (one, f"|{one}")
        for coding in one.coding if isinstance(one, _Concept) else ():
            if coding.code:
                yield from (coding.code, f"{coding.system}|{coding.code}")
            if coding.system:
                yield f"{coding.system}|"
