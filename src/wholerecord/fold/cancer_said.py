"""What one statement about a condition says of a tumour: which site, which histology, which role.

Sources: ICD-10 chapter II and Z85; ICD-O-3 morphology; IARC/IACR rules for multiple primary cancers
(2004) for which sites and histologies can be one, in `policy.json`; HL7 mCODE STU4 for histology in
an extension. Demonstration rules until a clinical safety officer signs them.
"""

import re

import msgspec

from wholerecord.fold.cancer import Role
from wholerecord.fold.condition_said import ConditionSaid
from wholerecord.fold.diagnosis import Diagnosis
from wholerecord.fold.policy import Policy
from wholerecord.fold.record import Coding
from wholerecord.remembered import recalls
from wholerecord.terms import CONCEPTS, Concept, concept_in_text, plain, system_name


class Tumour(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a statement says of a tumour: `meant` is the cancer, where its code or words name it.

    Paths are the policy's, "" where not said.
    """

    one: Diagnosis
    meant: Concept | None
    role: Role
    site: str
    histology: str


_ICD = re.compile(r"C[0-8]\d|C9[0-7]|Z85")
#: Conditions that recur after they were gone (FHIR R4 condition-clinical).
_BACK = frozenset({"recurrence", "relapse"})
_CANCER = re.compile(
    r"cancer|carcinoma|malignan|neoplas|tumou?r|metasta|lymphoma|leuk|melanom|myeloma|sarcoma|\bca\b"
)
_TUMOUR = r"(?:cancer|carcinoma|malignancy|malignant neoplasm|tumou?r)"
_NONE = re.compile(
    rf"\bscreening\b|{_TUMOUR}\W+(?:is |was )?(?:excluded|ruled out)$|\bno evidence of {_TUMOUR}|"
    rf"\bnot (?:a )?{_TUMOUR}"
)
#: Words of a screening that found one.
_FOUND = re.compile(r"\bdetected\b|\bfound\b|\bdiagnosed\b")
_HISTORY = re.compile(
    r"^(?:personal |past |previous )?(?:medical )?(?:history of|h/o:?|hx of|previous|past) +"
)
_RECURRENCE = re.compile(r"^(?:local |locally )?(?:recurrence of|recurrent|relapse of|relapsed) +")
_RECURRED = re.compile(r",? +(?:local )?(?:recurrence|relapse)$")
_REMISSION = re.compile(r",? *(?:- )?in (?:complete |partial )?remission$")
_SPREAD = re.compile(r"^(?:metastatic|advanced|secondary) +|,? +with metastases$")
_BESIDES = re.compile(r"\b(?:left|right|bilateral|female|male|primary)\b(?: sided?)? *")
#: Words of a histology, by its group: the first that stand in a text decide. A demonstration.
_HISTOLOGIES = (
    (
        "carcinoma/other",
        re.compile(r"(?<!non-)(?<!non )small cell|neuroendocrine|hepatocellular|carcinoid"),
    ),
    ("carcinoma/squamous", re.compile(r"squamous|transitional cell|urothelial")),
    ("carcinoma/basal", re.compile(r"basal cell|\bbcc\b")),
    ("carcinoma/adeno", re.compile(r"adenocarcinoma|ductal|lobular|renal cell|papillary|serous")),
    ("sarcoma", re.compile(r"sarcoma")),
    ("mesothelioma", re.compile(r"mesothelioma")),
    ("blood/hodgkin", re.compile(r"(?<!non-)(?<!non )hodgkin")),
    ("carcinoma", re.compile(r"carcinoma")),
)
_MORPHOLOGY = re.compile(r"^(?:M-?)?([89]\d{3})(?:/\d)?$")
HISTOLOGY_EXTENSION = (
    "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior"
)


def tumour(one: Diagnosis, rules: Policy) -> Tumour | None:
    """What the statement says of a tumour; None when it is about no cancer."""
    said = one.told.said
    code = _icd(said.codes)
    words = plain(said.words)
    meant = _meant(one.concept, words)
    if not code and meant is None:
        return None
    body = one.told.body
    histology = _histology(body, words, rules)
    role = _role(one, code, meant, words)
    if role is Role.SECONDARY:
        site = _place(code, meant, body)
    else:
        own = rules.cancer_sites.get(code) or rules.cancer_sites.get(code[:3], code[:3].lower())
        site = own if code and own != "z85" and code[:3] not in _UNSAID else _site(meant, rules)
        site = site or _in_body(body, rules)
        meant = meant if meant and meant.id != "cancer" else _of_site(site, rules) or meant
    return Tumour(one=one, meant=meant, role=role, site=site, histology=histology)


#: Categories that say no site.
_UNSAID = frozenset({"C80", "C97"})


@recalls(most=4096)
def _icd(codes: tuple[Coding, ...]) -> str:
    """The first ICD-10 code of a cancer or a history of one, with its point; "" there is none."""
    for coding in codes:
        if system_name(coding.system) == "icd10" and _ICD.match(coding.code):
            given = coding.code
            return given[:5] if "." in given else f"{given[:3]}.{given[3:4]}".rstrip(".")
    return ""


def _meant(found: Concept | None, words: str) -> Concept | None:
    """The concept of a cancer that is meant by code, or else by words in whatever role."""
    if found is not None:
        return found if found.course == "cancer" else None
    if _CANCER.search(words) is None:
        return None
    return _in_words(words)


@recalls(most=4096)
def _in_words(words: str) -> Concept | None:
    """The cancer that words name after what they say of its role, None when they name none."""
    for cut in (_BESIDES, _HISTORY, _RECURRENCE, _RECURRED, _REMISSION, _SPREAD):
        words = cut.sub("", words)
        found = concept_in_text(words, "condition")
        if found is not None:
            return found if found.course == "cancer" else None
    return None


def _role(one: Diagnosis, code: str, meant: Concept | None, words: str) -> Role:
    if _NONE.search(words) and not _FOUND.search(words):
        return Role.NONE
    if code.startswith("Z85") or _HISTORY.match(words):
        return Role.HISTORY
    if code[:3] in {"C77", "C78", "C79"} or (meant and _is_secondary(meant)):
        return Role.SECONDARY
    if one.told.said.status in _BACK or _RECURRENCE.match(words) or _RECURRED.search(words):
        return Role.RECURRENCE
    return Role.PRIMARY


def _is_secondary(meant: Concept) -> bool:
    return meant.id == "secondary-cancer" or "secondary-cancer" in meant.parents


def _site(meant: Concept | None, rules: Policy) -> str:
    """The widest site that the concept's ICD-10 codes have in common; of a release's, its own's."""
    if meant is None or meant.id == "cancer":
        return ""
    for near in (meant, *(CONCEPTS[up] for up in meant.parents if up in CONCEPTS)):
        codes = near.codes.get("icd10", ())
        if codes and near.id != "cancer":
            return _common([rules.cancer_sites.get(c[:3], c[:3].lower()) for c in codes])
    return meant.id.replace(":", "-")


@recalls(most=512)
def _of_site(site: str, rules: Policy) -> Concept | None:
    """Our own cancer of that very site."""
    if not site:
        return None
    own = (one for one in CONCEPTS.values() if one.course == "cancer" and not _is_secondary(one))
    return next((one for one in own if _site(one, rules) == site), None)


def _common(paths: list[str]) -> str:
    first, *others = [path.split("/") for path in paths]
    for other in others:
        while first != other[: len(first)]:
            first = first[:-1]
    return "/".join(first)


def _in_body(body: ConditionSaid, rules: Policy) -> str:
    """The site that `bodySite` names: mCODE may code a cancer in general, and say where beside."""
    for site in body.finding.sites:
        named = plain(site.words).removesuffix(" structure").removeprefix("structure of ")
        named = re.sub(r"^(?:left|right|both|entire|the) +", "", named)
        found = concept_in_text(f"{named} cancer", "condition")
        if found is not None and found.course == "cancer":
            return _site(found, rules)
    return ""


def _place(code: str, meant: Concept | None, body: ConditionSaid) -> str:
    """Where a secondary is: as ICD-10 has it, else in words; "" not said."""
    codes = meant.codes.get("icd10", ()) if meant and meant.id != "secondary-cancer" else ()
    known = code or next(iter(codes), "")
    if known:
        return "" if known == "C79.9" else known.lower().replace(".", "/")
    sites = body.finding.sites
    return plain(sites[0].words) if sites else ""


def _histology(body: ConditionSaid, words: str, rules: Policy) -> str:
    for extension in body.extension:
        said = extension.value_codeable_concept
        if extension.url == HISTOLOGY_EXTENSION and said is not None:
            for coding in said.coding:
                if (found := _MORPHOLOGY.match(coding.code)) is not None:
                    return _group(int(found[1]), rules)
            return histology_in(plain(said.words))
    return histology_in(words)


@recalls(most=4096)
def _group(morphology: int, rules: Policy) -> str:
    for key, group in rules.cancer_histologies.items():
        first, _, last = key.partition("-")
        if int(first) <= morphology <= int(last or first):
            return group
    return ""


@recalls(most=4096)
def histology_in(words: str) -> str:
    """The group of the histology that the words name, "" when they name none."""
    return next((group for group, said in _HISTOLOGIES if said.search(words)), "")


def can_be_one(path: str, other: str) -> bool:
    """Whether two paths can mean one thing: the same, or one is the wider, or one is not said.

    >>> can_be_one("digestive/bowel", "digestive/bowel/colon"), can_be_one("breast", "blood")
    (True, False)
    """
    shorter, longer = sorted((path, other), key=len)
    return not shorter or longer == shorter or longer.startswith(f"{shorter}/")
