"""The next wider code of a code, by the hierarchy of its own system: at last one of ours.

SNOMED CT and dm+d by the releases that the site has loaded; ICD-10 and OPCS-4 by their categories
and chapters; Read v2 by its bytes. Source: WHO, ICD-10 volume 1, list of three-character categories
and chapters; NHS Read Codes version 2, five-byte hierarchy.
"""

from bisect import bisect_right

from wholerecord.remembered import recalls
from wholerecord.research.codes import concepts_of
from wholerecord.research.tables import CONCEPT
from wholerecord.terms import CONCEPTS, forgets, in_force, system_name

Code = tuple[str, str]

#: The first category of each chapter of ICD-10, and its last.
_SAID = (
    "A00-B99 C00-D48 D50-D89 E00-E90 F00-F99 G00-G99 H00-H59 H60-H95 I00-I99 J00-J99 K00-K93"
    " L00-L99 M00-M99 N00-N99 O00-O99 P00-P96 Q00-Q99 R00-R99 S00-T98 U00-U99 V01-Y98 Z00-Z99"
)
_CHAPTERS = _SAID.split()
_BEGIN = [chapter[:3] for chapter in _CHAPTERS]
_CATEGORY = 3


@recalls()
def wider(system: str, code: str) -> Code | None:
    """The next wider (system, code), or None where there is none: follow it and it ends.

    >>> wider("http://hl7.org/fhir/sid/icd-10", "E11.9")
    ('http://hl7.org/fhir/sid/icd-10', 'E11')
    >>> wider("http://hl7.org/fhir/sid/icd-10", "Q87")
    ('http://hl7.org/fhir/sid/icd-10', 'Q00-Q99')
    """
    if system == CONCEPT:
        parents = CONCEPTS[code].parents if code in CONCEPTS else ()
        return (CONCEPT, parents[0]) if parents else None
    name = system_name(system)
    if (above := _released(system, code)) is not None:
        return system, above
    by_letters = _LETTERS.get(name)
    if by_letters is not None and (shorter := by_letters(code)):
        return system, shorter
    own = concepts_of(system, code)
    return (CONCEPT, own[0]) if own else None


forgets(wider.cache_clear)


def _released(system: str, code: str) -> str | None:
    """The most special of the codes above, by a release: that with the most codes above itself."""
    for release in in_force().holding(system):
        row = release.row(code)
        above = release.above(row) if row >= 0 else ()
        if len(above) > 1:  # the one above all says nothing
            nearest = max(above, key=lambda each: (len(release.above(each)), each))
            return release.term_at(nearest).code
    return None


def _icd10(code: str) -> str:
    """A category of a code, a chapter of a category, "" of a chapter."""
    plain = code.replace(".", "")
    if "-" in code or len(plain) < _CATEGORY:
        return ""
    if len(plain) > _CATEGORY:
        return plain[:_CATEGORY]
    place = bisect_right(_BEGIN, plain.upper()) - 1
    there = place >= 0 and plain.upper() <= _CHAPTERS[place][_CATEGORY + 1 :]
    return _CHAPTERS[place] if there else ""


def _opcs4(code: str) -> str:
    """A category of a code, the chapter's letter of a category, "" of a chapter."""
    plain = code.replace(".", "")
    return plain[:_CATEGORY] if len(plain) > _CATEGORY else plain[:1] if len(plain) > 1 else ""


def _read2(code: str) -> str:
    """One byte less, as dots; "" of a chapter."""
    plain = code[:5].rstrip(".")
    return plain[:-1].ljust(5, ".") if len(plain) > 1 else ""


_LETTERS = {"icd10": _icd10, "opcs4": _opcs4, "read2": _read2}
