"""Which heading of the document an entry stands under.

Source: Professional Record Standards Body, Core Information Standard 2.0, section headings. Our own
reading of it, a demonstration until a clinical safety officer signs it: the standard has more
headings than sources tell apart, and what none of these fits stands under the last.
"""

from dataclasses import dataclass

from wholerecord.fold import Condition, Entry, Kind, Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading. `kind` is what is asked about even when there is none of it; None: left out."""

    slug: str
    title: str
    kind: Kind | None = None


HEADINGS = (
    Heading(slug="alerts", title="Alerts"),
    Heading(slug="legal", title="Legal information"),
    Heading(slug="requirements", title="Individual requirements"),
    Heading(slug="allergies", title="Allergies and adverse reactions", kind=Kind.ALLERGY),
    Heading(slug="medicines", title="Medications and medical devices", kind=Kind.MEDICINE),
    Heading(slug="transfers", title="Medications at the last transfers of care (a demonstration)"),
    Heading(slug="problems", title="Problem list", kind=Kind.CONDITION),
    Heading(slug="family", title="Family history"),
    Heading(slug="results", title="Investigation results"),
    Heading(slug="findings", title="Examination findings"),
    Heading(slug="procedures", title="Procedures and therapies"),
    Heading(slug="vaccinations", title="Vaccinations"),
    Heading(slug="plans", title="Care and support plan"),
    Heading(slug="services", title="Services and care"),
    Heading(slug="social", title="Social context"),
    Heading(slug="about-me", title="About me"),
    Heading(slug="personal-contacts", title="Personal contacts"),
    Heading(slug="professional-contacts", title="Professional contacts"),
    Heading(slug="contacts", title="Contacts with professionals"),
    Heading(slug="documents", title="Documents"),
    Heading(slug="other", title="Everything else"),
)
_BY_KIND = {
    Kind.ALLERGY: "allergies",
    Kind.MEDICINE: "medicines",
    Kind.RESULT: "results",
    Kind.OBSERVATION: "findings",
    Kind.SOCIAL_HISTORY: "social",
    Kind.IMMUNISATION: "vaccinations",
    Kind.PROCEDURE: "procedures",
    Kind.ENCOUNTER: "contacts",
    Kind.DOCUMENT: "documents",
    Kind.CARE_PLAN: "plans",
    Kind.SOCIAL_CARE: "services",
    Kind.ABOUT_ME: "about-me",
}
_SORTS = {"Legal": "legal", "Reasonable adjustment": "requirements"}
#: FHIR types of what is used or worn.
DEVICES = frozenset({"Device", "DeviceUseStatement"})


def heading_of(entry: Entry) -> str:
    """The slug of the one heading the entry stands under."""
    if entry.kind is Kind.CONDITION:
        family = isinstance(entry.detail, Condition) and entry.detail.certainty == "family"
        return "family" if family else "problems"
    if entry.kind is Kind.ALERT:
        return _SORTS.get(sort_of_alert(entry), "alerts")
    said = {one.kind for one in entry.said_by}
    if entry.kind is Kind.TEAM:
        return "personal-contacts" if said == {"RelatedPerson"} else "professional-contacts"
    if said & DEVICES:
        return "medicines"
    return _BY_KIND.get(entry.kind, "other")


def sort_of_alert(entry: Entry) -> str:
    """The sort of an alert in words (see `fold.alert_sort`), "" when it has none."""
    lines = entry.detail.lines if isinstance(entry.detail, Plain) else ()
    return next((text for label, text in lines if label == "Sort of alert"), "")
