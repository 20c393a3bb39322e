"""Whether two doses are written alike: spelling apart, and never worked out.

That `5 mg` once a day is `one 5 mg tablet` in the morning is for a pharmacist to say: what is not
written alike is shown as written differently, both texts beside it.
"""

import re
from collections.abc import Iterable

from wholerecord.remembered import recalls

#: Spellings of one thing. Whole words, in the order they are tried.
_SPELT = (
    (r"(\d)\s*(mg|mcg|g|ml)\b", r"\1 \2"),
    (r"milligrams?|mgs\b", "mg"),
    (r"micrograms?|mcgs\b", "mcg"),
    (r"millilitres?|mls\b", "ml"),
    (r"\b(?:once (?:a|per|each) day|once daily|every day|each day|od)\b", "daily"),
    (r"\b(?:two times|2 times|twice) (?:a|per|each) day\b|\btwice daily\b|\bbd\b", "2 daily"),
    (r"\b(?:three|3) times (?:a|per|each) day\b|\b(?:three|3) times daily\b|\btds\b", "3 daily"),
    (r"\b(?:four|4) times (?:a|per|each) day\b|\b(?:four|4) times daily\b|\bqds\b", "4 daily"),
    (r"\bone\b", "1"),
    (r"\btwo\b", "2"),
    (r"\b(tablet|capsule|puff|drop|unit)s\b", r"\1"),
    (r"\b(?:to be taken|take|taken)\b", ""),
    (r"(\d)\.0+\b", r"\1"),
)
_PATTERNS = tuple((re.compile(pattern), to) for pattern, to in _SPELT)
_MARKS = re.compile(r"[\s,;:()]+|\.(?!\d)")
#: Characters of a dose that are compared: a longer one is compared as it stands.
_LONGEST = 500


def alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether some doses are written as the others, each of them. Symmetric.

    >>> alike(["Ramipril 5mg capsules: One daily"], ["ramipril 5 mg capsules, ONE once a day."])
    True
    >>> alike(["5 mg daily"], ["10 mg daily"]), alike(["1 daily"], ["1 daily", "2 at night"])
    (False, False)
    """
    return {written(one) for one in some} == {written(one) for one in others}


@recalls(most=4096)
def written(dose: str) -> str:
    """A dose as it is compared."""
    if len(dose) > _LONGEST:
        return dose
    text = dose.casefold()
    for pattern, to in _PATTERNS:
        text = pattern.sub(to, text)
    return _MARKS.sub(" ", text).strip()
