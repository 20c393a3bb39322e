"""One line of the document: an entry in words, and everyone who said it."""

from dataclasses import dataclass

from wholerecord.care.sheet.telling import short, telling
from wholerecord.care.software import mark_of, marked
from wholerecord.care.titles import Titles, with_titles
from wholerecord.fold import Entry, Negative, Said

_STATUS = {
    "resolved": "Over",
    "remission": "In remission",
    "stopped": "Stopped",
    "refuted": "Ruled out",
    "superseded": "Superseded",
    "planned": "Planned",
    "preliminary": "Preliminary",
    "corrected": "Corrected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """Who said it (a source's title, and who there where named), when, in which words.

    `when` is "" where the source did not say when it wrote it down.
    """

    source: str
    by: str
    when: str
    words: str

    def __str__(self) -> str:
        who = f"{self.source} ({self.by})" if self.by else self.source
        when = f", {self.when}" if self.when else ""
        return f"{who}{when}: “{self.words}”" if self.words else f"{who}{when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry in words. `mark` is what must be seen first, `doubt` where sources disagree."""

    text: str
    says: tuple[str, ...]
    when: str
    mark: str
    doubt: str
    said_by: tuple[SaidBy, ...]


def line_of(entry: Entry, titles: Titles, *, briefly: bool = False) -> Line:
    """The entry as a line: every statement in its `said_by` is named, oldest first.

    Briefly: of each source its newest alone.
    """
    told = {said.source: said for said in entry.said_by}.values() if briefly else entry.said_by
    until = entry.until.say() if entry.until else ""
    since = entry.when.say() if entry.when else "date not said"
    return Line(
        text=short(entry.title),
        says=telling(entry.detail),
        when=f"{since} to {until}" if until and until != since else since,
        mark=marked(entry, _STATUS.get(entry.status, "")),
        doubt=with_titles(entry.conflict, titles),
        said_by=tuple(said_by(said, titles) for said in told),
    )


def negative_line(negative: Negative, titles: Titles) -> Line:
    """That there is none, as one source's words: never as the record's."""
    said = negative.said
    at = said.when or said.recorded
    return Line(
        text=f"“{short(said.words or negative.title)}”",
        says=("only the words of the source named here: other places may know more",),
        when=at.say() if at else "date not said",
        mark=mark_of(negative),
        doubt="",
        said_by=(said_by(said, titles),),
    )


def said_by(said: Said, titles: Titles) -> SaidBy:
    """Who said one statement."""
    return SaidBy(
        source=titles.get(said.source, said.source),
        by=short(said.by),
        when=said.recorded.say() if said.recorded else "",
        words=short(said.words),
    )
