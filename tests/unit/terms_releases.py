"""Tiny synthetic releases, written in the formats that their publishers ship.

The codes are made up but for those that our own value set holds too.
"""

from pathlib import Path

CORE = "900000000000012004"
IS_A, AGENT = "116680003", "246075003"
GB, PREFERRED, ACCEPTABLE = "999001261000000100", "900000000000548007", "900000000000549004"
FULL_NAME, SYNONYM = "900000000000003001", "900000000000013009"
UK_ICD10, UK_OPCS4 = "999002271000000101", "1126441000000105"
SAME_AS = "900000000000527005"

FINDING, STROKE, ISCHAEMIC = "404684003", "230690007", "422504002"
CARDIOEMBOLIC, POSTERIOR = "900001001", "900001002"
SARCOIDOSIS, LUNG_SARCOIDOSIS = "900002001", "900002002"
OLD_SARCOIDOSIS = "900002009"
PENICILLIN_ALLERGY, AMPICILLIN_ALLERGY, AMOXICILLIN_ALLERGY = "91936005", "900003001", "900003002"
AMOXICILLIN = "372687004"
LEVEL = "900004001"

#: code, full name, preferred word, other words, parents
CONCEPTS = (
    (FINDING, "Clinical finding (finding)", "Clinical finding", (), ()),
    (STROKE, "Cerebrovascular accident (disorder)", "Stroke", ("CVA",), (FINDING,)),
    (ISCHAEMIC, "Ischaemic stroke (disorder)", "Ischaemic stroke", (), (STROKE,)),
    (CARDIOEMBOLIC, "Cardioembolic stroke (disorder)", "Cardioembolic stroke", (), (ISCHAEMIC,)),
    (
        POSTERIOR,
        "Posterior cardioembolic stroke (disorder)",
        "Posterior cardioembolic stroke",
        (),
        (CARDIOEMBOLIC,),
    ),
    (SARCOIDOSIS, "Sarcoidosis (disorder)", "Sarcoidosis", ("Besnier-Boeck disease",), (FINDING,)),
    (LUNG_SARCOIDOSIS, "Sarcoidosis of lung (disorder)", "Lung sarcoidosis", (), (SARCOIDOSIS,)),
    (PENICILLIN_ALLERGY, "Allergy to penicillin (finding)", "Penicillin allergy", (), (FINDING,)),
    (
        AMPICILLIN_ALLERGY,
        "Allergy to ampicillin (finding)",
        "Ampicillin allergy",
        (),
        (PENICILLIN_ALLERGY,),
    ),
    (
        AMOXICILLIN_ALLERGY,
        "Allergy to amoxicillin (finding)",
        "Amoxicillin allergy",
        (),
        (PENICILLIN_ALLERGY,),
    ),
    (AMOXICILLIN, "Amoxicillin (substance)", "Amoxicillin", (), ()),
    (LEVEL, "Example level (observable entity)", "Example level", (), ()),
)


def write(path: Path, heading: str, rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["\t".join(heading.split()), *("\t".join(map(str, row)) for row in rows)]
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return path


CONCEPT = "id effectiveTime active moduleId definitionStatusId"
DESCRIPTION = (
    "id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId"
)
LANGUAGE = "id effectiveTime active moduleId refsetId referencedComponentId acceptabilityId"
RELATIONSHIP = (
    "id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId "
    "characteristicTypeId modifierId"
)
EXTENDED = (
    "id effectiveTime active moduleId refsetId referencedComponentId mapGroup mapPriority mapRule "
    "mapAdvice mapTarget correlationId mapCategoryId"
)
ASSOCIATION = "id effectiveTime active moduleId refsetId referencedComponentId targetComponentId"


def snomed(folder: Path, *, kind="Snapshot", time="20260301", concepts=CONCEPTS, edges=()) -> Path:
    """RF2 files of `concepts`, with `edges` as is-a relationships besides theirs."""
    base, end = folder / kind, f"{kind}_GB1000000_{time}.txt"
    write(
        base / "Terminology" / f"sct2_Concept_{end}",
        CONCEPT,
        [(code, time, 1, CORE, "900000000000074008") for code, *_ in concepts]
        + [(OLD_SARCOIDOSIS, time, 0, CORE, "900000000000074008")] * (concepts is CONCEPTS),
    )
    described, preferred = [], []
    for code, full, title, words, _ in concepts:
        for n, (text, sort) in enumerate(
            [(full, FULL_NAME), (title, SYNONYM), *((word, SYNONYM) for word in words)]
        ):
            word = f"{code}{n}11"
            described.append((word, time, 1, CORE, code, "en", sort, text, "900000000000448009"))
            how = PREFERRED if n < 2 else ACCEPTABLE
            preferred.append((f"l{word}", time, 1, CORE, GB, word, how))
    words_in = base / "Terminology" / f"sct2_Description_{kind}-en_GB1000000_{time}.txt"
    write(words_in, DESCRIPTION, described)
    write(
        base / "Refset" / "Language" / f"der2_cRefset_Language{kind}-en_GB1000000_{time}.txt",
        LANGUAGE,
        preferred,
    )
    pairs = [(code, up, IS_A) for code, *_, parents in concepts for up in parents]
    pairs += [(a, b, IS_A) for a, b in edges]
    if concepts is CONCEPTS:
        pairs.append((AMOXICILLIN_ALLERGY, AMOXICILLIN, AGENT))
    write(
        base / "Terminology" / f"sct2_Relationship_{end}",
        RELATIONSHIP,
        [
            (f"r{a}{b}", time, 1, CORE, a, b, 0, sort, "900000000000011006", "900000000000451002")
            for a, b, sort in pairs
        ],
    )
    if concepts is CONCEPTS:
        _maps(base, end, time)
    return folder


def _maps(base: Path, end: str, time: str) -> None:
    maps = [
        (SARCOIDOSIS, UK_ICD10, 1, "TRUE", "D869"),
        (LUNG_SARCOIDOSIS, UK_ICD10, 1, "TRUE", "D860"),
        (LUNG_SARCOIDOSIS, UK_ICD10, 2, "OTHERWISE TRUE", "J99.1A"),
        (STROKE, "123456789012", 1, "TRUE", "QQ1"),
    ]
    write(
        base / "Refset" / "Map" / f"der2_iisssciRefset_ExtendedMap{end}",
        EXTENDED,
        [
            (f"m{n}", time, 1, CORE, refset, code, group, 1, rule, "ALWAYS", to, "447561005", "x")
            for n, (code, refset, group, rule, to) in enumerate(maps)
        ],
    )
    write(
        base / "Refset" / "Content" / f"der2_cRefset_Association{end}",
        ASSOCIATION,
        [("a1", time, 1, CORE, SAME_AS, OLD_SARCOIDOSIS, SARCOIDOSIS)],
    )


def dmd(folder: Path) -> Path:
    """dm+d XML: a VTM of our own with VMP and AMP, one that is not ours, and one kept by brand."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "vtm": "<VIRTUAL_THERAPEUTIC_MOIETIES>"
        "<VTM><VTMID>27658006</VTMID><NM>Amoxicillin</NM></VTM>"
        "<VTM><VTMID>900100001</VTMID><VTMIDPREV>900100000</VTMIDPREV><NM>Examplamab</NM></VTM>"
        "</VIRTUAL_THERAPEUTIC_MOIETIES>",
        "vmp": "<VIRTUAL_MED_PRODUCTS><VMPS>"
        "<VMP><VPID>900110001</VPID><VTMID>27658006</VTMID><NM>Amoxicillin 500mg capsules</NM>"
        "<PRES_STATCD>0001</PRES_STATCD></VMP>"
        "<VMP><VPID>900110002</VPID><VTMID>900100001</VTMID><NM>Examplamab 10mg tablets</NM>"
        "<PRES_STATCD>0001</PRES_STATCD></VMP>"
        "<VMP><VPID>900110003</VPID><VTMID>900100001</VTMID><NM>Examplamab 10mg MR tablets</NM>"
        "<PRES_STATCD>0006</PRES_STATCD></VMP>"
        "</VMPS><DRUG_FORM><DFORM><VPID>900110001</VPID><FORMCD>385049006</FORMCD></DFORM>"
        "</DRUG_FORM><DRUG_ROUTE><DROUTE><VPID>900110001</VPID><ROUTECD>26643006</ROUTECD></DROUTE>"
        "</DRUG_ROUTE></VIRTUAL_MED_PRODUCTS>",
        "amp": "<ACTUAL_MEDICINAL_PRODUCTS><AMPS>"
        "<AMP><APID>900120001</APID><VPID>900110001</VPID><NM>Amoxicillin 500mg capsules</NM>"
        "<DESC>Amoxicillin 500mg capsules (Example Ltd)</DESC></AMP>"
        "<AMP><APID>900120009</APID><VPID>900119999</VPID><NM>Orphan</NM></AMP>"
        "</AMPS></ACTUAL_MEDICINAL_PRODUCTS>",
        "ingredient": "<INGREDIENT_SUBSTANCES><ING><ISID>372687004</ISID><NM>Amoxicillin</NM>"
        "</ING></INGREDIENT_SUBSTANCES>",
        "lookup": "<LOOKUP><FORM><INFO><CD>385049006</CD><DESC>Capsule</DESC></INFO></FORM>"
        "<ROUTE><INFO><CD>26643006</CD><DESC>Oral</DESC></INFO></ROUTE></LOOKUP>",
    }
    for name, body in files.items():
        (folder / f"f_{name}2_3010326.xml").write_text(body)
    return folder
