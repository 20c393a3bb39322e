"""The sections of the summary, and which of them an entry of the record stands in.

Source: IPS 2.0.0, profile Composition-uv-ips: sixteen sections by LOINC code, three required, four
recommended. Which observations tell of pregnancy or of what they can do is
by code: a short list, a demonstration until a clinical safety officer signs it.
"""

from dataclasses import dataclass
from enum import Enum

from wholerecord.care.kinds import by_test
from wholerecord.care.sheet import heading_of
from wholerecord.care.sheet.headings import DEVICES
from wholerecord.fold import NOT_SO, Condition, Entry, Kind, Measure, Record


class Demand(Enum):
    """How much the guide asks for a section."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section by its LOINC code. `none_of`: a statement that there is none of it stands here."""

    slug: str
    title: str
    code: str
    demand: Demand
    none_of: Kind | None = None


def _section(slug: str, title: str, code: str, demand: Demand, none: Kind | None = None) -> Section:
    return Section(slug=slug, title=title, code=code, demand=demand, none_of=none)


_ASKED, _WANTED, _MAY = Demand.REQUIRED, Demand.RECOMMENDED, Demand.OPTIONAL
SECTIONS = (
    _section("allergies", "Allergies and intolerances", "48765-2", _ASKED, Kind.ALLERGY),
    _section("problems", "Problems", "11450-4", _ASKED, Kind.CONDITION),
    _section("medications", "Medication summary", "10160-0", _ASKED, Kind.MEDICINE),
    _section("immunizations", "Immunisations", "11369-6", _WANTED),
    _section("results", "Results", "30954-2", _WANTED),
    _section("procedures", "History of procedures", "47519-4", _WANTED),
    _section("devices", "Medical devices", "46264-8", _WANTED),
    _section("alerts", "Alerts", "104605-1", _MAY),
    _section("directives", "Advance directives", "42348-3", _MAY),
    _section("functional", "Functional status", "47420-5", _MAY),
    _section("past", "Past problems", "11348-0", _MAY),
    _section("pregnancy", "Pregnancy", "10162-6", _MAY),
    _section("plan", "Plan of care", "18776-5", _MAY),
    _section("social", "Social history", "29762-2", _MAY),
    _section("story", "Patient story", "81338-6", _MAY),
    _section("vitals", "Vital signs", "8716-3", _MAY),
)
#: What is over, or was never so: in the record, not in the summary. Past problems are a section.
_GONE = NOT_SO | {"stopped"}
#: LOINC: pregnancy status, delivery date estimated (two methods), births. SNOMED CT: pregnant.
_PREGNANCY = frozenset({"82810-3", "11778-8", "11779-6", "11636-8", "11640-0", "77386006"})
#: LOINC: functional status, Barthel, ECOG. SNOMED CT: Rockwood clinical frailty, Barthel, mobility.
_FUNCTIONAL = frozenset({"47420-5", "96761-2", "89247-1", "763264000", "273302005", "301438001"})
_BY_KIND = {
    Kind.ALLERGY: "allergies",
    Kind.IMMUNISATION: "immunizations",
    Kind.PROCEDURE: "procedures",
    Kind.CARE_PLAN: "plan",
    Kind.SOCIAL_CARE: "plan",
    Kind.ABOUT_ME: "story",
    Kind.SOCIAL_HISTORY: "social",
    Kind.RESULT: "results",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What stands in each section, by slug; `left` is how many entries stand in none of them."""

    entries: dict[str, list[Entry]]
    left: int


def placed(record: Record) -> Placed:
    """Each entry in its section, newest first; of measurements the newest of each test."""
    found: dict[str, list[Entry]] = {section.slug: [] for section in SECTIONS}
    measured: dict[Kind, list[Entry]] = {}
    for entry in record.entries:
        if isinstance(entry.detail, Measure):
            measured.setdefault(entry.kind, []).append(entry)
        elif slug := section_of(entry):
            found[slug].append(entry)
    for entries in measured.values():
        for test in by_test(entries):
            newest = next((one for one in test if one.status not in _GONE), None)
            if newest is not None:
                found[section_of(newest)].append(newest)
    shown = sum(len(entries) for entries in found.values())
    return Placed(entries=found, left=len(record.entries) - shown)


def section_of(entry: Entry) -> str:
    """The slug of the section an entry stands in, or "" when the summary has none for it."""
    if entry.status in _GONE:
        return ""
    if entry.kind is Kind.CONDITION:
        family = isinstance(entry.detail, Condition) and entry.detail.certainty == "family"
        return "" if family else "past" if entry.status == "resolved" else "problems"
    if entry.kind is Kind.MEDICINE:
        return "" if entry.status == "resolved" else "medications"
    if entry.kind is Kind.ALERT:
        return "directives" if heading_of(entry) == "legal" else "alerts"
    if isinstance(entry.detail, Measure):
        return _measured(entry)
    if any(said.kind in DEVICES for said in entry.said_by):
        return "devices"
    return _BY_KIND.get(entry.kind, "")


def _measured(entry: Entry) -> str:
    codes = {code.code for said in entry.said_by for code in said.codes}
    for slug, listed in (
        ("pregnancy", _PREGNANCY),
        ("functional", _FUNCTIONAL),
    ):
        if codes & listed:
            return slug
    return "results" if entry.kind is Kind.RESULT else "vitals"
