"""ADT: admitted, discharged, registered, merged."""

from datetime import datetime

from wholerecord.demo.coding import display, icd10
from wholerecord.demo.happening import Contact, Diagnosis, Merging, Sensitivity
from wholerecord.demo.hl7.segment import TRUST, day, msh, nk1, pd1, pid, segment, stamp, text
from wholerecord.demo.human import Known

_CLASSES = {"inpatient": "I", "emergency": "E", "outpatient": "O"}
_CRITICALITY = {"high": "SV", "low": "MI", "": "U"}


def began(who: Known, what: Contact, control: str) -> str:
    """A01 for a stay, A04 for the emergency department or a clinic."""
    event = "A01" if what.setting == "inpatient" else "A04"
    return _message(event, who, what, control, what.at)


def ended(who: Known, what: Contact, control: str, at: datetime) -> str:
    """A03, with the coded diagnoses once more."""
    return _message("A03", who, what, control, at)


def merged(who: Known, what: Merging, control: str) -> str:
    """A40: the retired number (MRG-1) is the patient of PID-3."""
    return "\r".join(
        (
            msh("ADT^A40^ADT_A39", control, what.at),
            segment("EVN", {1: "A40", 2: stamp(what.at)}),
            pid(who),
            pd1(who),
            segment("MRG", {1: f"{what.retired}^^^^MR"}),
            "",
        )
    )


def _message(event: str, who: Known, what: Contact, control: str, at: datetime) -> str:
    structure = {"A01": "ADT_A01", "A04": "ADT_A01", "A03": "ADT_A03"}[event]
    kin = nk1(who)
    return "\r".join(
        (
            msh(f"ADT^{event}^{structure}", control, at),
            segment("EVN", {1: event, 2: stamp(at)}),
            pid(who),
            pd1(who),
            *((kin,) if kin and event != "A03" else ()),
            _pv1(what, discharged=event == "A03"),
            segment("PV2", {3: f"^{text(what.reason)}"}),
            *(
                _al1(said, n)
                for n, said in enumerate(what.sensitivities, start=1)
                if event != "A03"
            ),
            *(_dg1(said, n) for n, said in enumerate(what.diagnoses, start=1)),
            "",
        )
    )


def _pv1(what: Contact, *, discharged: bool) -> str:
    fields = {
        1: "1",
        2: _CLASSES[what.setting],
        3: f"{text(what.where).upper()}^^^{TRUST}",
        4: "28" if what.setting != "outpatient" else "11",
        19: f"{what.id}^^^{TRUST}^VN",
        44: stamp(what.at),
    }
    if what.by:
        fields[9] = f"C9{sum(what.by.encode()) % 1_000_000:06d}^{text(what.by)}"
    if discharged and what.until:
        fields |= {36: "19", 45: stamp(what.until)}
    return segment("PV1", fields)


def _al1(what: Sensitivity, n: int) -> str:
    words = display(what.substance) if what.substance else "NO KNOWN DRUG ALLERGIES"
    fields = {
        1: str(n),
        2: "DA",
        3: f"^{text(words)}^L",
        4: _CRITICALITY[what.criticality],
        6: day(what.at),
    }
    if what.reaction:
        fields[5] = text(what.reaction)
    return segment("AL1", fields)


def _dg1(what: Diagnosis, n: int) -> str:
    code = icd10(what.concept)
    words = what.words or display(what.concept)
    return segment(
        "DG1",
        {
            1: str(n),
            3: f"{code}^{text(words)}^I10",
            4: text(words),
            5: stamp(what.at),
            6: "W" if what.suspected else "F",
        },
    )
