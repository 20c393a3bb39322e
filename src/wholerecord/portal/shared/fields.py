"""What forms send."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from wholerecord.errors import Forbidden, Incorrect
from wholerecord.portal.shared.numbers import number

#: A reason or a search is a sentence or two; more is a mistake or an attack.
_LONGEST_FIELD = 2000
#: Bytes of a form around its file.
_AROUND = 100_000
#: Reasons shorter than this say nothing to whoever reads them.
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form sent, trimmed."""

    sent: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The field's last value, or ""."""
        return self.sent.get(name, ("",))[-1]

    def every(self, name: str) -> tuple[str, ...]:
        """All the field's values, as boxes that were ticked."""
        return self.sent.get(name, ())

    def number(self, name: str, otherwise: str) -> int:
        """The number that the field says.

        Raises:
            Incorrect: it says none; in the words `otherwise`.
        """
        said = number(self.one(name))
        if said is None:
            raise Incorrect(otherwise)
        return said

    def reason(self) -> str:
        """Why, in the words of whoever sent the form.

        Raises:
            Incorrect: too short to mean anything to whoever reads it later.
        """
        why = self.one("why")
        if len(why) < SHORTEST_REASON:
            raise Incorrect("Say why in a few words: others will read it.")
        return why


async def read_form(request: Request, *, longest: int = _LONGEST_FIELD) -> Fields:
    """The fields a form sent.

    Raises:
        Forbidden: another site's page sent it.
        Incorrect: a field is longer than any of ours.
    """
    _of_this_site(request)
    async with request.form(max_files=0, max_fields=500, max_part_size=64_000) as sent:
        return _fields(sent, longest)


async def read_upload(request: Request, name: str, *, largest: int) -> tuple[Fields, bytes]:
    """The fields a form sent, and the bytes of its file `name`, b"" where there is none.

    Raises:
        Forbidden: another site's page sent it.
        Incorrect: the file is larger than `largest` bytes, or a field is longer than any of ours.
    """
    _of_this_site(request)
    length = request.headers.get("content-length", "")
    # Said before anything is read: a part that is a file has no bound of its own.
    size = number(length)
    if size is None or size > largest + _AROUND:
        raise Incorrect(f"Keep the file under {largest:,} bytes.")
    async with request.form(max_files=1, max_fields=20, max_part_size=64_000) as sent:
        file = sent.get(name)
        body = await file.read(largest + 1) if isinstance(file, UploadFile) else b""
        if len(body) > largest:
            raise Incorrect(f"Keep the file under {largest:,} bytes.")
        return _fields(sent, _LONGEST_FIELD), body


def _of_this_site(request: Request) -> None:
    origin = request.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise Forbidden("The form came from another site.")


def _fields(sent: FormData, longest: int) -> Fields:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            fields[name] = (*fields.get(name, ()), value.strip())
    if any(len(value) > longest for values in fields.values() for value in values):
        raise Incorrect(f"Keep it under {longest:,} characters.")
    return Fields(fields)
