"""PDS asked over loopback: a server that answers in the shapes PDS answers in."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from wholerecord.errors import Incorrect
from wholerecord.intake.pds import (
    Demographic,
    Nothing,
    PdsOverHttp,
    Verdict,
    Why,
    arrival,
    from_environment,
    verify,
)
from wholerecord.nhs import NhsNumber, PartialDate
from wholerecord.people import Address, Demographics, Name

ADA, OLD, OTHER = "9990000018", "9990000026", "9990000034"
STATUS = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
CODES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus"
ERRORS = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"


def person(number: str = ADA, *, restricted: bool = False) -> dict[str, Any]:
    status = {"coding": [{"system": CODES, "code": "01"}]}
    code = "R" if restricted else "U"
    confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    return {
        "resourceType": "Patient",
        "id": number,
        "identifier": [
            {
                "system": "https://fhir.nhs.uk/Id/nhs-number",
                "value": number,
                "extension": [{"url": STATUS, "valueCodeableConcept": status}],
            }
        ],
        "meta": {"versionId": "2", "security": [{"system": confidentiality, "code": code}]},
        "name": [{"use": "usual", "family": "Example", "given": ["Ada"]}],
        "birthDate": "1970-05-04",
        "gender": "female",
    }


def outcome(code: str) -> dict[str, Any]:
    coding = {"system": ERRORS, "version": "1", "code": code}
    issue = {"severity": "error", "code": "processing", "details": {"coding": [coding]}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def refused(code: str) -> bytes:
    return json.dumps(outcome(code)).encode()


def found(*people: tuple[float, dict[str, Any]]) -> dict[str, Any]:
    entry = [{"search": {"score": score}, "resource": one} for score, one in people]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entry), "entry": entry}


class Server(ThreadingHTTPServer):
    """Answers what it is told to; keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.sent: list[bytes] = []
        #: The version held: a change of another, or of none, is answered as PDS answers it.
        self.holds = ""

    def will(self, status: int, body: Any, **headers: str) -> None:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, {k.replace("_", "-"): v for k, v in headers.items()}, sent))


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.asked.append((url.path, parse_qs(url.query), dict(self.headers.items())))
        self._answer()

    def do_PATCH(self) -> None:
        url = urlsplit(self.path)
        self.server.asked.append((url.path, parse_qs(url.query), dict(self.headers.items())))
        self.server.sent.append(self.rfile.read(int(self.headers["Content-Length"])))
        named = self.headers.get("If-Match", "")
        if not named:
            self.server.answers.insert(0, (412, {}, refused("PRECONDITION_FAILED")))
        elif self.server.holds and named != f'W/"{self.server.holds}"':
            self.server.answers.insert(0, (409, {}, refused("RESOURCE_VERSION_MISMATCH")))
        self._answer()

    def _answer(self) -> None:
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def client(server: Server, waited: list[float] | None = None) -> PdsOverHttp:
    async def token() -> str:
        return "a-token"

    async def wait(seconds: float) -> None:
        (waited if waited is not None else []).append(seconds)

    return PdsOverHttp(f"http://127.0.0.1:{server.server_port}/FHIR/R4", token, wait=wait)


def number(digits: str) -> NhsNumber:
    parsed = NhsNumber.parse(digits)
    assert parsed is not None
    return parsed


def said(**more: Any) -> Demographics:
    known = Demographics(
        names=(Name(family="Example", given=("Ada",)),),
        born=PartialDate.parse("1970-05-04"),
        sex="female",
        nhs_number=number(ADA),
    )
    return Demographics(**{name: getattr(known, name) for name in known.__slots__} | more)


async def test_somebody_is_read_by_number_with_the_version_an_update_has_to_name(server: Server):
    server.will(200, person(), ETag='W/"7"')
    one = await client(server).read(number(ADA))
    assert isinstance(one, Demographic)
    assert (one.number.digits, one.version) == (ADA, "7")
    assert one.who.nhs_status == "01"
    assert json.loads(one.body) == person()
    [(path, _, headers)] = server.asked
    assert path == f"/FHIR/R4/Patient/{ADA}"
    assert headers["Authorization"] == "Bearer a-token"
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["X-Request-ID"])
    assert ADA not in repr(one)


async def test_a_search_says_what_is_known_and_gives_the_likeliest_first(server: Server):
    server.will(200, found((0.8, person(OTHER)), (0.97, person())))
    places = (Address(lines=("1 High Street",), postcode="LS6 1AA"),)
    people = await client(server).search(said(addresses=places), fuzzy=True)
    assert not isinstance(people, Nothing)
    assert [(one.number.digits, one.score) for one in people] == [(ADA, 0.97), (OTHER, 0.8)]
    [(path, asked, _)] = server.asked
    assert path == "/FHIR/R4/Patient"
    assert asked == {
        "family": ["Example"],
        "given": ["Ada"],
        "birthdate": ["eq1970-05-04"],
        "gender": ["female"],
        "address-postalcode": ["LS6 1AA"],
        "_fuzzy-match": ["true"],
    }


async def test_too_little_is_not_even_asked(server: Server):
    for little in (said(born=None), said(names=()), said(sex="", names=(Name(family="A"),))):
        assert await client(server).search(little) == Nothing(why=Why.TOO_LITTLE)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, outcome("RESOURCE_NOT_FOUND"), Why.NOBODY),
        (404, outcome("INVALIDATED_RESOURCE"), Why.INVALIDATED),
        (400, outcome("INVALID_RESOURCE_ID"), Why.WRONG),
        (400, outcome("TOO_FEW_VALUES_SUBMITTED"), Why.TOO_LITTLE),
        (200, outcome("TOO_MANY_MATCHES"), Why.SEVERAL),
        (403, outcome("ACCESS_DENIED"), Why.NOT_LET),
        (401, b"no", Why.NOT_LET),
        (500, b"<html>", Why.SILENT),
        (302, b"", Why.UNREADABLE),
        (200, b"not json", Why.UNREADABLE),
        (200, person() | {"id": "9990000019"}, Why.UNREADABLE),
        (200, found(), Why.NOBODY),
        (200, {"resourceType": "Bundle", "entry": [{"resource": {"id": 7}}]}, Why.UNREADABLE),
        (200, b"[" * 100_000, Why.UNREADABLE),
        (200, b" " * (5 << 20), Why.SILENT),
    ],
)
async def test_whatever_is_no_answer_is_a_value_that_says_why(
    server: Server, status: int, body: Any, why: Why
):
    server.will(status, body, Location="http://127.0.0.1:1/elsewhere")
    assert await client(server).read(number(ADA)) == Nothing(why=why)


async def test_nobody_listening_is_told_and_not_raised():
    with serving() as gone:
        pass
    assert await client(gone).read(number(ADA)) == Nothing(why=Why.SILENT)


async def test_whoever_asks_too_often_waits_as_long_as_pds_says(server: Server):
    server.will(429, b"", Retry_After="3")
    server.will(429, b"")
    server.will(200, person())
    waited: list[float] = []
    assert isinstance(await client(server, waited).read(number(ADA)), Demographic)
    assert [3 <= waited[0] < 4, 2 <= waited[1] < 3, len(waited)] == [True, True, 2]


@pytest.mark.parametrize(("wish", "times"), [("", 4), ("86400", 1)])
async def test_the_waiting_has_an_end(server: Server, wish: str, times: int):
    server.will(429, b"", Retry_After=wish)
    assert await client(server).read(number(ADA)) == Nothing(why=Why.BUSY)
    assert len(server.asked) == times


@pytest.mark.parametrize(
    ("answer", "who", "verdict"),
    [
        (person(), {}, Verdict.VERIFIED),
        (person(OTHER), {"nhs_number": number(OLD)}, Verdict.SUPERSEDED),
        (person(restricted=True), {}, Verdict.VERIFIED),
        (
            person(),
            {
                "names": (Name(family="Okafor", given=("Joy",)),),
                "born": PartialDate.parse("1999-01-02"),
            },
            Verdict.ANOTHER,
        ),
    ],
)
async def test_a_number_is_verified_with_the_rest_of_who_somebody_is(
    server: Server, answer: dict[str, Any], who: dict[str, Any], verdict: Verdict
):
    server.will(200, answer)
    one = said(**who)
    assert one.nhs_number is not None
    assert (await verify(client(server), one.nhs_number, one))[0] is verdict


async def test_a_number_that_pds_does_not_know_is_nobodys_and_silence_says_nothing(server: Server):
    server.will(404, outcome("INVALIDATED_RESOURCE"))
    server.will(503, b"")
    assert (await verify(client(server), number(ADA), said()))[0] is Verdict.NOBODY
    assert (await verify(client(server), number(ADA), said()))[0] is Verdict.NOT_TOLD


async def test_an_answer_is_one_more_sources_message(server: Server):
    server.will(200, person())
    one = await client(server).read(number(ADA))
    assert isinstance(one, Demographic)
    kept = arrival(one, "pds")
    assert (kept.source, json.loads(kept.body)) == ("pds", person())


async def test_pds_is_asked_where_it_is_named_and_over_https_only(tmp_path: Path, server: Server):
    assert from_environment({}) is None
    with pytest.raises(Incorrect, match="TOKEN_FILE"):
        from_environment({"WHOLERECORD_PDS_URL": "https://pds.example"})
    file = tmp_path / "token"
    named = {"WHOLERECORD_PDS_TOKEN_FILE": str(file)}
    with pytest.raises(Incorrect, match="https"):
        from_environment(named | {"WHOLERECORD_PDS_URL": "http://pds.example"})
    server.will(200, person())
    base = f"http://127.0.0.1:{server.server_port}"
    pds = from_environment(named | {"WHOLERECORD_PDS_URL": base})
    assert pds is not None
    with pytest.raises(Incorrect, match="token"):
        await pds.read(number(ADA))
    file.write_text("secret\n")
    await pds.read(number(ADA))
    assert server.asked[-1][2]["Authorization"] == "Bearer secret"
