"""What an entry says of a cancer beside what it says of any condition, in words."""

from wholerecord.care.titles import Titles
from wholerecord.fold import Entry
from wholerecord.fold.cancer import Cancer, Role
from wholerecord.fold.whole_cancers import cancer_of

_ROLES = {
    Role.PRIMARY: "Where it began",
    Role.RECURRENCE: "A recurrence, apart from the first",
    Role.SECONDARY: "Where it has spread to",
    Role.HISTORY: "A history of it, told as past",
    Role.NONE: "No cancer: screening, or words that deny it",
}
_PLAIN = {
    Role.RECURRENCE: "This is about the cancer coming back.",
    Role.SECONDARY: "This is cancer that has spread from where it began.",
    Role.HISTORY: "This is written down as something you had in the past.",
    Role.NONE: (
        "This is written down beside a code for cancer, but its words tell of a check, or that "
        "there is none. Ask if you are not sure."
    ),
}


def facts(entry: Entry, titles: Titles) -> tuple[tuple[str, str], ...]:
    """What is known of a cancer, labelled, for the page of its entry; none for what is none."""
    cancer = cancer_of(entry)
    if cancer is None:
        return ()
    return (
        ("Cancer", _ROLES[cancer.role]),
        ("Where, as said", "; ".join(cancer.places)),
        ("Histology", "; ".join(cancer.histologies)),
        ("Stage", stages(cancer, titles)),
    )


def stages(cancer: Cancer, titles: Titles) -> str:
    """Every stage as said, with who said it: `IIB, clinical (Aire Valley Hospital)`."""
    each = (
        f"{one.text}{f', {one.type}' if one.type else ''} ({titles.get(one.source, one.source)})"
        for one in cancer.stages
    )
    return "; ".join(each)


def short(entry: Entry) -> str:
    """A line's part about a cancer: its stage, and that it is in remission; mostly nothing."""
    cancer = cancer_of(entry)
    said = dict.fromkeys(one.text for one in cancer.stages) if cancer else {}
    stage = f"stage {' or '.join(said)}" if said else ""
    state = "in remission" if entry.status == "remission" else ""
    return ", ".join(part for part in (stage, state) if part)


def plainly(entry: Entry) -> tuple[str, ...]:
    """What it means for the person, in whole sentences."""
    cancer = cancer_of(entry)
    if cancer is None:
        return ()
    said = dict.fromkeys(one.text for one in cancer.stages)
    return tuple(
        sentence
        for sentence in (
            _PLAIN.get(cancer.role, ""),
            "It is written down as in remission." if entry.status == "remission" else "",
            f"Its stage was written down as {' and as '.join(said)}." if said else "",
        )
        if sentence
    )
