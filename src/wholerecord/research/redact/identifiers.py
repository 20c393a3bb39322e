"""Numbers, codes and addresses that say who somebody is, by their form in the United Kingdom.

Sources: NHS Data Dictionary (NHS number, postcode); Ofcom's numbering plan; HMRC NIM39110 (form of
a National Insurance number); DVLA INF104 (registration marks). Every pattern has bounded
repeats, so a text takes time in proportion to its length.
"""

import re
from collections.abc import Iterator

from wholerecord.nhs import NhsNumber
from wholerecord.research.redact.span import Span, What

_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|"
    "EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|"
    "LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|"
    "SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|B|E|G|L|M|N|S|W"
)
_UNIT = "(?!ug|ng|gb|th|nd|st|rd|pg|hr|yr|wk|dl)"  # "B12 5ug" and "T4 5th" are no postcodes
_POSTCODE = rf"\b(?:{_AREAS})\d[A-Z\d]?[ \u00a0]{{0,2}}\d{_UNIT}[ABD-HJLNP-UW-Z]{{2}}\b"
_STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Close|Drive|Way|Court|Crescent|Place|Terrace|Gardens|Grove|"
    "Hill|Square|Walk|Row|Mews|Green|View|Rise|Parade|Gate|Villas|Croft|Fold|Bank|Mount"
)
_HOUSE = (
    "Cottage|House|Farm|Lodge|Barn|Hall|Bungalow|Court|Villa|Grange|Manor|Mill|Forge|Rectory|"
    "Vicarage|Stables|Chapel|Nook|Croft|Orchard|Priory|Oast|Smithy|Cottages|Schoolhouse|Gatehouse"
)
_CAP = r"[A-Z][a-z'\u2019-]{1,19}"
_TOWNS = rf"(?:,?\s{{1,3}}{_CAP}(?:[ -]{_CAP}){{0,3}}){{0,3}},?\s{{1,3}}(?={_POSTCODE})"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = (
    rf"(?:\d{{1,2}}[/.\s-]\d{{1,2}}[/.\s-]\d{{2,4}}|\d{{4}}-\d\d-\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}"
    rf",?[ -]\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_SAYS = r"(?:\s|:|#|=|\.|is|was|no\b|number|code|ID){0,8}"
_CALLED = (
    r"hosp(?:ital)?|unit|MRN|PAS|patient|CHI|H&C|district|chart|case ?note|record|clinic|lab|"
    r"sample|specimen|accession|GMC|NMC|HCPC|GPhC|passport|policy|claim|account|NINO|NI|prison|"
    r"travel card|driving licen[cs]e|licen[cs]e|badge|RiO|EMIS|"
    r"SystmOne|pathway|UBRN|episode|visit|device|serial|"
    r"social services|case|student|staff|payroll|benefit|reference|our ref|your ref|ref"
)

_FORMS: tuple[tuple[What, re.Pattern[str]], ...] = (
    (What.EMAIL, re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")),
    (What.WEB, re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,300}[^\s<>\".,;:)]", re.IGNORECASE)),
    (
        What.WEB,
        re.compile(
            r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:co\.uk|org\.uk|nhs\.uk|com|net|org)\b\S{0,99}"
        ),
    ),
    (What.WEB, re.compile(r"(?<![\w.])@\w{3,30}\b|\b(?:\d{1,3}\.){3}\d{1,3}\b")),
    (What.POSTCODE, re.compile(_POSTCODE, re.IGNORECASE)),
    (
        What.NUMBER,
        re.compile(
            r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
            r"(?: ?\d\d){3} ?[A-D]\b",
            re.IGNORECASE,
        ),
    ),
    # With a prefix that is never given as well: who writes one down means somebody by it.
    (What.NUMBER, re.compile(r"\b[A-Z]{2}(?: ?\d\d){3} ?[A-D]\b")),
    (What.NUMBER, re.compile(r"\b[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}\b")),
    (What.NUMBER, re.compile(r"\b[A-Z]{2}\d{2}(?: ?\d{4}){3,5}\b|\b(?:\d{4}[ -]?){3}\d{4}\b")),
    (What.NUMBER, re.compile(r"\b[A-Z]{1,4}[/-]?\d{5,9}\b")),
    (What.VEHICLE, re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d\d ?[A-HJ-PR-Z]{3}\b")),
    (
        What.PHONE,
        re.compile(
            r"(?<![\w.])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?|\(?0)(?:\d[ ()-]{0,2}){8,9}\d"
            r"(?: ?(?:ext?|x)\.? ?\d{1,6})?\b",
            re.IGNORECASE,
        ),
    ),
    (
        What.ADDRESS,
        re.compile(
            rf"\b(?:(?:Flat|Apartment|Apt|Unit|Room) \d{{1,4}}[A-Za-z]?,? )?"
            rf"(?:(?:{_CAP} ){{1,3}}(?:{_HOUSE}),? )?"
            rf"\d{{1,4}}[A-Za-z]?(?:[-/]\d{{1,4}})?,? (?:{_CAP} ){{1,3}}"
            rf"(?:{_STREET})\b(?:{_TOWNS})?"
        ),
    ),
    (
        What.ADDRESS,
        re.compile(rf"\b\d{{1,4}}[A-Za-z]?,? {_CAP}(?: {_CAP}){{0,3}}{_TOWNS}"),
    ),
    (
        What.ADDRESS,
        re.compile(
            rf"\b(?:{_CAP} ){{1,3}}"
            rf"(?:{_HOUSE}|{_STREET}),"
            rf"(?: (?:{_CAP} ){{0,3}}(?:{_STREET}),?)?(?:{_TOWNS})"
        ),
    ),
    (
        What.ADDRESS,
        re.compile(
            rf"\b(?:{_CAP} ){{1,2}}(?:Cottage|Farm|Bungalow|Villa), "
            rf"(?:{_CAP} ){{1,3}}(?:{_STREET})\b"
        ),
    ),
)
#: What a word before it makes an identifier; the group is what is taken out.
_AFTER: tuple[tuple[What, re.Pattern[str]], ...] = (
    (
        What.BORN,
        re.compile(
            rf"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|birth ?date|birthday|born)"
            rf"(?:\s|:|-|\(|=|on|is|was|the|in){{0,8}}({_DAY})",
            re.IGNORECASE,
        ),
    ),
    (What.BORN, re.compile(rf"({_DAY})\s?\((?:dob|d\.o\.b\.?|date of birth)\)", re.IGNORECASE)),
    (
        What.NUMBER,
        re.compile(
            rf"\b(?:{_CALLED}){_SAYS}"
            rf"((?!(?:19|20)\d\d\b)(?:[A-Z]{{1,4}}[ /-]?)?\d[\dA-Z]{{0,19}}"
            rf"(?:[/-]\d[\dA-Z]{{0,19}}){{0,4}}(?<=[\dA-Z]{{4}}))\b",
            re.IGNORECASE,
        ),
    ),
    (What.NUMBER, re.compile(rf"\b(?:sort code){_SAYS}(\d\d[- ]\d\d[- ]\d\d)\b", re.IGNORECASE)),
    (
        What.NHS_NUMBER,
        re.compile(rf"\bNHS{_SAYS}(\d{{3}}[ -]?\d{{3}}[ -]?\d{{4}})\b", re.IGNORECASE),
    ),
    (
        What.PHONE,
        re.compile(
            rf"\b(?:tel|telephone|phone|mobile|mob|fax|bleep|pager|ext|extension|ring|call)"
            rf"{_SAYS}(?:on |him on |her on |them on )?(\+?\d[\d ()-]{{2,16}}\d)\b",
            re.IGNORECASE,
        ),
    ),
    (
        What.VEHICLE,
        re.compile(
            rf"\b(?:registration|reg|car|vehicle|van|plate|number plate|drives an?|taxi)"
            rf"{_SAYS}([A-Z]{{1,3}} ?\d{{1,4}}(?: ?[A-Z]{{1,3}})?)\b"
        ),
    ),
)
_TEN = re.compile(r"(?<![\d.,/-])\d{3}[ \u00a0-]?\d{3}[ \u00a0-]?\d{4}(?![\d/]|[.,-]\d)")


def identifiers(text: str) -> Iterator[Span]:
    """Every identifier in `text` that its form, or the word before it, tells."""
    for match in _TEN.finditer(text):
        if NhsNumber.parse(match[0].replace("\u00a0", "")):
            yield Span(match.start(), match.end(), What.NHS_NUMBER)
    for what, form in _FORMS:
        for match in form.finditer(text):
            yield Span(match.start(), match.end(), what)
    for what, form in _AFTER:
        for match in form.finditer(text):
            yield Span(match.start(1), match.end(1), what)
