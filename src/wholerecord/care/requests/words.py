"""A request to a source in words."""

from wholerecord.access.correcting import Asked
from wholerecord.fold import Verdict

_ASKS = {
    Verdict.WRONG: "We believe that this was entered in error. Please check it, and take it back "
    "if it was.",
    Verdict.WRONG_PERSON: "We believe that this is about somebody else. Please check it, and take "
    "it back from this patient if it is.",
    Verdict.SUPERSEDED: "We believe that this is out of date. Please check whether it still holds, "
    "and end it if it does not.",
    Verdict.UPHELD: "The person says that this is not right, and a professional agrees. Please "
    "check it with them, and put it right.",
}
_SIDES = {"left": "on the left", "right": "on the right", "bilateral": "on both sides"}


def sentence(asked: Asked) -> str:
    """What is asked for, in words that are the same for everybody."""
    one = asked.correction
    if asked.retracts:
        return (
            f"We take back request {one.n}: please read it as if it had not been sent, and ask us "
            "if you changed anything for it."
        )
    if one.verdict is Verdict.SIDE:
        where = _SIDES[one.side]
        return f"We believe that this was {where}. Please check the side, and put it right."
    return _ASKS[one.verdict]


def lines(asked: Asked) -> tuple[tuple[str, str], ...]:
    """The facts of a letter, labelled."""
    one = asked.correction
    number = (("NHS number, as you sent it", asked.nhs_number),) if asked.nhs_number else ()
    return (
        ("To", f"{asked.title} (ODS code {asked.organisation})"),
        ("Our number", f"{one.n}"),
        ("Asked on", f"{one.at:%d %B %Y}"),
        ("Please answer by", f"{one.due:%d %B %Y}"),
        ("Your patient", one.number),
        *number,
        *(("Your entry", f"{about.kind} {about.id}") for about in one.about),
    )
