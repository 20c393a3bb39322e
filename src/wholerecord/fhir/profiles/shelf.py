"""The profiles that are loaded, each made into functions when it is first asked for."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from wholerecord.fhir.problem import Issue, Problem
from wholerecord.fhir.profiles.check import Check, Maker
from wholerecord.fhir.profiles.definitions import Base, Definition, Definitions
from wholerecord.fhir.profiles.sets import Known, known_set
from wholerecord.fhir.profiles.tree import tree_of
from wholerecord.fhir.validation.places import Enough, Found
from wholerecord.intake.fhir.shape import Object, is_object, text, texts
from wholerecord.record import read_json

_R4 = "http://hl7.org/fhir/StructureDefinition/"
#: Profiles that one resource is held against.
MOST = 10
#: Seconds for which a write believes what it knows of what is asked.
_LATELY = 2.0
_UNKNOWN = "This profile is not loaded here: nothing it asks was checked."
_OTHER = "This profile is of another type."


@dataclass(slots=True)
class Shelf:
    """Definitions as they were loaded at one moment."""

    held: Mapping[str, Definition]
    #: What is asked of what is written, by base and type.
    asked: Mapping[tuple[Base, str], Sequence[str]] = field(
        default_factory=dict[tuple[Base, str], Sequence[str]]
    )
    _bodies: dict[str, Object | None] = field(default_factory=dict[str, "Object | None"])
    _checks: dict[str, Check | None] = field(default_factory=dict[str, "Check | None"])
    _sets: dict[str, Known] = field(default_factory=dict[str, Known])
    #: Invariants that cannot be asked here, by profile.
    left_out: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @classmethod
    def of(
        cls, definitions: Sequence[Definition], asked: Sequence[tuple[Base, str]] = ()
    ) -> "Shelf":
        """The shelf of these: of one address the last version, and each by address|version."""
        held = {one.url: one for one in definitions}
        shelf = cls(held | {f"{one.url}|{one.version}": one for one in definitions})
        by_type: dict[tuple[Base, str], list[str]] = {}
        for base, url in asked:
            by_type.setdefault((base, shelf.type_of(url)), []).append(url)
        return replace(shelf, asked=by_type)

    def body(self, url: str) -> Object | None:
        """The definition of that address, or None."""
        if url not in self._bodies:
            held = self.held.get(url) or self.held.get(url.partition("|")[0])
            value = read_json(held.body) if held else None
            self._bodies[url] = value if is_object(value) else None
        return self._bodies[url]

    def check(self, url: str) -> Check | None:
        """The check of the profile of that address; None: there is none."""
        if url not in self._checks:
            node = tree_of(url, self.body)
            made: Check | None = None
            if node is not None:
                maker = Maker(self._name(url), self.check, self.set_of, self.type_of)
                made = maker.value(node)
                self.left_out[url] = tuple(maker.left_out)
            self._checks[url] = made
        return self._checks[url]

    def set_of(self, url: str) -> Known:
        """What is known of the value set of that address."""
        if url not in self._sets:
            self._sets[url] = known_set(url, self.body)
        return self._sets[url]

    def type_of(self, url: str) -> str:
        """The type that a profile is of; "" where it is not known."""
        url = url.partition("|")[0]
        body = self.body(url)
        if body is not None:
            return text(body.get("type"))
        return url.removeprefix(_R4) if url.startswith(_R4) and url[len(_R4) :].isalpha() else ""

    def _name(self, url: str) -> str:
        return (self.body(url) or {}).get("name") or url


class Profiles:
    """The profiles of a store: read when they are first asked for, and when others were loaded."""

    def __init__(self, definitions: Definitions | None) -> None:
        self._definitions = definitions
        self._state = ""
        self._shelf = Shelf({})
        self._looked = -_LATELY

    async def shelf(self) -> Shelf:
        """The shelf as it is now."""
        if self._definitions is None:
            return self._shelf
        self._looked = monotonic()
        state = await self._definitions.definitions_state()
        if state != self._state:
            loaded = await self._definitions.definitions()
            self._shelf = Shelf.of(loaded, await self._definitions.asked_profiles())
            self._state = state
        return self._shelf

    async def lately(self) -> Shelf:
        """The shelf as it was not two seconds ago: a write need not ask the store for it."""
        return self._shelf if monotonic() - self._looked < _LATELY else await self.shelf()

    async def must_be_as_asked(
        self, base: Base, kind: str, body: bytes | dict[str, Any], place: str = ""
    ) -> None:
        """Go on only with what is as every profile has it that the site asks of what is written.

        Raises:
            Problem: 422, with everything that is wrong and where.
        """
        shelf = await self.lately()
        asked = shelf.asked.get((base, kind), ())
        if not asked:
            return
        resource: Any = read_json(body) if isinstance(body, bytes) else body
        issues = [one for url in asked for one in held_against(shelf, url, kind, resource)]
        wrong = [one for one in dict.fromkeys(issues) if one.severity == "error"]
        if wrong:
            raise Problem(422, *(replace(one, place=f"{place}{one.place}") for one in wrong))

    async def issues(
        self, kind: str, resource: dict[str, Any], asked: Sequence[str]
    ) -> list[Issue]:
        """What is not as the profiles ask: those asked for, that it says it has, and the site's."""
        meta = resource.get("meta")
        shelf = await self.shelf()
        claimed = texts(meta.get("profile") or []) if is_object(meta) else []
        claimed += shelf.asked.get((Base.SAID, kind), ())
        issues: list[Issue] = []
        for url in list(dict.fromkeys((*asked, *claimed)))[:MOST]:
            if url in asked or shelf.check(url) is not None:
                issues += held_against(shelf, url, kind, resource)
        return list(dict.fromkeys(issues))


def held_against(shelf: Shelf, url: str, kind: str, resource: dict[str, Any]) -> list[Issue]:
    """What of a resource is not as the profile of that address asks; warnings too."""
    check = shelf.check(url)
    if check is None:
        own = url.partition("|")[0] == f"{_R4}{kind}"
        return [] if own else [Issue(code="not-found", says=_UNKNOWN, place="profile")]
    if shelf.type_of(url) != kind:
        return [Issue(code="value", says=_OTHER, place="profile")]
    found = Found(root=resource)
    with suppress(Enough):
        check(resource, kind, found)
    return [*found.wrong, *found.warned]


#: Where nothing is kept.
NONE = Profiles(None)
