"""The holes that record systems had before us, each by its name, each closed here."""

import ast
import base64
import io
import json
import re
import tarfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from joserfc import jwe, jws
from joserfc.jwk import OctKey

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, SECRET, actor, secret, send, site
from tests.unit.door_web import SECRET_OF_SESSIONS, application_of, carer_allowed, client
from tests.unit.scripts import without_ours
from wholerecord.access import Opened, Refused
from wholerecord.consent import Purpose, Role, View
from wholerecord.intake.archive import Input, inputs
from wholerecord.people.search import Search
from wholerecord.portal import Seal
from wholerecord.portal.shared import still
from wholerecord.portal.shared.session import IDLE, Session

SOURCE = Path(__file__).parents[2] / "src" / "wholerecord"
OTHER = "9990000026"
#: Somebody else, of whom only another organisation's source knows.
ELSE = patient("p9", OTHER) | {"name": [{"family": "ELSEWHERE", "given": ["Bo"]}]}
GOUT = condition("g1", "p9", code={"text": "Gout"})
SCRIPT = "<script>alert(1)</script>"
#: The one script that a page of a record may run is named by its hash, and asks this site alone.
OURS = f"; script-src 'sha256-{still.HASH}'; connect-src 'self'"


async def two_people():
    """Whom we look for, and somebody else whom RXA does not know."""
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), secret("STD")))
    [source] = [one for one in await way.store.sources() if one.name == "other"]
    await way.store.declare(type(source)(name="other", controller="RXB", title="Other"))
    await send(way, bundle(ELSE, GOUT), "other")
    [(other, _)] = await way.store.find(Search.of(OTHER).keys)
    await carer_allowed(way, person)
    return way, person, other


async def test_compartment_escape_by_id():
    way, person, other = await two_people()
    elses = await way.folds.whole(await way.store.members(other))
    key = elses.entries[0].key
    app = application_of(way, person)
    for who in ("DOCTOR", "PATIENT", "CARER"):
        async with client(app, who) as browser:
            for path in (
                f"/people/{other}",
                f"/people/{person}/entries/{key}",
                f"/people/{person}/messages/2",
                f"/people/{other}/messages/1",
                f"/me/for/{other}",
                f"/me/for/{person}/entries/{key}",
                f"/me/for/{person}/messages/2?place=entry[1]",
                f"/me/entries/{key}",
                "/me/messages/2",
                f"/record/fhir/Patient/{other}",
                f"/record/fhir/Patient/{person}/../{other}",
                f"/record/fhir/Condition?patient={other}",
                f"/record/fhir/Condition?patient={person},{other}",
                f"/record/fhir/Condition?patient={person}&patient={other}",
                f"/record/fhir/Condition?subject={other}",
                f"/record/fhir/Condition?patient={other}&subject={person}",
            ):
                answer = await browser.get(path)
                assert answer.status_code != 200, (who, path)
                assert "Gout" not in answer.text


@pytest.mark.parametrize(
    "more",
    [
        "_include=Condition:code",
        "_include:iterate=Nothing:encounter",
        "_revinclude=Provenance",
        "_has:Observation:patient:code=1",
        "subject.colour=ELSEWHERE",
        "code.family=ELSEWHERE",
        "_elements=../id",
        "_filter=code%20eq%201",
        "_sort=date;drop%20table%20opening",
        "_sort=(select%201)",
        "code:exact=1",
        "CODE=1",
        "_count=-1",
        "_offset=1;select",
    ],
)
async def test_a_parameter_that_widens_or_is_not_known_is_refused_and_not_ignored(more):
    way, person, _ = await two_people()
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.get(f"/record/fhir/Condition?patient={person}&{more}")
        assert answer.status_code == 400
        assert "ELSEWHERE" not in answer.text


@pytest.mark.parametrize(
    "more",
    [
        "_include=Condition:subject",
        "_include:iterate=*",
        "_revinclude=*",
        "_revinclude=Condition:subject",
        "subject.name=ELSEWHERE",
        "patient.identifier=9990000026",
        "subject:Patient.family=ELSEWHERE",
        "subject:Patient._has:Condition:patient:code:text=Gout",
        "code:text=Gout",
        "code:not=1",
        "_content=Gout",
        "_sort=-recorded-date",
        "_summary=count",
    ],
)
async def test_a_parameter_of_search_never_leads_to_somebody_else(more):
    way, person, other = await two_people()
    async with client(application_of(way, person), "DOCTOR") as browser:
        answer = await browser.get(f"/record/fhir/Condition?patient={person}&{more}")
        assert answer.status_code == 200
        assert "Gout" not in str(answer.json().get("entry"))  # its link says what was asked
        assert other not in answer.text


async def test_a_cache_is_not_shared_across_users():
    way, person, _ = await two_people()
    seen = {
        role: await way.door(actor(role)).open(person, purpose=Purpose.DIRECT_CARE)
        for role in (Role.GP, Role.NURSE, Role.SOCIAL_WORKER, Role.DOCTOR, Role.GP)
    }
    for role, opened in seen.items():
        assert isinstance(opened, Opened)
        assert (SECRET in str(opened.record)) is (role is Role.GP)
    app = application_of(way, person)
    for who in ("GP", "NURSE", "PATIENT", "CARER", "GOVERNANCE"):
        async with client(app, who) as browser:
            for path in (f"/people/{person}", "/me", "/desk", f"/record/fhir/Patient/{person}"):
                answer = await browser.get(path)
                if answer.status_code == 200:
                    assert answer.headers["cache-control"] == "no-store"
                    assert "etag" not in answer.headers


async def test_a_session_is_not_kept_alive_by_asking():
    way, person, _ = await two_people()
    now = datetime.now(UTC)
    session = Session.begin("DOCTOR", now=now)
    app = application_of(way, person)
    async with client(app, "DOCTOR") as browser:
        for path in (f"/people/{person}", "/people", f"/record/fhir/Patient/{person}"):
            assert "set-cookie" not in (await browser.get(path)).headers
    seal = Seal(SECRET_OF_SESSIONS)
    written = seal.write(session)
    assert seal.read(written, now=now + IDLE - timedelta(seconds=1))
    assert seal.read(written, now=now + IDLE) is None
    last = seal.write(replace(session, touched=session.until - timedelta(minutes=1)))
    assert seal.read(last, now=session.until - timedelta(seconds=1))
    assert seal.read(last, now=session.until) is None
    broken = session.breaking(person, "collapsed", now=now + timedelta(hours=1))
    assert broken.until == session.until


def tokens() -> dict[str, str]:
    """What others make for a session that would be a doctor's."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    said = {"persona": "DOCTOR", "form": "00" * 16, "until": until, "glass": None}
    raw = json.dumps(said).encode()
    theirs = OctKey.import_key(b"k" * 32)
    guessed = OctKey.import_key(SECRET_OF_SESSIONS.ljust(32, b"\0"))
    whole = Seal(SECRET_OF_SESSIONS).write(Session.begin("DOCTOR", now=datetime.now(UTC)))
    head, _, body = whole.partition(".")
    other = {"alg": "A256KW", "enc": "A256GCM"}
    return {
        "alg none": f"{part({'alg': 'none'})}.{part(said)}.",
        "alg none, five parts": f"{part({'alg': 'none', 'enc': 'none'})}..{part({})}.{part(said)}.",
        "signed, not encrypted": jws.serialize_compact({"alg": "HS256"}, raw, guessed),
        "another key": jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, raw, theirs),
        "another algorithm": jwe.encrypt_compact(
            other, raw, theirs, algorithms=["A256KW", "A256GCM"]
        ),
        "another header": f"{part({'alg': 'dir', 'enc': 'A128GCM'})}.{body}",
        "a header that names a key": f"{part({'alg': 'dir', 'enc': 'A256GCM', 'jwk': {}})}.{body}",
        "packed": f"{part({'alg': 'dir', 'enc': 'A256GCM', 'zip': 'DEF'})}.{body}",
        "a password": f"{part({'alg': 'PBES2-HS256+A128KW', 'enc': 'A256GCM'})}.{body}",
        "cut": whole[:-2],
        "twice": whole + whole,
        "a part less": f"{head}.{body.rpartition('.')[0]}",
    }


@pytest.mark.parametrize("made", sorted(tokens()))
async def test_a_token_that_is_not_ours_signs_nobody_in(made):
    way, person, _ = await two_people()
    app = application_of(way, person)
    token = tokens()[made]
    async with client(app, cookie=token) as browser:
        assert (await browser.get(f"/people/{person}")).status_code == 303
    async with client(app) as browser:
        headers = {"authorization": f"Bearer {token}"}
        assert (
            await browser.get(f"/record/fhir/Patient/{person}", headers=headers)
        ).status_code == 401


async def test_tokens_that_count_for_nothing_are_in_the_log_by_the_minute():
    way, person, _ = await two_people()
    app = application_of(way, person)
    before = len(await way.store.openings())
    async with client(app) as browser:
        for token in tokens().values():
            headers = {"authorization": f"Bearer {token}"}
            answer = await browser.get(f"/fhir/Patient/{person}", headers=headers)
            assert answer.status_code == 401
            assert token not in answer.text
        assert (await browser.get(f"/fhir/Patient/{person}")).status_code == 401  # brings none
    await app.state.away.close()
    looks = (await way.store.openings())[before:]
    assert 0 < len(looks) < len(tokens())
    assert {(look.view, look.allowed, look.actor, look.person) for look in looks} == {
        ("sign-in", False, "nobody", None)
    }
    counted = [re.search(r"\(([0-9]+) requests\)", look.reason) for look in looks]
    assert sum(int(one[1]) for one in counted if one) == len(tokens())


async def test_a_session_of_somebody_who_may_no_longer_sign_in_is_nobodys():
    way, person, _ = await two_people()
    async with client(application_of(way, person), "SOMEBODY_GONE") as browser:
        assert (await browser.get(f"/people/{person}")).status_code == 303


@pytest.mark.parametrize(
    "odd", ["../../../etc/passwd", "/etc/passwd", "..\\..\\x", "C:\\x", "a\0b"]
)
def test_path_traversal_in_an_archive_writes_nothing_and_is_only_a_name(tmp_path, odd):
    """Archives are read as streams: no name in one is ever a place on the disk."""
    inside = tmp_path / "in" / "box"
    inside.mkdir(parents=True)
    with zipfile.ZipFile(inside / "a.zip", "w") as packed:
        packed.writestr(odd, "{}")
    with tarfile.open(inside / "b.tar", "w") as packed:
        member = tarfile.TarInfo(odd.replace("\0", ""))
        member.size = 2
        packed.addfile(member, io.BytesIO(b"{}"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    for one in inputs(str(tmp_path / "in"), io.BytesIO()):
        assert one.name.isprintable()
        if isinstance(one, Input):
            assert one.stream.read(1 << 16) in {b"{}", b""}
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../pages.py",
        "/assets/..%2f..%2fsettings.py",
        "/assets/%2e%2e/%2e%2e/settings.py",
        "/assets//etc/passwd",
        "/assets/nhsuk-frontend.css/../../x",
    ],
)
async def test_path_traversal_in_file_names_served(path):
    way, person, _ = await two_people()
    async with client(application_of(way, person)) as browser:
        answer = await browser.get(path)
        assert answer.status_code == 404
        assert "import" not in answer.text


async def test_a_forged_place_shows_nothing_but_what_the_door_gave():
    way, person, _ = await two_people()
    both = bundle(patient("p1", NUMBER), ELSE, GOUT)
    number = await send(way, both)
    async with client(application_of(way, person), "DOCTOR") as browser:
        for place in ("entry[1]", "entry[2]", "", "entry", "line 1", "[0]", "entry[-1]", "../x"):
            path = f"/people/{person}/messages/{number}"
            answer = await browser.get(path, params={"place": place})
            assert answer.status_code == 200
            assert "EXAMPLE" in answer.text
            assert "Gout" not in answer.text
            assert "ELSEWHERE" not in answer.text


async def test_script_in_what_a_source_said_is_text():
    told = condition(
        "c2",
        "p1",
        code={"text": f"Asthma {SCRIPT}"},
        text={"status": "generated", "div": f"<div>{SCRIPT}<img src=x onerror=alert(1)></div>"},
    )
    letter = {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "description": SCRIPT,
        "content": [
            {
                "attachment": {
                    "contentType": "text/html",
                    "title": SCRIPT,
                    "url": "javascript:alert(1)",
                    "data": base64.b64encode(SCRIPT.encode()).decode(),
                }
            }
        ],
    }
    named = patient("p1", NUMBER) | {"name": [{"family": f"EXAMPLE{SCRIPT}", "given": ["Ada"]}]}
    way, person = await site(bundle(named, told, letter))
    record = await way.folds.whole(await way.store.members(person))
    app = application_of(way, person)
    paths = [
        f"/people?q={NUMBER}",
        f"/people/{person}",
        f"/people/{person}/condition",
        f"/people/{person}/document",
        f"/people/{person}/who",
        f"/people/{person}/messages/1",
        *(f"/people/{person}/entries/{entry.key}" for entry in record.entries),
    ]
    own = ["/me", "/me/document", "/me/messages/1"]
    for who, asked in (("DOCTOR", paths), ("PATIENT", own)):
        async with client(app, who) as browser:
            for path in asked:
                answer = await browser.get(path)
                assert answer.status_code == 200, path
                assert "<script" not in without_ours(answer.text)
                assert "onerror=alert(1)>" not in answer.text.replace("&gt;", "")
                assert 'href="javascript:' not in answer.text
                policy = answer.headers["content-security-policy"]
                assert policy.startswith("default-src 'none'")
                assert "script-src" not in policy.replace(OURS, "")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", f"/fhir{path}") for path in ("", "/", "/Condition", "/Condition/$validate")),
        *(("POST", f"/fhir/{path}") for path in ("Condition/_search", "$process-message")),
        ("PUT", "/fhir/Condition/c1"),
        ("PATCH", "/fhir/Condition/c1"),
        ("POST", "/fhir/Subscription"),
        ("POST", "/fhir/ValueSet/$expand"),
        ("POST", "/record/fhir/Consent"),
        ("PUT", "/record/fhir/Consent/preference-1"),
        ("POST", "/record/fhir/Patient/$match"),
    ],
)
async def test_every_route_that_takes_xml_refuses_a_document_type(method, path, tmp_path):
    way, person, _ = await two_people()
    file = tmp_path / "told"
    file.write_text("Gout")
    body = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{file.as_uri()}">]>'
        '<Condition xmlns="http://hl7.org/fhir"><code><text value="&e;"/></code></Condition>'
    )
    filed = len(await way.store.statements({1: 9, 2: 9}))
    async with client(application_of(way, person), "DOCTOR") as browser:
        headers = {"content-type": "application/fhir+xml"}
        answer = await browser.request(method, path, content=body, headers=headers)
    assert 400 <= answer.status_code < 500
    assert "Gout" not in answer.text
    assert len(await way.store.statements({1: 9, 2: 9})) == filed


async def test_an_absolute_reference_to_another_server_is_not_our_person():
    way, person, _ = await two_people()
    elsewhere = "https://elsewhere.example/fhir/Patient/p1"
    await send(
        way, bundle(condition("c9", "p1", subject={"reference": elsewhere}, code={"text": "Gout"}))
    )
    opened = await way.door(actor(Role.DOCTOR)).open(person, purpose=Purpose.DIRECT_CARE)
    assert isinstance(opened, Opened)
    assert "Gout" not in str(opened.record.entries)
    async with client(application_of(way, person), "DOCTOR") as browser:
        for reference in (
            f"https://elsewhere.example/fhir/Patient/{person}",
            f"Patient/Patient/{person}",
            f"Group/{person}",
            f"Patient/{person}/_history/1",
            f"Patient/{person}#x",
        ):
            answer = await browser.get("/record/fhir/Condition", params={"patient": reference})
            assert answer.status_code in {400, 403}, reference


@pytest.mark.parametrize(
    "next", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/\t/x"]
)
async def test_signing_in_never_leads_away(next):
    way, person, _ = await two_people()
    async with client(application_of(way, person)) as browser:
        answer = await browser.post("/sign-in", data={"persona": "DOCTOR", "next": next})
        assert answer.headers["location"] == "/"


async def test_a_form_without_its_token_does_nothing():
    way, person, _ = await two_people()
    before = await way.store.events(person)
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        for path in (f"/people/{person}/unlink", "/desk/match", "/desk/release", "/sign-out"):
            sent = {"patient": "1", "n": "1", "why": "because I want to", "form": "00" * 32}
            assert (await browser.post(path, data=sent)).status_code == 403
    assert await way.store.events(person) == before


async def test_whether_anybody_is_at_an_address_is_not_told():
    way, person, _ = await two_people()
    stranger = way.door(actor(Role.DOCTOR, "RZZ"))
    told = [
        await stranger.open(who, purpose=Purpose.DIRECT_CARE, view=view)
        for who in (person, "f" * 32, "nobody", "")
        for view in (View.RECORD, View.DEMOGRAPHICS, View.MESSAGE)
    ]
    assert len({(one.reason, one.may_break_glass) for one in told if isinstance(one, Refused)}) == 1
    assert all(isinstance(one, Refused) and one.may_break_glass for one in told)


#: Who may make a call, by where: text of queries is fixed, and one module writes tables for people,
#: whose every cell goes through `safe` (a property test of `test_paper` holds it to that).
_CALLS = {
    "eval": "",
    "exec": "",
    "pickle.loads": "",
    "pickle.load": "",
    "yaml.load": "",
    "marshal.loads": "",
    "subprocess.getoutput": "",
    "os.system": "",
    "csv.writer": ("demo/", "portal/paper/table.py"),
    "csv.DictWriter": "demo/",
    "extractall": "",
}


@cache
def trees() -> list[tuple[str, ast.Module]]:
    """Every module of the program, as Python reads it."""
    return [
        (path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text()))
        for path in sorted(SOURCE.rglob("*.py"))
    ]


def test_no_code_makes_a_call_that_history_warns_of():
    """A CSV formula is injected by whoever writes CSV: the demonstration, and `paper.table`."""
    for where, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                short = called.rpartition(".")[2] if "extractall" in called else called
                allowed = _CALLS.get(short)
                assert allowed is None or (allowed and where.startswith(allowed)), (where, called)


def test_no_query_is_put_together_from_texts():
    """SQL stands in `.sql` files, named: a driver given any other string is a type error."""
    sql = re.compile(r"\b(?:SELECT .* FROM|INSERT INTO|UPDATE .* SET|DELETE FROM|ORDER BY)\b")
    for where, tree in trees():
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert id(node) in docs or not sql.search(node.value), where
