"""Which segments of a message are kept and not mapped: they are listed, so that nobody guesses."""

from collections.abc import Sequence
from itertools import pairwise

from wholerecord.intake.hl7v2.datatypes import Json
from wholerecord.intake.hl7v2.segment import Segment
from wholerecord.intake.hl7v2.site import Site

#: Segments that are read of every message, or that hold only what no record needs.
_READ = frozenset({
    "AL1", "ARV", "BHS", "BTS", "DG1", "DSC", "EVN", "FHS", "FTS", "IAM", "MRG", "MSA", "MSH",
    "NK1", "PD1", "PID", "PR1", "PV1", "SFT", "UAC",
})  # fmt: skip
_RESULTS = frozenset({"NTE", "OBR", "OBX", "ORC", "SPM", "TQ1"})
_ORDERS = _RESULTS | {"ODS", "ODT", "RQD", "RXA", "RXC", "RXD", "RXE", "RXO", "RXR"}
#: Segments that are read of messages of one type besides; `_RESULTS` of one that is not named.
_READ_OF = {
    "ADT": _RESULTS | {"PV2"},
    "BAR": _RESULTS | {"PV2"},
    "MDM": frozenset({"NTE", "OBR", "OBX", "ORC", "TQ1", "TXA"}),
    "PPR": frozenset({"NTE", "OBR", "OBX", "ORC", "PRB", "VAR"}),
    "REF": _RESULTS | {"PV2"},
    "SIU": frozenset({"AIG", "AIL", "AIP", "AIS", "NTE", "OBX", "RGS", "SCH", "TQ1"}),
    "VXU": frozenset({"NTE", "OBX", "ORC", "RXA", "RXR"}),
    **dict.fromkeys(("OMG", "OMI", "OML", "OMP", "ORM", "RAS", "RDE", "RDS", "RGV"), _ORDERS),
}
#: Types whose notes are read wherever they stand.
_NOTED = frozenset({"SIU"})
_SYSTEM = "urn:wholerecord:segments-not-read"


def unread_of(segments: Sequence[Segment], kind: str, site: Site) -> Json:
    """A `meta.tag` for each name of a segment that stays in the message; empty for none."""
    names = {segment.name for segment in segments} - _READ
    names -= _READ_OF.get(kind, _RESULTS)
    names -= site.z_fields.keys()
    if kind not in _NOTED:
        # A note that stands under the patient is nobody's value.
        names |= {
            after.name
            for before, after in pairwise(segments)
            if after.name == "NTE" and before.name in {"PID", "PD1", "NK1"}
        }
    return {"tag": [{"system": _SYSTEM, "code": n} for n in sorted(names)]} if names else {}
