"""A definition as a site loads it, and the port that keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from wholerecord.errors import Incorrect
from wholerecord.fhir.formats import from_xml
from wholerecord.fhir.problem import Problem
from wholerecord.fhir.validation import wrong
from wholerecord.intake.fhir.shape import is_object, text
from wholerecord.record import NotJson, canonical, read_json

#: What a profile needs: itself, the sets its codes are of, and the systems those are made from.
TYPES = frozenset({"StructureDefinition", "ValueSet", "CodeSystem"})


class NotADefinition(Incorrect):
    """It is no StructureDefinition, ValueSet or CodeSystem of FHIR R4 with an address."""


class Base(Enum):
    """Where clients write: what sources say, or the one record, which takes consents."""

    SAID = "/fhir"
    RECORD = "/record/fhir"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A definition by its canonical address and version; `body` is canonical JSON."""

    url: str
    version: str
    kind: str
    title: str
    body: bytes


class Definitions(Protocol):
    """Where definitions are kept."""

    async def load_definitions(self, loaded: Sequence[Definition]) -> int:
        """Keep them, each in place of that of the same address and version; how many are new."""
        ...

    async def definitions(self) -> Sequence[Definition]:
        """All of them, by address and version."""
        ...

    async def ask_profile(self, base: Base, url: str) -> None:
        """Ask it of every resource of its type that a client writes there."""
        ...

    async def unask_profile(self, base: Base, url: str) -> bool:
        """Ask it there no more; whether it was asked."""
        ...

    async def asked_profiles(self) -> Sequence[tuple[Base, str]]:
        """What is asked, and where, in order."""
        ...

    async def definitions_state(self) -> str:
        """A text that is another whenever something was loaded, or is asked otherwise."""
        ...


def read(raw: bytes) -> Definition:
    """The definition that a file is, JSON or XML.

    Raises:
        NotADefinition: it is none, and why.
    """
    try:
        body = raw if raw.lstrip()[:1] == b"{" else from_xml(raw)
        value = read_json(body)
    except (Problem, NotJson) as error:
        raise NotADefinition(f"{error}") from None
    if not is_object(value) or value.get("resourceType") not in TYPES:
        raise NotADefinition
    kind = text(value.get("resourceType"))
    faults = wrong(kind, value)
    if faults:
        raise NotADefinition(f"{faults[0].place}: {faults[0].says}")
    if not text(value.get("url")):
        raise NotADefinition(f"{kind}.url is missing.")
    return Definition(
        url=text(value.get("url")),
        version=text(value.get("version")),
        kind=kind,
        title=text(value.get("title")) or text(value.get("name")),
        body=canonical(value),
    )
