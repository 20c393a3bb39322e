"""Cancers: one entry for one tumour, one for each recurrence, one for each place it has spread to.

What a source says of stage and histology is kept as said, beside that of the others. Which
statements are of one stands in `tumours`. Demonstration rules until a clinical safety officer
signs them; the sources of each are in `policy.json`.
"""

from collections.abc import Iterable, Sequence

from wholerecord.fold.cancer import Cancer, Role, Stage
from wholerecord.fold.cancer_said import HISTOLOGY_EXTENSION, Tumour
from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.diagnosis import lasting
from wholerecord.fold.entry import and_list, earliest, first_code, latest, made, suspected
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Condition, Entry, Kind
from wholerecord.fold.told import Group, Told, address, newness
from wholerecord.fold.tumours import Lesion
from wholerecord.nhs import PartialDate
from wholerecord.terms.relate import depth

_TITLES = {
    Role.RECURRENCE: "Recurrence: ",
    Role.HISTORY: "History of: ",
    Role.NONE: "Not a cancer: ",
}
_STATES = {
    "active": "active",
    "recurrence": "active",
    "relapse": "active",
    "remission": "remission",
    "inactive": "resolved",
    "resolved": "resolved",
}
_IN_WORDS = {"active": "active", "remission": "in remission", "resolved": "over"}


def why(lesion: Lesion) -> str:
    """Why its statements are one entry, in words."""
    if lesion.role is Role.NONE:
        return "A cancer's code, and words of screening or that there is none: alone."
    if len(lesion.members) == 1:
        return "One statement."
    if lesion.role is Role.SECONDARY:
        return "One place that it has spread to, whatever the date."
    if lesion.role is Role.RECURRENCE:
        return "One recurrence: same site, said within its window."
    same = and_list(
        word
        for word, known in (
            ("site", lesion.site),
            ("side", lesion.side),
            ("histology", lesion.histology),
        )
        if known
    )
    return f"Same {same or 'words'}: one tumour, whatever the date."


def role_of(each: Sequence[Tumour], sense: str = "") -> Role:
    """What the statements together are: a tumour when one of them says so, history when all do.

    In a recurrence that one of them tells of, what only names the cancer is of that recurrence.
    """
    roles = {one.role for one in each}
    if sense == Role.RECURRENCE.value and Role.RECURRENCE in roles:
        return Role.RECURRENCE
    order = (Role.PRIMARY, Role.RECURRENCE, Role.SECONDARY, Role.HISTORY, Role.NONE)
    return next(role for role in order if role in roles)


def make(group: Group[ConditionSaid], each: Sequence[Tumour], rules: Policy) -> Entry:
    """One tumour, recurrence, place of spread, or history of what nobody else tells."""
    role = role_of(each, group.sense)
    told = [one for one in each if one.role is not Role.HISTORY] or list(each)
    dated = [one for one in told if one.role is role] or told
    best = max(told, key=lambda one: depth(one.meant) if one.meant else 0)
    status, conflict = _status(each, role)
    dates = "" if role is Role.RECURRENCE else _dates(told, rules)
    return made(
        group,
        Kind.CONDITION,
        title=_title(best, role),
        code=first_code([best.one.told]) or first_code([one.one.told for one in each]),
        when=_began(dated),
        until=_ended(each) if status == "resolved" else None,
        status=status,
        conflict=" ".join(filter(None, (conflict, dates, _denied(role)))),
        detail=Condition(
            certainty=_certainty(best, role),
            long_term=True,
            side=next((one.one.side for one in each if one.one.side), ""),
            severity=next(filter(None, (body.severity.words for body in _bodies(each))), ""),
            cancer=_cancer(each, role),
        ),
    )


def _title(best: Tumour, role: Role) -> str:
    one = best.one
    named = best.meant.title if best.meant and role is not Role.NONE else ""
    title = named or one.told.said.words or "Unnamed cancer"
    if one.certainty == "suspected":
        return suspected(title)
    if one.certainty == "family":
        return f"Family history: {one.told.said.words or title}"
    before = _TITLES.get(role, "")
    told_so = title.lower().startswith(before.lower().rstrip(": ")) if before else False
    return title if told_so else f"{before}{title}"


def _certainty(best: Tumour, role: Role) -> str:
    """What counts confirmed cancers never counts a screening that has a cancer's code."""
    sure = best.one.certainty == "confirmed"
    return "unconfirmed" if sure and role is Role.NONE else best.one.certainty


def _began(told: Iterable[Tumour]) -> PartialDate | None:
    """The earliest date said of it; where none is, when it was first written down."""
    each = list(told)
    return earliest(one.one.told.said.when for one in each) or earliest(
        one.one.told.at for one in each
    )


def _ended(each: Iterable[Tumour]) -> PartialDate | None:
    return latest(PartialDate.parse(body.ended) for body in _bodies(each))


def _bodies(each: Iterable[Tumour]) -> list[ConditionSaid]:
    return [one.one.told.body for one in each]


def _state(one: Tumour) -> str:
    """What it says of whether the cancer goes on, "" nothing: a history says it does not."""
    if one.role is Role.HISTORY:
        return "resolved"
    return _STATES.get(one.one.told.said.status, "")


def _status(each: Sequence[Tumour], role: Role) -> tuple[str, str]:
    """The newest word, and in words where sources disagree; what is told since is not over."""
    if each[0].one.certainty == "refuted":
        return "refuted", ""
    if role is Role.NONE:
        return "unknown", ""
    told = {id(one) for one in lasting([one.one for one in each])}
    counting = [one for one in each if id(one.one) in told]
    newest = sorted(counting, key=lambda one: newness(one.one.told))
    by_source: dict[str, str] = {}
    for one in newest:
        if state := _state(one):
            by_source[one.one.told.said.source] = state
    states = set(by_source.values())
    status = _state(newest[-1])
    if not status and states == {"active"}:
        status = "active"
    said = [
        f"{and_list(s for s, mine in by_source.items() if mine == state)} says it is {words}"
        for state, words in _IN_WORDS.items()
        if state in states
    ]
    if not status and states - {"active"}:
        said.append(f"{newest[-1].one.told.said.source} tells of it since")
    return status or "unknown", f"{'; '.join(said)}." if len(said) > 1 else ""


def _dates(told: Sequence[Tumour], rules: Policy) -> str:
    """The dates of diagnosis that are too far apart to be one, by source; "" when none are."""
    first: dict[str, PartialDate] = {}
    for one in told:
        when, source = one.one.told.said.when, one.one.told.said.source
        if when is not None and one.role is not Role.RECURRENCE:
            before = first.get(source)
            first[source] = when if before is None else earliest((before, when)) or when
    if len(first) < 2:
        return ""
    least = earliest(first.values())
    if least is None:
        return ""
    last = max(first.values(), key=lambda one: (one.start, one.text))
    if (last.start - least.start).days <= rules.cancer_date_days or _within(last, least):
        return ""
    each = sorted(first.items(), key=lambda pair: (pair[1].start, pair[0]))
    return f"Dates of diagnosis differ: {', '.join(f'{s} {d.text}' for s, d in each)}."


def _within(one: PartialDate, other: PartialDate) -> bool:
    """Whether one date says what the other says, less exactly."""
    shorter, longer = sorted((one.text, other.text), key=len)
    return longer.startswith(shorter)


def _denied(role: Role) -> str:
    if role is not Role.NONE:
        return ""
    return "Its code is a cancer's; its words tell of screening, or that there is none."


def _cancer(each: Sequence[Tumour], role: Role) -> Cancer:
    said = [(one.one.told, body) for one, body in zip(each, _bodies(each), strict=True)]
    return Cancer(
        role=role,
        site=max((one.site for one in each), key=len),
        histology=max((one.histology for one in each), key=len),
        histologies=_once(
            extension.value_codeable_concept.words
            for _, body in said
            for extension in body.extension
            if extension.url == HISTOLOGY_EXTENSION and extension.value_codeable_concept
        ),
        places=_once(site.words for _, body in said for site in body.finding.sites),
        stages=tuple(dict.fromkeys(stage for told, body in said for stage in _stages(told, body))),
        assessed=tuple(
            dict.fromkeys(
                address(told, reference.reference)
                for told, body in said
                for stage in body.stage
                for reference in stage.assessment
                if reference.reference
            )
        ),
    )


def _stages(told: Told[ConditionSaid], body: ConditionSaid) -> Iterable[Stage]:
    for stage in body.stage:
        if stage.summary.words:
            yield Stage(text=stage.summary.words, type=stage.type.words, source=told.said.source)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
