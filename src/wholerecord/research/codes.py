"""Which codes an entry carries into the tables, and which words may stand there: none of its own.

A source can write anything where a code belongs: words, a name, a number of the patient's. So a
code is taken only with its system, in the letters that codes are made of, and never when it is one
of the person's own identifiers. Words are taken from closed lists of ours, or not at all.
"""

import re
from collections.abc import Iterable, Iterator

from wholerecord.fold import Coding, Entry
from wholerecord.remembered import recalls
from wholerecord.research.tables import CONCEPT
from wholerecord.terms import CONCEPTS, concept, concept_in_text, forgets
from wholerecord.terms.units import unit

Code = tuple[str, str]

#: No terminology in use here writes a code otherwise (SNOMED CT, ICD-10, OPCS-4, Read v2 with its
#: dots, CTV3, LOINC, CVX, HL7 v3).
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-/+_]{0,39}")
_UNIT = re.compile(r"[A-Za-zµμ°%0-9*^/.\[\]{}_()-]{1,16}")
_GROUPS = ("a", "b", "ab", "o")

#: Values in words that say no more than a code would. A demonstration's list, as published code
#: lists group them, until a clinical safety officer signs it.
TEXT_VALUES = frozenset(
    {
        "positive",
        "negative",
        "detected",
        "not detected",
        "reactive",
        "non-reactive",
        "indeterminate",
        "equivocal",
        "normal",
        "abnormal",
        "present",
        "absent",
        "trace",
        "nil",
        "yes",
        "no",
        "never smoked",
        "ex-smoker",
        "current smoker",
        "smoker",
        "non-smoker",
        *(f"{group} rhd {sign}" for group in _GROUPS for sign in ("positive", "negative")),
    }
)
#: What `fold.Encounter.setting` says, where it is one of its own words and not its source's.
SETTINGS = frozenset(
    {
        "inpatient",
        "day case",
        "emergency",
        "outpatient",
        "home",
        "by telephone or video",
        "pre-admission",
        "at the scene",
        "observation",
        "GP",
    }
)


def codes_of(entry: Entry, family: str, own: frozenset[str]) -> tuple[Code, ...]:
    """Every (system, code) of an entry, our own concepts first, each once.

    Where nobody coded it, the concept that its title means among `family`. `own` are the person's
    identifiers: none of them is a code.
    """
    said = [code for one in entry.said_by for code in one.codes]
    if entry.code is not None:
        said.append(entry.code)
    return coded(said, entry.title, family, own)


def coded(said: Iterable[Coding], title: str, family: str, own: frozenset[str]) -> tuple[Code, ...]:
    """As `codes_of`, of codings and a title."""
    given = tuple([(one.system, one.code) for one in said if one.system and one.code not in own])
    return _known(given, title, family)


@recalls(most=16384)
def _known(given: tuple[Code, ...], title: str, family: str) -> tuple[Code, ...]:
    """Worked out once for what most people's entries say alike: a third of the time of the rows."""
    codes = dict.fromkeys(code for code in given if _CODE.fullmatch(code[1]))
    concepts = dict.fromkeys(each for code in codes for each in concepts_of(*code))
    if not concepts and family and (meant := concept_in_text(title, family)) is not None:
        concepts = dict.fromkeys(_own(meant.id, meant.parents))
    return (*((CONCEPT, each) for each in concepts), *codes)


forgets(_known.cache_clear)


@recalls(most=4096)
def unit_of(said: str) -> str | None:
    """A unit as a table may hold it: UCUM's, or what is as short and as plain."""
    return said if said and (_UNIT.fullmatch(said) or unit(said) is not None) else None


def text_value(said: str) -> str | None:
    """A value in words, in small letters, when it is one of `TEXT_VALUES`."""
    plain = said.strip().lower()
    return plain if plain in TEXT_VALUES else None


@recalls()
def concepts_of(system: str, code: str) -> tuple[str, ...]:
    """Our concepts that a code of a system is; none, when it is of none."""
    meant = concept(system, code)
    return tuple(_own(meant.id, meant.parents)) if meant is not None else ()


forgets(concepts_of.cache_clear)


def _own(id: str, parents: tuple[str, ...]) -> Iterator[str]:
    """The concept, where it is ours; of one that a release knows, ours that it is a kind of."""
    return (each for each in ((id,) if id in CONCEPTS else parents) if each in CONCEPTS)
