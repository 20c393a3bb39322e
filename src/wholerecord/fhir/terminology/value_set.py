"""Which codes a value set holds: by its address, or by a ValueSet that was sent.

Source: FHIR R4, ValueSet, `compose`; SNOMED CT's implicit value sets (`?fhir_vs`). A loaded
codelist is the value set `urn:wholerecord:codelist:NAME`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from wholerecord.errors import Incorrect, NotFound, Unsupported
from wholerecord.fhir.terminology.asked import Asked
from wholerecord.terms import in_force
from wholerecord.terms.content import SNOMED, Term
from wholerecord.terms.release import Release
from wholerecord.terms.systems import holders

_CODELIST = "urn:wholerecord:codelist:"


class _Code(msgspec.Struct, frozen=True):
    code: str
    display: str = ""


class _Filter(msgspec.Struct, frozen=True):
    property: str
    op: str
    value: str


class _Include(msgspec.Struct, frozen=True, rename="camel"):
    system: str = ""
    concept: tuple[_Code, ...] = ()
    filter: tuple[_Filter, ...] = ()
    value_set: tuple[str, ...] = ()


class _Compose(msgspec.Struct, frozen=True):
    include: tuple[_Include, ...]
    exclude: tuple[_Include, ...] = ()


class _ValueSet(msgspec.Struct, frozen=True, tag_field="resourceType", tag="ValueSet"):
    compose: _Compose


@dataclass(frozen=True, slots=True)
class Part:
    """Codes of one system: these, or those at or below a code, or all of them."""

    system: str
    codes: tuple[str, ...] = ()
    below: str = ""
    itself: bool = True

    def has(self, code: str) -> bool:
        """Whether a code is in it."""
        if self.codes:
            return code in self.codes
        if self.below:
            if code == self.below:
                return self.itself
            return in_force().subsumes(self.system, self.below, code)
        return in_force().term(self.system, code) is not None

    def terms(self, words: str) -> Iterator[Term]:
        """Its terms, of those in whose names the words are where any are given."""
        if self.codes:
            found = (in_force().term(self.system, c) or Term(code=c, title=c) for c in self.codes)
            yield from (term for term in found if _called(term, words))
            return
        for release in in_force().holding(self.system):
            yield from (release.term_at(row) for row in self._rows(release, words))

    def _rows(self, release: Release, words: str) -> Iterator[int]:
        top = release.row(self.below) if self.below else -1
        if self.below and top < 0:
            return
        if words:
            for row in release.search(words):
                if not self.below or (release.is_below(row, top) and (self.itself or row != top)):
                    yield row
        elif self.below:
            if self.itself:
                yield top
            yield from release.below(top)
        else:
            yield from range(len(release))


@dataclass(frozen=True, slots=True)
class ValueSet:
    """What is in any of `included` and in none of `excluded`."""

    url: str
    included: tuple[Part, ...]
    excluded: tuple[Part, ...] = ()

    def has(self, system: str, code: str) -> bool:
        """Whether a code is in it."""
        return any(part.system == system and part.has(code) for part in self.included) and not any(
            part.system == system and part.has(code) for part in self.excluded
        )

    def terms(self, words: str) -> Iterator[tuple[str, Term]]:
        """Its terms with their system, each once, of those in whose names the words are."""
        seen: set[tuple[str, str]] = set()
        for part in self.included:
            for term in part.terms(words):
                if (part.system, term.code) not in seen and self.has(part.system, term.code):
                    seen.add((part.system, term.code))
                    yield part.system, term


def asked_set(asked: Asked) -> ValueSet:
    """The value set that is asked about: `url`, or `valueSet` in a POST.

    Raises:
        Incorrect: neither is given or both, or it cannot be read.
        NotFound: no value set of this address is known.
    """
    url, sent = asked.text("url"), asked.resource("valueSet")
    if bool(url) == (sent is not None):
        raise Incorrect("Give url, or valueSet in a POST; one of the two.")
    if sent is None:
        return known_set(url)
    try:
        compose = msgspec.json.decode(sent, type=_ValueSet).compose
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Incorrect("The valueSet is not a ValueSet with a compose.") from None
    return ValueSet("", tuple(map(_part, compose.include)), tuple(map(_part, compose.exclude)))


def known_set(url: str) -> ValueSet:
    """The value set at an address.

    Raises:
        NotFound: no value set of this address is known.
    """
    return ValueSet(url, (_by_url(url),))


def _by_url(url: str) -> Part:
    if url.partition(":codelist:")[0] == "urn:wholerecord" and _CODELIST in url:
        name = f"codelist/{url.removeprefix(_CODELIST)}"
        release = in_force().release(name)
        if release is not None:
            codes = tuple(release.term_at(row).code for row in range(len(release)))
            return Part(release.head.system, codes)
    system, mark, what = url.partition("?fhir_vs")
    if mark and (system == SNOMED or (holders(system) and not what)):
        match what.removeprefix("=").partition("/"):
            case ("", "", ""):
                return Part(system)
            case ("isa", "/", code) if code.isdecimal():
                return _known(Part(system, below=code))
            case ("ecl", "/", expression):
                return _by_expression(system, expression.strip())
            case _:
                raise Unsupported("Of SNOMED CT's implicit value sets, ?fhir_vs, isa and ecl are.")
    raise NotFound("No value set of this address is known.")


def _by_expression(system: str, expression: str) -> Part:
    """`<<CODE`, `<CODE` or `CODE`; a term in bars may follow."""
    bare = expression.partition("|")[0].strip()
    code = bare.lstrip("<").strip()
    if not code.isdecimal() or bare.count("<") > 2:
        raise Unsupported("Of the expression constraint language only <<CODE, <CODE and CODE are.")
    if "<" not in bare:
        return Part(system, (code,))
    return _known(Part(system, below=code, itself="<<" in bare))


def _part(include: _Include) -> Part:
    if include.value_set or not include.system:
        raise Unsupported("A value set is composed of systems' codes here, not of other sets.")
    if include.concept and not include.filter:
        return Part(include.system, tuple(one.code for one in include.concept))
    if not include.filter:
        return _known(Part(include.system))
    if include.concept or len(include.filter) != 1:
        raise Unsupported("An include has codes or one filter.")
    [only] = include.filter
    if only.property != "concept" or only.op not in {"is-a", "descendent-of"}:
        raise Unsupported("Of filters only concept is-a and concept descendent-of are.")
    return _known(Part(include.system, below=only.value, itself=only.op == "is-a"))


def _known(part: Part) -> Part:
    """The part, if what it is of is in force."""
    if not any(in_force().holding(part.system)):
        raise NotFound(f"No release of the system is in force: {in_force().says}.")
    if part.below and in_force().term(part.system, part.below) is None:
        raise NotFound("The code is not in the release in force.")
    return part


def _called(term: Term, words: str) -> bool:
    said = " ".join((term.title, *term.words)).lower()
    return all(word in said for word in words.lower().split())
