"""FHIR in XML read: the same tree as in JSON, then the same reader. Never raises."""

from wholerecord.intake.fhir.read import read_resource
from wholerecord.intake.fhir.xml_tree import FHIR, NotFhirXml, tree
from wholerecord.intake.markup import namespace, parse
from wholerecord.intake.reading import Fault, Kept, Reading, Reason, Unreadable


def read_xml(kept: Kept) -> Reading | Unreadable:
    """What a FHIR message in XML says: a Bundle or one resource, R4 or STU3."""
    root = parse(kept.body)
    if isinstance(root, Fault):
        return Unreadable(fault=root)
    if namespace(root) != FHIR:
        return Unreadable(fault=Fault(reason=Reason.NOT_RECOGNISED, detail="XML that is not FHIR"))
    try:
        resource = tree(root)
    except NotFhirXml as error:
        return Unreadable(fault=error.fault)
    return read_resource(kept.source, resource)
