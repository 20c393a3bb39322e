"""The parts of FHIR R4 resources that the fold reads, and no others.

Source: FHIR R4 (4.0.1), Data Types. Each kind's own file has the resource it reads; here is what
they share. A resource whose read parts are not of these types is parked, never guessed.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from wholerecord.fold.labels import NO_LABELS, labels_in
from wholerecord.fold.record import Coding
from wholerecord.nhs import PartialDate

if TYPE_CHECKING:
    from wholerecord.fold.measurand import Measurand


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="camel", omit_defaults=True):
    """A part of a resource. `gc=False`: what is decoded from JSON has no cycles."""


class Meta(Part, frozen=True):
    """`Resource.meta`."""

    last_updated: str = ""
    security: tuple[Coding, ...] = ()
    tag: tuple[Coding, ...] = ()


class Coded(Part, frozen=True):
    """`CodeableConcept`."""

    coding: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def words(self) -> str:
        """What the source calls it: its text, else the first display, else the first code."""
        if self.text:
            return self.text
        for coding in self.coding:
            if coding.display:
                return coding.display
        return self.coding[0].code if self.coding else ""

    def has(self, code: str) -> bool:
        """Whether any coding has this code, in whatever system."""
        return any(coding.code == code for coding in self.coding)


class Identifier(Part, frozen=True):
    """`Identifier`."""

    system: str = ""
    value: str = ""


class Reference(Part, frozen=True):
    """`Reference`."""

    reference: str = ""
    display: str = ""
    identifier: Identifier | None = None

    @property
    def words(self) -> str:
        """Its display, else the identifier's value, else "": a bare address says nothing."""
        return self.display or (self.identifier.value if self.identifier else "")


class Period(Part, frozen=True):
    """`Period`."""

    start: str = ""
    end: str = ""


class Quantity(Part, frozen=True):
    """`Quantity`: the number as it was written."""

    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    code: str = ""

    @property
    def said(self) -> str:
        """Comparator and number, as written (`<0.01`)."""
        if self.value is None:
            return ""
        return f"{self.comparator}{self.value}" if self.comparator else str(self.value)

    @property
    def words(self) -> str:
        """The number with its unit."""
        return f"{self.said} {self.unit or self.code}".strip()


class Annotation(Part, frozen=True):
    """`Annotation`."""

    text: str = ""


class Attachment(Part, frozen=True):
    """`Attachment`. `data` stays base64 until somebody needs the text."""

    content_type: str = ""
    data: str = ""
    url: str = ""
    hash: str = ""
    title: str = ""


#: A status: its source says that it should never have been said.
IN_ERROR = "entered-in-error"

NO_META = Meta()
NOT_SAID = Coded()
#: A field that is kept as its bytes, where it is not said.
NOTHING = msgspec.Raw()

#: What a resource says that every kind says, as `Shape.heard` gives it. "" is not said.
#:
#: 1. what it is about, and 2. what its source calls that;
#: 3. when it happened, and 4. when its source wrote it down, FHIR dates or dateTimes; "" for the
#:    latter when only `meta.lastUpdated` says;
#: 5. its source's own status, `entered-in-error` wherever it says so;
#: 6. who asserted it, where named;
#: 7. the codings that say what sort of statement it is, tags and categories;
#: 8. its sensitivities;
#: 9. what an observation measures.
#:
#: A tuple without names: it is made and taken apart once for each statement.
Heard = tuple[
    Coded, str, str, str, str, str, tuple[Coding, ...], frozenset[str], "Measurand | None"
]


class Shape(Part, frozen=True):
    """What every resource has: an id and what is said about it."""

    id: str = ""
    meta: Meta = NO_META

    def heard(self) -> Heard:
        """What it says that every kind says; a kind with something to say calls `says`."""
        return self.says(NOT_SAID)

    def says(
        self,
        coded: Coded,
        words: str = "",
        *,
        happened: str = "",
        written: str = "",
        state: str = "",
        by: str = "",
        tags: tuple[Coding, ...] = (),
    ) -> Heard:
        """What `heard` gives, of the parts that a kind says; words are the code's where not given.

        `tags` are of the resource itself: those of its `meta` come before them.
        """
        meta = self.meta
        if meta.tag:
            tags = (*meta.tag, *tags)
        security = meta.security
        labels = labels_in((*security, *tags)) if security or tags else NO_LABELS
        words = words or coded.words
        return (coded, words, happened, written, state, by, tags, labels, None)


def with_meta(
    meta: Meta, tags: tuple[Coding, ...], labels: frozenset[str]
) -> tuple[tuple[Coding, ...], frozenset[str]]:
    """The tags and labels of a resource, those of its `meta` too. Mostly these say nothing."""
    if meta is NO_META or not (meta.tag or meta.security):
        return tags, labels
    tags = (*meta.tag, *tags)
    return tags, labels_in((*meta.security, *tags))


def named(*references: Reference | None) -> str:
    """The first name among `references`, "" when none is named."""
    for reference in references:
        if reference is not None and (words := reference.words):
            return words
    return ""


def codings(concepts: tuple[Coded, ...]) -> tuple[Coding, ...]:
    """All codings of several concepts."""
    if len(concepts) == 1:
        return concepts[0].coding
    return tuple(coding for concept in concepts for coding in concept.coding)


#: The date a FHIR text means, or None.
date_of = PartialDate.parse
