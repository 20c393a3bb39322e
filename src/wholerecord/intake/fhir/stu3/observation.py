"""Observation and DiagnosticReport.

Source: FHIR R4, Observation and DiagnosticReport, "R3 Diff". `related` was split by its type; the
types R4 dropped point at the same observations and are kept as `derivedFrom` would not be true, so
they stay in a note of the link.
"""

from wholerecord.intake.fhir.shape import Object, an_object, objects, text
from wholerecord.intake.fhir.stu3.change import listed, noted, renamed

_MOVED = {"has-member": "hasMember", "derived-from": "derivedFrom"}


def to_r4(stu3: Object) -> Object:
    """The R4 Observation."""
    resource = renamed(stu3, {"context": "encounter"})
    noted(resource, resource.pop("comment", None))
    listed(resource, "interpretation", "category")
    for component in objects(resource.get("component")):
        listed(component, "interpretation")
    for related in objects(resource.pop("related", None)):
        target = an_object(related.get("target"))
        kind = text(related.get("type"))
        if kind in _MOVED:
            name = _MOVED[kind]
            resource[name] = [*objects(resource.get(name)), target]
        elif target:
            noted(resource, f"{kind or 'related to'}: {text(target.get('reference'))}")
    return resource


def report(stu3: Object) -> Object:
    """The R4 DiagnosticReport."""
    names = {"context": "encounter", "codedDiagnosis": "conclusionCode", "image": "media"}
    resource = renamed(stu3, names)
    listed(resource, "category")
    if "performer" in resource:
        resource["performer"] = [
            an_object(one["actor"]) if "actor" in one else one
            for one in objects(resource["performer"])
        ]
    return resource
