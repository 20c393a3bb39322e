"""What is measured: an observation's code, category, range, flag and method, read once if repeated.

A person's thousands of observations are of some dozens of things. What their bytes mean is worked
out once for each distinct saying and shared: a third of the fold's time, when measured.
Source: FHIR R4 Observation; observation-category.
"""

from collections.abc import Iterable

import msgspec

from wholerecord.fold.labels import labels_in
from wholerecord.fold.record import Coding, Kind
from wholerecord.fold.sayings import Sayings, part
from wholerecord.fold.shape import Coded, Part, Quantity, codings
from wholerecord.fold.social_topics import TITLES, topic_of
from wholerecord.terms import CONCEPTS, Concept, concept, concept_in_text


class Range(Part, frozen=True):
    """`Observation.referenceRange`, or a value that is a range."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str = ""


class Measurand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is measured. `name` is what two statements of one measurement share.

    `kind` is what its category or its concept says it is; None when neither says. `low` and `high`
    are the range its laboratory gave, as written, and `flag` the code of how it lies in it. `tags`
    are its category's codings and `labels` the sensitivities they give. `at_home`: its method says
    that it was measured at home. `topic` is what it tells of how somebody lives, else "".
    """

    coded: Coded
    words: str
    name: str
    title: str
    title_at_home: str
    concept: Concept | None
    kind: Kind | None
    tags: tuple[Coding, ...]
    labels: frozenset[str]
    low: str
    high: str
    flag: str
    at_home: bool
    topic: str = ""


_CODED = msgspec.json.Decoder(Coded)
_SEVERAL = msgspec.json.Decoder(tuple[Coded, ...])
_RANGE = msgspec.json.Decoder(tuple[Range, ...])


def _measurand(
    code: bytes, category: bytes, reference_range: bytes, interpretation: bytes, method: bytes
) -> Measurand:
    coded = part(_CODED, code, "code", Coded())
    tags = codings(part(_SEVERAL, category, "category", ()))
    flags = part(_SEVERAL, interpretation, "interpretation", ())
    span = next(iter(part(_RANGE, reference_range, "referenceRange", ())), None)
    meant = [c for one in coded.coding if (c := concept(one.system, one.code))]
    # Where one of its codes is of our own value set, that is what it shares with other sources.
    found = next((c for c in meant if c.id in CONCEPTS), meant[0] if meant else None)
    first = coded.coding[0] if coded.coding else Coding()
    words = coded.words
    if found is None and not coded.coding:
        found = concept_in_text(words, "test")
    title = (found.title if found else words) or "Unnamed measurement"
    by_code = f"{first.system}|{first.code}" if first.code else words.lower()
    return Measurand(
        coded=coded,
        words=words,
        name=found.id if found else by_code,
        title=title,
        title_at_home=f"{title} (measured at home)",
        concept=found,
        kind=_kind(tags, found, ranged=span is not None),
        tags=tags,
        labels=labels_in(tags),
        low=_bound(span.low) if span else "",
        high=_bound(span.high) if span else "",
        flag=flags[0].coding[0].code if flags and flags[0].coding else "",
        at_home="home" in part(_CODED, method, "method", Coded()).words.lower(),
        topic=_topic(found, coded, words, tags),
    )


def _topic(found: Concept | None, coded: Coded, words: str, tags: tuple[Coding, ...]) -> str:
    """By its concept where that is a topic of ours, else by its codes and words."""
    if found is not None and found.id in TITLES:
        return found.id
    return topic_of(coded.coding, words, tags)


def _bound(quantity: Quantity | None) -> str:
    return str(quantity.value) if quantity and quantity.value is not None else ""


_RESULTS = frozenset({"laboratory", "LAB", "imaging", "procedure"})
_OBSERVATIONS = frozenset({"vital-signs", "social-history", "exam", "survey", "activity"})


def _kind(tags: Iterable[Coding], found: Concept | None, *, ranged: bool) -> Kind | None:
    """By its category first; one sent without (as HL7 v2 does), by what its concept is."""
    for tag in tags:
        if tag.code in _RESULTS:
            return Kind.RESULT
        if tag.code in _OBSERVATIONS:
            return Kind.OBSERVATION
    if found is not None and found.vital:
        return Kind.OBSERVATION
    measured = found is not None and found.kind == "test"
    return Kind.RESULT if measured or ranged else None


#: What an observation measures: of its code, category, reference range, interpretation and method,
#: each as it stands in the body, b"" where it is not said.
measurand = Sayings(_measurand).mean
