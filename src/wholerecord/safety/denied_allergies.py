"""An allergy that some source says is not there.

Hazard HAZ-03. Source: NICE CG183, Drug allergy (2014), on keeping drug allergy status consistent;
and deaths reported where "no known allergies" in one system hid an allergy in another.
Demonstration.
"""

from collections.abc import Iterator

from wholerecord.fold import Allergy, Kind, Record, by_kind
from wholerecord.safety.alert import Alert


def denied_allergies(record: Record) -> Iterator[Alert]:
    """One alert for each allergy that a "no known allergies" contradicts."""
    for entry in by_kind(record)[Kind.ALLERGY]:
        if isinstance(entry.detail, Allergy) and entry.detail.denied_by:
            denying = sorted({said.source for said in entry.detail.denied_by})
            yield Alert(
                hazard="HAZ-03",
                title="Sources disagree about an allergy",
                says=(
                    f"{entry.title}: recorded by {', '.join(entry.sources)}, but "
                    f"{', '.join(denying)} said there are no known allergies. Treat it as an "
                    "allergy until somebody has asked."
                ),
                source="NICE CG183, Drug allergy (2014)",
                entries=(entry.key,),
            )
