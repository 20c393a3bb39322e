"""What a choice changes, in the words of the person who makes it."""

from collections.abc import Sequence

from wholerecord.access.suppose import Change, Reach

#: What no choice changes, and which law says so. A demonstration until a lawyer signs it.
LAW = (
    "In an emergency, whoever cares for you may open your record, and must say why. You are told.",
    "What you hid even in an emergency stays hidden then, too.",
    "A court can order that something is shown.",
    "Some diseases must be reported (Health Protection (Notification) Regulations 2010).",
    "A child or adult at risk of serious harm is protected first (Children Act 1989 section 47).",
    "Whoever wrote something keeps it in their own files: this is about this record.",
)


def sentences(changes: Sequence[Change], entries: int) -> tuple[tuple[str, str], ...]:
    """Who, and what changes for them: those who see less first."""
    order = sorted(changes, key=lambda change: (not change.loses, change.who))
    return tuple((change.who, _sentence(change, entries)) for change in order)


def _sentence(change: Change, entries: int) -> str:
    before, after = change.before, change.after
    said: list[str] = []
    if before.work != after.work:
        said.append(f"sees {_of(after.work, entries)}, and now sees {_of(before.work, entries)}")
    if before.emergency != after.emergency:
        said.append(
            f"in an emergency sees {_of(after.emergency, entries)}, "
            f"and now would see {_of(before.emergency, entries)}"
        )
    said += _who(before, after)
    return "; ".join(said)


def _who(before: Reach, after: Reach) -> list[str]:
    said: list[str] = []
    if before.who and not after.who:
        said.append("does not see who you are")
    if after.who and not before.who:
        said.append("sees who you are")
    if before.counted and not after.counted:
        said.append("does not count you with others any more, even without your name")
    if after.counted and not before.counted:
        said.append("counts you with others, without your name")
    return said


def _of(seen: int, entries: int) -> str:
    if seen == 0:
        return "nothing of your record"
    return f"all {entries} lines" if seen == entries else f"{seen} of your {entries} lines"
