"""What the first screen shows, as values: a template only writes them out.

Built in Python so that they can be tested without a browser, and so that the template does no
work per entry: a person can have ten thousand.
"""

from dataclasses import dataclass

from wholerecord.record import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A small trend line, oldest left: SVG points in a box of 64 by 18, and where it ends."""

    points: str
    x: str
    y: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a panel. `href` leads to where it comes from, or is "" when it is no entry.

    `note` is the quieter second part, `mark` a tag, `tone` one of quiet, warn, danger, struck.
    """

    text: str
    href: str = ""
    note: str = ""
    mark: str = ""
    tone: str = ""
    value: str = ""
    before: str = ""
    spark: Spark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A titled list. `empty` is what to say when there are no lines: never just "none".

    `more` is where the whole list is, `total` how long it is.
    """

    slug: str
    title: str
    lines: tuple[Line, ...]
    empty: str
    total: int = 0
    more: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source that knows the person, and how fresh it is."""

    title: str
    says: str
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """Who this is, and what must not be missed."""

    name: str
    born: str
    age: str
    died: str
    nhs_number: str
    number_status: str
    number_verified: bool
    sex: str
    weight: str
    address: str
    allergies: tuple[Line, ...]
    allergies_empty: str
    allergies_more: int
    alerts: tuple[Line, ...]
    alerts_more: int
    sources: tuple[SourceLine, ...]
    withheld: str
    demographics_differ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The first screen of one person's record. `at` and `day` are "" for now."""

    person: PersonId
    banner: Banner
    panels: tuple[Panel, ...]
    at: str
    day: str
