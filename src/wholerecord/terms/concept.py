"""The concepts this package knows, read once from `concepts.json`.

Sources of the codes: SNOMED CT and dm+d identifiers as public code lists cite them (OpenSAFELY
codelists, NHSBSA dm+d), ICD-10 5th edition, Read v2, CTV3, LOINC, OPCS-4, CVX. Single codes, as
facts; no release is copied.
"""

from collections.abc import Mapping
from importlib.resources import files

import msgspec


class Concept(msgspec.Struct, frozen=True, kw_only=True):
    """One meaning, with the codes and words that carry it.

    `kind` is condition, medicine, class (of medicines), substance, allergy, negative, test,
    vaccine or procedure. `course` of a condition is acute, long-term or cancer (of one
    that only a release knows, perhaps `not said`). `line` names
    concepts that are stages or forms of one thing (stages of kidney disease). `of` is what an
    allergy is to. `vital` is a test done by looking at or asking the person, not in a laboratory.
    `product` asks that a medicine be kept apart by product, not by substance.
    """

    id: str
    kind: str
    title: str
    course: str = ""
    parents: tuple[str, ...] = ()
    line: str = ""
    of: str = ""
    vital: bool = False
    product: bool = False
    codes: dict[str, tuple[str, ...]] = {}
    words: tuple[str, ...] = ()


class _File(msgspec.Struct):
    version: str
    concepts: tuple[Concept, ...]


_READ = msgspec.json.decode(
    files("wholerecord.terms").joinpath("concepts.json").read_bytes(), type=_File
)

#: The version of the value set; part of a record's policy.
VERSION = _READ.version

#: Every concept by its id.
CONCEPTS: Mapping[str, Concept] = {concept.id: concept for concept in _READ.concepts}
