"""Search by reference: `subject=Patient/1`, `patient:identifier=…`. And what a reference is to.

Source: FHIR R4, Search, "reference".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from wholerecord.fhir.search.around import Around, Unreadable
from wholerecord.fhir.search.escapes import unescaped
from wholerecord.fhir.search.path import Element, Json, text, under
from wholerecord.fhir.search.tokens import code_of

_LITERAL = re.compile(r"(?:(.*)/)?([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})(?:/_history/[^/]+)?")
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")


class Ref(NamedTuple):
    """What a reference is to: a resource of ours by `type` and `id`, or an address elsewhere.

    Of what is contained in the same resource `url` is its place there, which begins with `#`.
    """

    type: str = ""
    id: str = ""
    url: str = ""
    version: str = ""
    identifier: tuple[str, str] = ("", "")


class Asked(NamedTuple):
    """A reference that is asked for. `by_identifier`: by what it says of itself, not where."""

    ref: Ref
    system: str | None = None
    by_identifier: bool = False


def read(written: str, modifier: str, around: Around) -> Asked:
    """What a value asks for; a modifier other than `identifier` is the type it must be of.

    Raises:
        Unreadable: it is no reference.
    """
    if modifier == "identifier":
        system, value = code_of(written)
        if not (value or system):
            raise Unreadable("give a value or system|value")
        return Asked(Ref(identifier=(system or "", value)), system, by_identifier=True)
    written = unescaped(written)
    if "/_history/" in written:
        raise Unreadable("a reference is asked for whatever its version")
    ref = parse(written, around.base)
    if not (ref.type or ref.url) and _ID.fullmatch(written):
        ref = Ref(id=written)
    if modifier and ref.type not in ("", modifier):
        raise Unreadable(f"not a reference to a {modifier}")
    if not (ref.id or ref.url):
        raise Unreadable("not a reference such as Patient/1 or 1")
    return Asked(ref._replace(type=modifier) if modifier else ref)


def parse(written: str, base: str = "") -> Ref:
    """What an address is of: ours when it is relative or below our base.

    >>> parse("Patient/1"), parse("http://x.example/Patient/1", "http://x.example")
    (Ref(type='Patient', id='1', ...), Ref(type='Patient', id='1', ...))
    >>> parse("http://elsewhere.example/Patient/1", "http://x.example").type
    ''
    """
    literal = _LITERAL.fullmatch(written)
    if literal and (not literal[1] or literal[1] == base):
        return Ref(type=literal[2], id=literal[3])
    if ":" not in written:
        return Ref()
    url, _, version = written.partition("|")
    return Ref(url=url, version=version)


def held(element: Element) -> Iterator[Ref]:
    """What an element refers to: one, or none where it says nothing of it."""
    value = element.value
    match element.type:
        case "Reference":
            known = under(value, "identifier")
            written = text(value, "reference")
            ref = Ref(url=written) if written[:1] == "#" else parse(written)
            ref = ref._replace(identifier=(text(known, "system"), text(known, "value")))
            yield ref if ref.type else ref._replace(type=text(value, "type"))
        case "Attachment":
            yield parse(text(value, "url"))
        case "Resource":
            yield _inline(value)
        case _:
            yield parse(str(value))


def fits(asked: Asked, ref: Ref) -> bool:
    """Whether what is referred to is what is asked for."""
    wanted = asked.ref
    if asked.by_identifier:
        return wanted.identifier[1] in ("", ref.identifier[1]) and asked.system in (
            None,
            ref.identifier[0],
        )
    if wanted.url:
        return wanted.url == ref.url and wanted.version in ("", ref.version)
    return bool(ref.id) and wanted.id == ref.id and wanted.type in ("", ref.type)


def order(ref: Ref) -> tuple[str, str]:
    """What it is sorted by, upwards and downwards."""
    key = f"{ref.type}/{ref.id}" if ref.id else ref.url
    return key, key


def _inline(value: Json) -> Ref:
    return Ref(type=text(value, "resourceType"), id=text(value, "id"))
