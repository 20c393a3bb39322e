"""Whether the sources agree on a person's NHS number, in words for the banner.

Source: NHS Data Dictionary, "NHS NUMBER STATUS INDICATOR CODE".
"""

from collections.abc import Iterable

from wholerecord.people.demographics import Demographics

_WORDS = {
    "02": "number present but not traced",
    "03": "trace required",
    "04": "trace attempted, no match or several",
    "05": "trace needs to be resolved",
    "06": "trace in progress",
    "07": "number not present, trace not required",
    "08": "trace postponed, baby under six weeks old",
}


def number_status(said: Iterable[Demographics]) -> str:
    """Whether the NHS number the patients of one person have is verified, in words.

    `verified`; `not verified: …`; `conflict: …` where the sources say different numbers;
    `not known` where none says a valid one. Any order of patients gives the same words.
    """
    known = [each for each in said if each.nhs_number is not None]
    verified = {each.nhs_number for each in known if each.nhs_status == "01"}
    numbers = {each.nhs_number for each in known}
    if len(verified) > 1:
        return "conflict: sources have different numbers, each verified"
    if len(numbers) > 1:
        which = "one verified" if verified else "none verified"
        return f"conflict: sources have different numbers, {which}"
    if verified:
        return "verified"
    if not numbers:
        return "not known"
    status = max((each.nhs_status for each in known), default="")
    return f"not verified: {_WORDS.get(status, 'no source says it was traced')}"
