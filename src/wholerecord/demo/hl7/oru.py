"""ORU^R01: laboratory results and bedside observations."""

from wholerecord.demo.coding import display, loinc, snomed
from wholerecord.demo.happening import Report, Result
from wholerecord.demo.hl7.segment import TRUST, msh, pid, segment, stamp, text
from wholerecord.demo.human import Known
from wholerecord.demo.r4.measures import flag
from wholerecord.demo.tables import value


def report(who: Known, what: Report, control: str) -> str:
    """One report; a corrected one has the same filler number and status C."""
    issued = what.issued or what.at
    status = "C" if what.corrected else "F"
    observed = [flat for result in what.results for flat in _flat(result)]
    header = {
        1: "1",
        3: f"{what.id}^{TRUST}LAB" if what.specimen else f"{what.id}^{TRUST}OBS",
        4: f"{_local(what.title)}^{text(what.title.capitalize())}^L",
        7: stamp(what.at),
        22: stamp(issued),
        24: "LAB" if what.specimen else "NUR",
        25: status,
    }
    if what.specimen:
        header[15] = text(what.specimen.capitalize())
    return "\r".join(
        (
            msh("ORU^R01^ORU_R01", control, issued),
            pid(who),
            segment("OBR", header),
            *(_obx(what, result, n, status) for n, result in enumerate(observed, start=1)),
            "",
        )
    )


def _flat(result: Result) -> tuple[Result, ...]:
    """HL7 v2 has no components: a blood pressure is two OBX."""
    if not result.parts:
        return (result,)
    return tuple(Result(measure=part, value=said, at=result.at) for part, said in result.parts)


def _obx(what: Report, result: Result, n: int, status: str) -> str:
    about = value("measures")[result.measure]
    code, system = loinc(result.measure), "LN"
    if not code:
        code, system = snomed(result.measure), "SCT"
    low, high = about["low"], about["high"]
    bounds = f"{low}-{high}" if low and high else f"<{high}" if high else f">{low}" if low else ""
    return segment(
        "OBX",
        {
            1: str(n),
            2: "NM",
            3: f"{code}^{text(display(result.measure))}^{system}",
            5: result.value,
            6: text(about["unit"]),
            7: bounds,
            8: flag(result),
            11: status,
            14: stamp(result.at or what.at),
        },
    )


def _local(title: str) -> str:
    return "".join(word[0] for word in title.split()).upper() if " " in title else title.upper()
