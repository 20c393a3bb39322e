"""What a condition's code, category, verification status and body site mean, read once if repeated.

Source: FHIR R4 Condition; condition-ver-status, condition-category.
"""

import re

import msgspec

from wholerecord.fold.labels import labels_in
from wholerecord.fold.meant import most_specific, side_in
from wholerecord.fold.record import Coding
from wholerecord.fold.sayings import Sayings, part
from wholerecord.fold.shape import IN_ERROR, NOT_SAID, Coded, Part, Reference, codings
from wholerecord.terms import Concept, concept_in_text, plain
from wholerecord.terms.systems import SYSTEMS


class Extended(Part, frozen=True):
    """An `Extension` whose value is a code or a reference."""

    url: str = ""
    value_codeable_concept: Coded | None = None
    value_reference: Reference | None = None


#: SNOMED CT qualifiers of side.
_QUALIFIERS = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}


class SiteSaid(Coded, frozen=True):
    """`Condition.bodySite`, with its extensions: mCODE gives the side in one."""

    extension: tuple[Extended, ...] = ()

    @property
    def sided(self) -> str:
        """Its words, with the side where a qualifier gives it."""
        said = (one.value_codeable_concept for one in self.extension)
        codes = (coding for concept in said if concept for coding in concept.coding)
        return " ".join((self.words, *(_QUALIFIERS.get(one.code, one.display) for one in codes)))


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is found, or not. `name` stands in for a missing concept.

    `certainty` is confirmed, suspected, refuted or family. `keys` are its codes as a policy names
    them; `past` is the acute condition that its words say was had before. `in_error`: it should
    never have been said.
    """

    coded: Coded
    concept: Concept | None
    coding: Coding | None
    name: str
    certainty: str
    sites: tuple[SiteSaid, ...]
    side: str
    hospital: bool
    listed: bool
    keys: tuple[str, ...]
    past: Concept | None
    tags: tuple[Coding, ...]
    labels: frozenset[str]
    in_error: bool


_CERTAINTY = {
    "refuted": "refuted",
    "provisional": "suspected",
    "differential": "suspected",
    "unconfirmed": "suspected",
}
_FAMILY = re.compile(r"^(family history|fh\b|f/h\b)")
_HISTORY = re.compile(
    r"^(?:past |personal |previous )?(?:medical )?(?:history of|h/o:?|hx of|previous|old) +"
)
_SUSPECTED = re.compile(r"^(suspected|query|possible|\?)")
_CODED = msgspec.json.Decoder(Coded)
_SEVERAL = msgspec.json.Decoder(tuple[Coded, ...])
_SITES = msgspec.json.Decoder(tuple[SiteSaid, ...])


def _finding(code: bytes, category: bytes, verification: bytes, site: bytes) -> Finding:
    coded = part(_CODED, code, "code", NOT_SAID)
    categories = part(_SEVERAL, category, "category", ())
    status = part(_CODED, verification, "verificationStatus", NOT_SAID)
    sites = part(_SITES, site, "bodySite", ())
    found, coding = most_specific(coded.coding, coded.words, "condition")
    words = plain(coded.words)
    coding = coding or (coded.coding[0] if coded.coding else None)
    tags = codings(categories)
    return Finding(
        coded=coded,
        concept=found,
        coding=coding,
        name=f"{coding.system}|{coding.code}" if coding and coding.code else words,
        certainty=_certainty(status, words),
        sites=sites,
        side=side_in(
            coded.words, *(one.sided for one in sites), *(one.display for one in coded.coding)
        ),
        hospital=any(one.has("encounter-diagnosis") for one in categories),
        listed=any(one.has("problem-list-item") for one in categories),
        keys=tuple(f"{SYSTEMS.get(one.system)}|{one.code}" for one in coded.coding),
        past=_past(words),
        tags=tags,
        labels=labels_in(tags),
        in_error=status.has(IN_ERROR),
    )


def _certainty(status: Coded, words: str) -> str:
    said = (_CERTAINTY[one.code] for one in status.coding if one.code in _CERTAINTY)
    certainty = next(said, "confirmed")
    if _FAMILY.match(words):
        return "family"
    return "suspected" if certainty == "confirmed" and _SUSPECTED.match(words) else certainty


def _past(words: str) -> Concept | None:
    """The acute condition that the words say was had in the past."""
    past = _HISTORY.match(words)
    if past is None:
        return None
    found = concept_in_text(words[past.end() :], "condition")
    return found if found is not None and found.course == "acute" else None


#: What a condition says is found: of its code, category, verification status and body site, each as
#: it stands in the body, b"" where it is not said.
finding = Sayings(_finding).mean
