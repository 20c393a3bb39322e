"""What one statement says of images that were taken.

Source: FHIR R4 ImagingStudy; DICOM PS3.3 C.7.3.1.1.1, modality.
"""

from wholerecord.fold.record import Coding
from wholerecord.fold.shape import (
    NOT_SAID,
    Coded,
    Heard,
    Identifier,
    Part,
    Reference,
    Shape,
    named,
)

#: DICOM's modality codes in words, where people say otherwise.
_MODALITIES = {
    "CR": "X-ray",
    "DX": "X-ray",
    "CT": "CT scan",
    "MR": "MRI scan",
    "US": "Ultrasound scan",
    "MG": "Mammogram",
    "NM": "Nuclear medicine scan",
    "PT": "PET scan",
    "XA": "Angiogram",
    "DXA": "Bone density scan",
}


class Series(Part, frozen=True):
    """`ImagingStudy.series`."""

    modality: Coding | None = None
    body_site: Coding | None = None


class ImagingSaid(Shape, frozen=True):
    """FHIR ImagingStudy."""

    identifier: tuple[Identifier, ...] = ()
    status: str = ""
    modality: tuple[Coding, ...] = ()
    started: str = ""
    interpreter: tuple[Reference, ...] = ()
    procedure_code: tuple[Coded, ...] = ()
    description: str = ""
    series: tuple[Series, ...] = ()

    def heard(self) -> Heard:
        return self.says(
            self.procedure_code[0] if self.procedure_code else NOT_SAID,
            self.description
            or (self.procedure_code[0].words if self.procedure_code else self.kind),
            happened=self.started,
            state=self.status,
            by=named(*self.interpreter),
        )

    @property
    def kind(self) -> str:
        """What sort of images, and of what where it is said: `CT scan: Head`."""
        said = self.modality or tuple(one.modality for one in self.series if one.modality)
        kinds = dict.fromkeys(_MODALITIES.get(one.code, one.display or one.code) for one in said)
        sites = dict.fromkeys(
            one.body_site.display for one in self.series if one.body_site and one.body_site.display
        )
        what = ", ".join(kind for kind in kinds if kind) or "Images"
        return f"{what}: {', '.join(sites)}" if sites else what
