"""What nobody can read or nobody sent: three messages that must be parked, and a silent feed."""

import json
from datetime import timedelta

from wholerecord.demo import acute, gp, social_care
from wholerecord.demo.delivery import Delivery
from wholerecord.demo.diary import moment_on
from wholerecord.demo.hl7.segment import msh, pid
from wholerecord.demo.human import Known
from wholerecord.demo.stories.stage import SILENT_DAYS, Stage
from wholerecord.demo.stories.story import Story

STORY = Story(
    id="parked",
    title="What could not be read",
    who="the desk: parked items",
    see=(
        "Half a hospital message, a social care table with a column nobody declared, and a "
        "bundle of FHIR R5. Each is kept byte for byte, with its reason and its owner."
    ),
)
SILENT = Story(
    id="silent",
    title="A source that has gone silent",
    who="the desk: feeds",
    see=(
        f"The mental-health trust has sent nothing for {SILENT_DAYS} days. Records name it: "
        "what it knows since then is not known here."
    ),
)


def tell(stage: Stage) -> None:
    """Send the three."""
    _half_a_message(stage)
    _unknown_column(stage)
    _another_version(stage)


def _half_a_message(stage: Stage) -> None:
    """The connection broke: MLLP's opening byte, a header, and a patient cut in two."""
    diary = stage.cast("Lockwood", "Muriel", sex="female", age=88)
    who: Known = diary.known(acute.SOURCE.name)
    sent = moment_on(diary.days_ago(3), 4, 17)
    whole = "\r".join((msh("ADT^A01^ADT_A01", "AW99000001", sent), pid(who)))
    body = b"\x0b" + whole[: len(whole) // 2].encode()
    delivery = Delivery(
        source=acute.SOURCE.name,
        door="mllp",
        name="hospital message cut short",
        body=body,
        sent=sent,
    )
    stage.stray(acute.SOURCE, delivery, "CUT_SHORT")


def _unknown_column(stage: Stage) -> None:
    header = (*social_care.HEADER, "Preferred Provider")
    row = tuple("" for _ in header)
    sent = moment_on(stage.today - timedelta(days=2), 5)
    delivery = social_care.delivery("social care extra column.csv", header, (row,), sent)
    stage.stray(social_care.SOURCE, delivery, "UNKNOWN_COLUMN")


def _another_version(stage: Stage) -> None:
    """A practice's new system sent FHIR R5: a medication is a CodeableReference there."""
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": f"{gp.VOICE.base}/MedicationRequest/r5-1",
                "resource": {
                    "resourceType": "MedicationRequest",
                    "id": "r5-1",
                    "meta": {
                        "profile": ["http://hl7.org/fhir/5.0/StructureDefinition/MedicationRequest"]
                    },
                    "status": "active",
                    "intent": "order",
                    "medication": {"concept": {"text": "Amlodipine 5mg tablets"}},
                    "subject": {"reference": "Patient/0000000"},
                },
            }
        ],
    }
    sent = moment_on(stage.today - timedelta(days=1), 11, 30)
    delivery = Delivery(
        source=gp.SOURCE.name,
        door="post",
        name="gp bundle of another version",
        body=json.dumps(bundle).encode(),
        sent=sent,
    )
    stage.stray(gp.SOURCE, delivery, "OTHER_VERSION")
