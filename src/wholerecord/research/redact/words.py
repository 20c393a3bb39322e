"""The words that the rules for names ask for: the lists beside this file, as sets.

Common short forms and spellings of names are asked of `people.names`, which has them already.
"""

import re
import tomllib
from pathlib import Path

from wholerecord.people.names import nicknames, spellings, words
from wholerecord.terms import CONCEPTS

_HERE = Path(__file__).parent
_WORDS = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
_NAMES = tomllib.loads((_HERE / "names.toml").read_text(encoding="utf-8"))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


TITLES = _set(_WORDS["titles"])
RELATIONS = _set(_WORDS["relations"])
JOBS = _set(_WORDS["jobs"])
CUES = _set(_WORDS["cues"])
WEAK_CUES = _set(_WORDS["weak_cues"])
DEEDS = _set(_WORDS["deeds"])
FILLERS = _set(_WORDS["fillers"])
CLOSINGS = _set(_WORDS["closings"])
TERMS = _set(_WORDS["terms"])
#: Of `TERMS`, what somebody can have or undergo: "Ann's operation" is no term, "Ann's disease" is.
OWNED = _set(_WORDS["owned"])
#: What scores and the like are called, where a word may stand between: "Leeds hip score".
MEASURES = _set(_WORDS["measures"])
SMALL_WORDS = _set(_WORDS["small_words"])
#: What is done to things and not to people: "was started".
DONE_TO_THINGS = _set(_WORDS["done_to_things"])
#: Pairs of words that name a body or a hospital, and nobody.
PAIRS = frozenset(tuple(pair.split()) for pair in _WORDS["pairs"])
_NAMED_IN_TERMS = _set((_HERE / "eponyms.txt").read_text(encoding="utf-8"))
THINGS = (
    _set(_WORDS["things"])
    | _set((_HERE / "products.txt").read_text(encoding="utf-8"))
    | frozenset(word for one in CONCEPTS.values() for word in one.title.lower().split())
)
BEFORE_THINGS = _set(_WORDS["before_things"])
LED_TO_THINGS = _set(_WORDS["led_to_things"])
#: Everyday words, in small letters: those of this project's own pages and made-up letters.
EVERYDAY = _set((_HERE / "everyday.txt").read_text(encoding="utf-8"))
OPENERS = _set(_WORDS["openers"])
AFTER_THINGS = _set(_WORDS["after_things"])
ORDINARY = _set(_WORDS["ordinary"])
ALSO_WORDS = _set(_WORDS["also_words"])
PARTICLES = frozenset(
    {"de", "van", "der", "den", "al", "el", "bin", "ibn", "von", "da", "la", "le"}
)
MONTHS = frozenset({"april", "august", "june", "march", "may"})
_GIVEN, _FAMILY = _set(_NAMES["given"]), _set(_NAMES["family"])

_GAELIC = re.compile("(?:Ma?c|O['\u2019])[A-Z]")
#: How clinical words end that may stand with a capital: "Physiotherapy", "Tonsillitis".
_CLINICAL = (
    *(
        "ology",
        "itis",
        "ectomy",
        "otomy",
        "ostomy",
        "oscopy",
        "plasty",
        "therapy",
        "graphy",
        "gram",
    ),
    *("osis", "aemia", "emia", "uria", "algia", "pathy", "phobia", "plegia", "paresis", "trophy"),
    *("mycin", "cillin", "prazole", "statin", "sartan", "olol", "dipine", "zepam", "pril", "mab"),
    *("azole", "oxacin", "cycline", "parin", "xaban", "gliptin", "gliflozin", "tidine", "formin"),
    *("ectasia", "ation", "ment", "ics", "iatry", "ular", "ical", "able", "ness", "ing", "tide"),
)

#: How many of the last of them everyday words have as well.
_NOT_ONLY_CLINICAL = 11
#: How medicines end. Source: WHO, The use of stems in the selection of INN (2018).
_STEMS = (
    *(
        "azepam",
        "azine",
        "azole",
        "azosin",
        "bactam",
        "caine",
        "cillin",
        "cort",
        "coxib",
        "cycline",
    ),
    *(
        "dipine",
        "dronate",
        "fenac",
        "fibrate",
        "floxacin",
        "gliptin",
        "gliflozin",
        "grel",
        "grelor",
    ),
    *(
        "idone",
        "imus",
        "tidine",
        "pine",
        "dine",
        "pramine",
        "triptyline",
        "oxetine",
        "lukast",
        "mab",
    ),
    *("micin", "mycin", "nib", "nidazole", "olol", "olone", "onide", "oxacin", "parin", "pezil"),
    *("phylline", "platin", "poetin", "prazole", "pril", "profen", "prost", "racetam", "relin"),
    *("rubicin", "sartan", "semide", "setron", "sone", "statin", "steride", "taxel", "terol"),
    *("thiazide", "tocin", "trexate", "triptan", "tropium", "uracil", "vaptan", "vir", "xaban"),
    *(
        "zolam",
        "alol",
        "amil",
        "arone",
        "oxin",
        "amide",
        "emide",
        "zide",
        "tide",
        "nide",
        "gabalin",
        "opram",
    ),
    *(
        "apentin",
        "toin",
        "barbital",
        "quine",
        "quin",
        "formin",
        "pressin",
        "parib",
        "ciclib",
        "xime",
    ),
)


def is_given(word: str) -> bool:
    """Whether `word` is a common given name, or a short form of one."""
    return word.lower() in _GIVEN or any(nicknames(each) for each in words(word))


def is_family(word: str) -> bool:
    """Whether `word` is a common family name. Of a double-barrelled one, one part is enough."""
    if _GAELIC.match(word):
        return True
    return any(
        part.lower() in _FAMILY or bool(spellings(part.upper()))
        for part in (word, *word.split("-"))
        if part
    )


def is_ordinary(word: str) -> bool:
    """Whether a capitalised word is no name of a person: a clinical or an everyday word."""
    low = word.lower()
    if low in _GIVEN or low in _FAMILY:
        return low in ORDINARY and low not in ALSO_WORDS
    return (
        low in ORDINARY
        or low in JOBS
        or low in RELATIONS
        or low in CUES
        or low in WEAK_CUES
        or low in TERMS
        or (len(low) > 5 and low.endswith(_CLINICAL))
    )


#: Names in clinical terms that are common names too: a term only where a term's word follows.
ALSO_NAMES = frozenset(one for one in _NAMED_IN_TERMS if is_given(one) or is_family(one))
#: Names that are clinical terms though nothing follows.
EPONYMS = _set(_WORDS["eponyms"]) | (_NAMED_IN_TERMS - ALSO_NAMES)

#: How a word's other forms end, and what stands there in the form that a list has.
_FORMS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ing", ""),
          ("ing", "e"), ("ly", ""), ("er", ""), ("est", ""), ("'s", ""))  # fmt: skip


def is_clinical(word: str) -> bool:
    """Whether a word ends as clinical words do, and medicines."""
    low = word.lower()
    return low.endswith((*_CLINICAL[:-_NOT_ONLY_CLINICAL], *_STEMS))


def is_everyday(word: str) -> bool:
    """Whether a word, or the form of it that a list has, is an everyday one or a medicine's."""
    low = word.lower()
    if low in EVERYDAY or (len(low) > 5 and low.endswith(_STEMS)) or low.endswith(_CLINICAL):
        return True
    return any(
        low.endswith(ending) and low.removesuffix(ending) + other in EVERYDAY
        for ending, other in _FORMS
    )
