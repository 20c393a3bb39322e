"""What is said beside an answer: to whom it may be shown, what it answers, how it is packed."""

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route

from wholerecord.app.beside import Beside
from wholerecord.app.compressed import Compressed

LONG = b"said " * 1000


async def answered(_):
    return Response(LONG, media_type="application/fhir+json")


async def streamed(_):
    return StreamingResponse(iter([LONG, LONG]), media_type="application/fhir+json")


async def ask(method, path, **headers):
    routes = [Route("/one", answered), Route("/many", streamed)]
    inner = Mount("/fhir", routes=routes, middleware=[Middleware(Beside)])
    app = Starlette(routes=[inner], middleware=[Middleware(Compressed)])
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here.example") as http:
        return await http.request(method, path, headers={"accept-encoding": "identity"} | named)


async def get(path, **headers):
    return await ask("GET", path, **headers)


async def test_the_id_of_a_request_comes_back_and_nothing_else_does():
    answer = await get("/fhir/one", x_request_id="a-1", x_correlation_id="c/2", x_other="x")
    assert (answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == ("a-1", "c/2")
    assert "x-other" not in answer.headers
    for bad in ("a b", "x" * 129, "é".encode()):
        assert "x-request-id" not in (await get("/fhir/one", x_request_id=bad)).headers
    assert "x-request-id" not in (await get("/fhir/one")).headers


async def test_a_page_elsewhere_is_told_that_it_may_read_and_a_program_that_it_matters():
    of_page = await get("/fhir/one", origin="https://app.example", x_request_id="a-1")
    assert of_page.headers["access-control-allow-origin"] == "*"
    assert "X-Request-Id" in of_page.headers["access-control-expose-headers"]
    assert of_page.headers["x-request-id"] == "a-1"
    plain = await get("/fhir/one")
    assert "access-control-allow-origin" not in plain.headers
    assert {"Origin", "Accept-Encoding"} <= set(plain.headers["vary"].split(", "))
    wants = {"origin": "https://app.example", "access_control_request_method": "GET"}
    asked = await ask("OPTIONS", "/fhir/one", **wants)
    assert asked.status_code == 200


async def test_what_is_packed_is_the_same_and_only_for_whoever_takes_it_so():
    for path, said in (("/fhir/one", LONG), ("/fhir/many", LONG * 2)):
        plain = await get(path)
        assert "content-encoding" not in plain.headers
        assert plain.content == said
        packed = await get(path, accept_encoding="br, gzip")
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == said
        assert "Accept-Encoding" in packed.headers["vary"]
