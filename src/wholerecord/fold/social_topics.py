"""What an observation tells of how somebody lives: smoking, drinking, work, home, and the like.

By its code, else by its words where its source calls it social history or nothing else knows them.
Sources: LOINC and SNOMED CT codes, singly and as facts (HL7 IPS and US Core social history, UK code
lists); FHIR observation-category. A short list, a demonstration until a clinical safety officer
signs it.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from wholerecord.fold.record import Coding
from wholerecord.remembered import recalls
from wholerecord.terms import plain

CATEGORY = "social-history"


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic: its title, its codes, and what words that speak of it begin with."""

    title: str
    codes: frozenset[str]
    begins: str


_TOPICS = {
    "smoking": _Topic(
        "Smoking",
        frozenset(
            {
                *("72166-2", "11367-0", "77176002", "8517006", "266919005", "8392000"),
                *("449868002", "365981007", "365980008", "229819007", "266918002"),
            }
        ),
        r"(?:tobacco|smok|cigarette|e.?cigarette|vap(?:es|ing)"
        r"|(?:ex|former|non|never|current)\b.{0,30}smok)",
    ),
    "alcohol": _Topic(
        "Alcohol",
        frozenset(
            {
                *("74013-4", "11331-6", "105542008", "219006", "82581004"),
                *("228274009", "228273003", "228276006", "160573003", "897148007"),
            }
        ),
        r"(?:alcohol|drinks? (?:alcohol|per)|units of alcohol|teetotal|(?:non|ex).?drinker"
        r"|history of alcohol)",
    ),
    "drugs": _Topic(
        "Drug use",
        frozenset({"11343-1", "228366006", "228367002"}),
        r"(?:drug (?:use|misuse)|misuses drugs|does not misuse drugs|finding relating to drug"
        r"|recreational drug|history of .*drug use|illicit|cannabis)",
    ),
    "work": _Topic(
        "Work",
        frozenset({"11341-5", "14679004"}),
        r"(?:occupation|employment|employed|unemployed|retired|job|history of occupation)",
    ),
    "home": _Topic(
        "Home and who is there",
        frozenset(
            {
                *("71802-3", "63512-8", "105529008", "224133007"),
                *("32911000", "365508006", "160734000"),
            }
        ),
        r"(?:housing|lives (?:alone|with|in)|living (?:situation|arrangement|alone|with)|homeless"
        r"|residence|accommodation|household|residential)",
    ),
    "caring": _Topic(
        "Caring for others",
        frozenset({"224484003"}),
        r"(?:is a carer|carer for|cares for|caring (?:for|responsib)|patient themselves providing"
        r"|unpaid carer|young carer)",
    ),
    "language": _Topic(
        "Language",
        frozenset({"54899-0"}),
        r"(?:main spoken language|preferred language|first language|language spoken|interpreter)",
    ),
    "diet": _Topic("Diet", frozenset(), r"(?:diet\b|dietary|vegetarian|vegan|eats)"),
    "exercise": _Topic(
        "Exercise",
        frozenset({"89555-7", "415510005"}),
        r"(?:exercise|physical activity|physically (?:in)?active|sedentary)",
    ),
}
TITLES = MappingProxyType({topic: one.title for topic, one in _TOPICS.items()})
_BY_CODE = {code: topic for topic, one in _TOPICS.items() for code in one.codes}
_BY_WORDS = {topic: re.compile(one.begins) for topic, one in _TOPICS.items()}
#: Of these a word can say that there is none, or was: what it claims, the first that fits.
_CLAIMABLE = frozenset({"smoking", "alcohol", "drugs", "caring"})
_CLAIMS = tuple(
    (re.compile(words), claim)
    for words, claim in (
        (r"\b(?:unknown|not known|not recorded|not asked|declined|refused|trying to)\b", ""),
        (r"\b(?:never|lifetime non|lifelong non|lifelong teetotal)\b", "never"),
        (r"\b(?:ex|former|formerly|stopped|gave up|given up|no longer)\b", "had"),
        (r"\b(?:no|non|not|none|nil|teetotal|denies|denied|zero|abstinent)\b", "has not"),
        (r"(?<![\d.])0(?![\d.])", "has not"),
    )
)
#: Characters of a saying that are looked through.
_LONGEST = 200


def topic_of(codes: tuple[Coding, ...], words: str, tags: tuple[Coding, ...]) -> str:
    """What it tells of, "" where that is not how somebody lives.

    One that its source calls social history and that is of none of the topics has one by its name.

    >>> topic_of((Coding(code="72166-2", system="http://loinc.org"),), "", ())
    'smoking'
    >>> topic_of((), "Woozle keeping", (Coding(code="social-history"),))
    'Woozle keeping'
    """
    for coding in codes:
        if (topic := _BY_CODE.get(coding.code)) is not None:
            return topic
    if not any(tag.code == CATEGORY for tag in tags):
        return ""
    said = plain(words[:_LONGEST])
    for topic, begins in _BY_WORDS.items():
        if begins.match(said):
            return topic
    return words or (codes[0].code if codes else "")


@recalls(most=4096)
def claim(topic: str, said: str) -> str:
    """Whether it says that somebody has the habit: has, had, has not, never; "" says none of these.

    >>> [claim("smoking", said) for said in ("20 a day", "Ex-smoker", "Non-smoker", "Never smoked")]
    ['has', 'had', 'has not', 'never']
    >>> claim("smoking", "Unknown if ever smoked"), claim("home", "No fixed abode")
    ('', '')
    """
    if topic not in _CLAIMABLE or not said:
        return ""
    text = plain(said[:_LONGEST])
    return next((claim for words, claim in _CLAIMS if words.search(text)), "has")
