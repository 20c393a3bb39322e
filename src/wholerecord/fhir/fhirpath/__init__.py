"""FHIRPath, as far as HL7's own invariants use it, made into functions once and called often.

Source: FHIRPath N1; FHIR R4, "FHIRPath". What cannot be known of one resource alone (`resolve()`,
`memberOf()`) is not here: an expression with it is not compiled. `places` leads to where a value
stands, for what is changed there.
"""

from wholerecord.fhir.fhirpath.parse import NotFhirPath, Path, compiled
from wholerecord.fhir.fhirpath.places import Spot, places

__all__ = ["NotFhirPath", "Path", "Spot", "compiled", "places"]
