"""`POST /intake/{source}/$import`: files of NDJSON, fetched or brought, as one bulk import.

Source: HL7 Bulk Data Import proposal ("ping and pull"): a manifest as JSON, `inputFormat` and
`input` of `type` and `url`; or the file itself as the body. A source brings its own token, as it
does for `POST /intake/{source}`, for the same is done with what comes.

| status | when |
|---|---|
| 202 | begun: `Content-Location` says where to ask; there, 202 while it goes on |
| 200 | there: done; for each file how many messages it became, and what could not be filed |
| 400 | no manifest, or one that says something else |
| 401 | the token is not this source's |
| 404 | there is no such import of this source |
| 422 | the site fetches nothing from there |
| 413, 429 | too much in one request; three imports are there already |
"""

import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from typing import IO, Any, cast

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from wholerecord.app.imported import Import
from wholerecord.app.imports import Enough, Imports
from wholerecord.errors import NotFound, WholerecordError
from wholerecord.fhir.outcome import failure
from wholerecord.fhir.problem import Issue, Problem, problem
from wholerecord.fhir.served import moment_said
from wholerecord.intake import Parked
from wholerecord.record import canonical

_NDJSON = frozenset({"application/fhir+ndjson", "application/ndjson", "ndjson"})
_LINES = "application/fhir+ndjson"
#: Files of one manifest; bytes of a manifest, and of a file in the request itself.
_FILES, _MANIFEST, _LARGEST = 1_000, 1 << 20, 1 << 28
_Route = Callable[[Imports, Request], Awaitable[Response]]


class _Input(msgspec.Struct):
    url: str
    type: str = ""


class _Manifest(msgspec.Struct, rename="camel"):
    input: list[_Input]
    input_format: str = _LINES
    input_source: str = ""


_READ = msgspec.json.Decoder(_Manifest)


def import_routes(imports: Imports, admits: Callable[[str, str], bool]) -> list[Route]:
    """The routes, below `/intake/{source}`."""

    def of(asks: _Route, method: str, path: str) -> Route:
        return Route(path, partial(_told, admits, partial(asks, imports)), methods=[method])

    at = "/intake/{source}/$import"
    return [
        of(_begin, "POST", at),
        of(_status, "GET", f"{at}/{{id}}"),
        of(_cancel, "DELETE", f"{at}/{{id}}"),
        of(_errors, "GET", f"{at}/{{id}}/{{file:int}}"),
    ]


async def _told(
    admits: Callable[[str, str], bool],
    asks: Callable[[Request], Awaitable[Response]],
    request: Request,
) -> Response:
    """The answer, to whoever brings the source's token; what is wrong as an OperationOutcome."""
    brought = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        if not admits(request.path_params["source"], brought):
            raise problem(401, "login", "Bring the token of this source as a bearer token.")
        return await asks(request)
    except Enough as error:
        return failure(problem(429, "throttled", str(error)))
    except (Problem, WholerecordError) as error:
        return failure(error)


async def _begin(imports: Imports, request: Request) -> Response:
    if "respond-async" not in request.headers.get("prefer", "").replace(" ", "").split(","):
        raise problem(400, "required", "Send Prefer: respond-async: an import takes its time.")
    source: str = request.path_params["source"]
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    here = str(request.url.replace(query=""))
    if media in _NDJSON:
        with tempfile.SpooledTemporaryFile(max_size=_MANIFEST) as aside:
            body = cast("IO[bytes]", aside)
            await _read(request, body, _LARGEST)
            one = await imports.take(source, here, body)
    else:
        one = imports.begin(source, here, await _asked(imports, request))
    return Response(status_code=202, headers={"Content-Location": f"{here}/{one.id}"})


async def _read(request: Request, into: IO[bytes], most: int) -> None:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise problem(413, "too-long", f"The body is longer than {most >> 20} MiB.")
        into.write(piece)
    into.seek(0)


async def _asked(imports: Imports, request: Request) -> list[str]:
    """The addresses that a manifest names."""
    with tempfile.SpooledTemporaryFile(max_size=_MANIFEST) as aside:
        body = cast("IO[bytes]", aside)
        await _read(request, body, _MANIFEST)
        try:
            manifest = _READ.decode(body.read())
        except (msgspec.DecodeError, UnicodeDecodeError):
            says = "Send a manifest as JSON: input is a list of objects with type and url."
            raise problem(400, "structure", says) from None
    if manifest.input_format not in _NDJSON:
        raise problem(400, "not-supported", f"inputFormat is {_LINES}.", "inputFormat")
    if not 0 < len(manifest.input) <= _FILES:
        raise problem(400, "value", f"A manifest has 1 to {_FILES} files.", "input")
    for n, one in enumerate(manifest.input):
        if not imports.may_fetch(one.url):
            says = "This site fetches nothing from there: its operator lists where from."
            raise problem(422, "business-rule", says, f"input[{n}].url")
    return [one.url for one in manifest.input]


def _named(imports: Imports, request: Request) -> Import:
    one = imports.of(request.path_params["source"], request.path_params["id"])
    if one is None:
        raise NotFound
    return one


async def _status(imports: Imports, request: Request) -> Response:
    one = _named(imports, request)
    if not await imports.is_done(one):
        ready = sum(file.ready for file in one.files)
        progress = f"{ready} of {len(one.files)} files are kept, {len(one.waiting)} messages wait"
        return Response(status_code=202, headers={"X-Progress": progress, "Retry-After": "2"})
    here = str(request.url.replace(query=""))
    output: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    for n, file in enumerate(one.files):
        output.append({"inputUrl": file.url, "count": len(file.messages), "type": "Message"})
        wrong = len(await imports.parked(file)) + bool(file.fault)
        if wrong:
            said = {"type": "OperationOutcome", "inputUrl": file.url, "count": wrong}
            errors.append(said | {"url": f"{here}/{n}"})
    manifest = {
        "transactionTime": moment_said(one.began),
        "request": one.request,
        "requiresAccessToken": True,
        "output": output,
        "error": errors,
    }
    return JSONResponse(manifest, headers={"Cache-Control": "no-store"})


async def _errors(imports: Imports, request: Request) -> Response:
    """What of one file could not be fetched or filed: an OperationOutcome a line."""
    one = _named(imports, request)
    n: int = request.path_params["file"]
    if n >= len(one.files):
        raise NotFound
    file = one.files[n]
    lines = [_line(Issue(code="transient", says=file.fault))] if file.fault else []
    lines += [_line(_issue(each)) for each in await imports.parked(file)]
    headers = {"Cache-Control": "no-store"}
    return Response(b"".join(lines), media_type=_LINES, headers=headers)


def _issue(one: Parked) -> Issue:
    return Issue(code="processing", says=f"Message {one.message}: {one.says}", place=one.place)


def _line(issue: Issue) -> bytes:
    said = {"severity": issue.severity, "code": issue.code, "diagnostics": issue.says}
    said |= {"expression": [issue.place]} if issue.place else {}
    return canonical({"resourceType": "OperationOutcome", "issue": [said]}) + b"\n"


async def _cancel(imports: Imports, request: Request) -> Response:
    imports.remove(_named(imports, request))
    return Response(status_code=202)
