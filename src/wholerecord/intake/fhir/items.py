"""A message taken apart into its resources, each with its place, none left out.

Source: FHIR R4, Bundle (`entry.resource`, `entry.request`, `entry.fullUrl`) and Parameters
(`parameter.resource`, which EPS and other operations use as an envelope).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wholerecord.intake.fhir.shape import Object, an_object, is_array, is_object, objects, text

#: Bundles within Bundles deeper than this are taken as content, not opened.
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry. `resource` is whatever stands there; `method` and `url` are its request's."""

    resource: Any
    place: str
    full_url: str = ""
    method: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Resources that may refer to each other and share an envelope.

    `kind` is the Bundle's type, `lines` for NDJSON, `resource` for one alone. `at` is when the
    Bundle says it was made.
    """

    kind: str
    items: tuple[Item, ...]
    envelope: Object = field(default_factory=dict[str, Any])

    @property
    def at(self) -> str:
        """When the envelope says it was put together, else ""."""
        return text(self.envelope.get("timestamp"))


def scopes_of(resource: Object, place: str = "", depth: int = 0) -> Iterator[Scope]:
    """The scopes in one resource: itself, or a Bundle's entries, and each Bundle within it."""
    kind = resource.get("resourceType")
    if kind == "Bundle" and depth < MAX_DEPTH:
        items = tuple(_entries(resource, place))
        yield from _opened(Scope(kind=_type(resource), items=items, envelope=resource), depth)
    elif kind == "Parameters" and depth < MAX_DEPTH:
        items = tuple(_parameters(resource, place))
        yield from _opened(Scope(kind="parameters", items=items, envelope=resource), depth)
    else:
        alone = Item(resource=resource, place=place or text(kind))
        yield Scope(kind="resource", items=(alone,))


def lines_scope(items: tuple[Item, ...]) -> Iterator[Scope]:
    """The scopes in lines: the lines together, and each line that is a Bundle by itself."""
    yield from _opened(Scope(kind="lines", items=items), 0)


def _opened(scope: Scope, depth: int) -> Iterator[Scope]:
    """`scope` without the envelopes among its items, then what those envelopes hold."""
    plain = tuple(item for item in scope.items if not _is_envelope(item.resource))
    yield Scope(kind=scope.kind, items=plain, envelope=scope.envelope)
    for item in scope.items:
        if _is_envelope(item.resource):
            yield from scopes_of(item.resource, item.place, depth + 1)


def _is_envelope(resource: Any) -> bool:
    if not is_object(resource):
        return False
    kind = resource.get("resourceType")
    return kind == "Bundle" or (kind == "Parameters" and any(_holding(resource)))


def _type(bundle: Object) -> str:
    return text(bundle.get("type")) or "collection"


def _entries(bundle: Object, place: str) -> Iterator[Item]:
    entries = bundle.get("entry")
    for n, entry in enumerate(entries if is_array(entries) else ()):
        held = an_object(entry)
        request = an_object(held.get("request"))
        yield Item(
            resource=held.get("resource"),
            place=_at(place, f"entry[{n}]"),
            full_url=text(held.get("fullUrl")),
            method=text(request.get("method")),
            url=text(request.get("url")),
        )


def _parameters(parameters: Object, place: str) -> Iterator[Item]:
    for path, held in _holding(parameters):
        yield Item(resource=held, place=_at(place, path))


def _holding(parameters: Object) -> Iterator[tuple[str, Any]]:
    """Each resource a Parameters holds, in a parameter or one part below it, with its path."""
    for n, parameter in enumerate(objects(parameters.get("parameter"))):
        if "resource" in parameter:
            yield f"parameter[{n}]", parameter["resource"]
        for m, part in enumerate(objects(parameter.get("part"))):
            if "resource" in part:
                yield f"parameter[{n}].part[{m}]", part["resource"]


def _at(place: str, path: str) -> str:
    return f"{place} {path}" if place else path
