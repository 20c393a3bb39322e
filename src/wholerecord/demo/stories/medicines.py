"""Medicines that harm when systems do not speak: an allergy unheard, two blood thinners."""

from datetime import timedelta

from wholerecord.demo import acute, gp
from wholerecord.demo.diary import Diary, moment_on
from wholerecord.demo.happening import (
    Contact,
    Diagnosis,
    Letter,
    Prescription,
    Sensitivity,
)
from wholerecord.demo.lives.hospital import bleed, observe
from wholerecord.demo.lives.long_term import live_with, measure, take
from wholerecord.demo.lives.prevention import ail
from wholerecord.demo.stories.stage import Stage
from wholerecord.demo.stories.story import Story
from wholerecord.demo.tables import value

ALLERGY = Story(
    id="allergy",
    title="“No known allergies”, and a penicillin allergy",
    who="Peter Stansfield",
    see=(
        "His practice recorded anaphylaxis to penicillin nine years ago. The hospital wrote “no "
        "known drug allergies” and sent him home with amoxicillin. The allergy stands, the "
        "hospital's words are shown as a contradiction, and the prescription is there to see."
    ),
)
ANTICOAGULANTS = Story(
    id="anticoagulants",
    title="Two anticoagulants from two settings",
    who="Baldev Singh",
    see=(
        "The practice prescribes warfarin, the pharmacy hands it over each month, and the "
        "hospital sent him home on apixaban to replace it. Nobody stopped the warfarin. Both are "
        "current, and each says where it comes from."
    ),
)


def tell(stage: Stage) -> None:
    """Write both diaries."""
    _allergy(stage)
    _anticoagulants(stage)


def _allergy(stage: Stage) -> None:
    conditions = frozenset({"asthma"})
    diary = stage.cast("Stansfield", "Peter", sex="male", age=58, conditions=conditions)
    live_with(diary, conditions)
    ail(diary)
    wrote = moment_on(diary.days_ago(9 * 365), 11, 12)
    diary.tell(
        gp.SOURCE.name,
        Sensitivity(
            id=diary.id("allergy"),
            at=wrote,
            substance="allergy-penicillin",
            reaction="Anaphylaxis: swollen face, collapse, adrenaline given",
            criticality="high",
        ),
    )
    at = moment_on(diary.days_ago(33), 21, 15)
    until = at + timedelta(days=2, hours=15)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=until,
            setting="inpatient",
            reason="Cough, fever, short of breath",
            where="Acute Medical Unit",
            by="Dr Wendy Calvert",
            diagnoses=(Diagnosis(id=diary.id("condition"), at=at, concept="pneumonia"),),
            sensitivities=(Sensitivity(id=diary.id("allergy"), at=at, substance=""),),
        ),
        Prescription(
            id=diary.id("prescription"),
            at=until,
            medicine="amoxicillin",
            dose=value("medicines")["amoxicillin"]["dose"],
            until=until.date() + timedelta(days=5),
            repeat=False,
            why="Pneumonia",
            by="Dr Wendy Calvert",
        ),
    )
    observe(diary, at, hours=60, every=6, worse=2.0)
    bleed(diary, at, worse=2.0)
    stage.conflict(diary.human, "penicillin allergy denied", gp.SOURCE, acute.SOURCE)


def _anticoagulants(stage: Stage) -> None:
    conditions = frozenset({"atrial-fibrillation", "type-2-diabetes"})
    diary = stage.cast(
        "Singh", "Baldev", sex="male", age=79, heritage="indian", conditions=conditions
    )
    live_with(diary, frozenset({"type-2-diabetes"}))
    began = diary.days_ago(2200)
    diary.tell(
        gp.SOURCE.name,
        Diagnosis(
            id=diary.id("condition"),
            at=diary.at(began),
            concept="atrial-fibrillation",
            onset=began,
            by="Dr Kiran Desai",
        ),
    )
    take(diary, "warfarin", began)
    for weeks in range(0, 60, 4):
        measure(diary, diary.days_ago(weeks * 7 + 5), "clotting")
    _changed_at_hospital(diary)
    stage.conflict(diary.human, "warfarin and apixaban both current", gp.SOURCE, acute.SOURCE)


def _changed_at_hospital(diary: Diary) -> None:
    at = moment_on(diary.days_ago(52), 13, 40)
    until = at + timedelta(days=3)
    diary.tell(
        acute.SOURCE.name,
        Contact(
            id=diary.id("AWV"),
            at=at,
            until=until,
            setting="inpatient",
            reason="Palpitations, fast atrial fibrillation",
            where="Acute Medical Unit",
            by="Dr Anjali Sharma",
            diagnoses=(Diagnosis(id=diary.id("condition"), at=at, concept="atrial-fibrillation"),),
        ),
        Prescription(
            id=diary.id("prescription"),
            at=until,
            medicine="apixaban",
            dose=value("medicines")["apixaban"]["dose"],
            why="Atrial fibrillation: to replace warfarin",
            by="Dr Anjali Sharma",
        ),
        Letter(
            id=diary.id("document"),
            at=until,
            title="Discharge summary: atrial fibrillation",
            text="Discharge summary\n\nWarfarin changed to apixaban 5 mg twice a day, as his INR "
            "has been hard to keep steady. GP please stop warfarin.\n\nDr Anjali Sharma",
            by="Dr Anjali Sharma",
        ),
    )
    observe(diary, at, hours=72, every=6)
