"""Stylesheet and icons: read once, each under an address that holds its own hash.

A browser may keep such an address for a year, because other bytes have another address.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

#: Compressed once and as small as can be: a stylesheet is asked for by everybody who comes anew.
_PACKED = 9
_FOLDER = Path(__file__).parent.parent / "assets"
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_A_YEAR = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"


@cache
def _assets() -> dict[str, tuple[bytes, bytes, str]]:
    """Every asset's bytes, the same under gzip, and their hash, by name."""
    return {
        path.relative_to(_FOLDER).as_posix(): (
            body := path.read_bytes(),
            gzip.compress(body, _PACKED, mtime=0),
            hashlib.sha256(body).hexdigest()[:12],
        )
        for path in sorted(_FOLDER.rglob("*"))
        if path.suffix in _TYPES
    }


def address(name: str) -> str:
    """Where a page finds the asset `name`."""
    return f"/assets/{name}?v={_assets()[name][2]}"


async def asset(request: Request) -> Response:
    """One asset, or 404."""
    name: str = request.path_params["name"]
    held = _assets().get(name)
    if held is None:
        return Response("no such file\n", status_code=404, media_type="text/plain")
    body, packed, version = held
    takes_packed = "gzip" in request.headers.get("accept-encoding", "")
    return Response(
        packed if takes_packed else body,
        headers={
            **({"content-encoding": "gzip"} if takes_packed else {}),
            "vary": "Accept-Encoding",
            "content-type": _TYPES[Path(name).suffix],
            "cache-control": _A_YEAR if request.query_params.get("v") == version else _A_DAY,
            "x-content-type-options": "nosniff",
        },
    )


def routes() -> list[Route]:
    """Where assets are served."""
    return [Route("/assets/{name:path}", asset)]
