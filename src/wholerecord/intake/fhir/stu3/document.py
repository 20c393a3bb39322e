"""DocumentReference: `indexed` is R4's `date`, `created` belongs to the attachment.

Source: FHIR R4, DocumentReference, "R3 Diff"; GP Connect 1.6, Documents.
"""

from wholerecord.intake.fhir.shape import Object, an_object, objects
from wholerecord.intake.fhir.stu3.change import listed, renamed


def to_r4(stu3: Object) -> Object:
    """The R4 DocumentReference."""
    resource = renamed(stu3, {"indexed": "date", "class": "category"})
    listed(resource, "category")
    created = resource.pop("created", None)
    if created is not None:
        resource["content"] = [
            {**one, "attachment": {"creation": created, **an_object(one.get("attachment"))}}
            for one in objects(resource.get("content"))
        ]
    if "context" in resource:
        context = dict(an_object(resource["context"]))
        listed(context, "encounter")
        if "related" in context:
            context["related"] = [
                an_object(one["ref"]) if "ref" in one else one
                for one in objects(context["related"])
            ]
        resource["context"] = context
    return resource
