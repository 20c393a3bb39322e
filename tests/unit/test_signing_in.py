"""Signing in with an identity provider that may be hostile: who is let in, and who is not."""

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.hostile_provider import (
    CLIENT,
    ISSUER,
    PERSON_CLAIMS,
    PERSON_INFO,
    SECRET,
    STAFF_CLAIMS,
    STAFF_INFO,
    Provider,
    rsa,
)
from wholerecord.access import Doorstep, Doorway
from wholerecord.audit import Opening
from wholerecord.portal import Persona, Seal, Site, routes
from wholerecord.portal.shared import visit
from wholerecord.record import PersonId
from wholerecord.signin import Door, Party, Why
from wholerecord.signin.provider import Provider as Known

HERE = "https://record.example"


@dataclass
class World:
    """A site with one record, one provider at one door, and a browser."""

    way: Doorway
    person: PersonId
    provider: Provider
    door: Door
    clock: list[float]
    browser: httpx.AsyncClient
    app: Starlette = field(repr=False)

    async def go(self, next: str = "/people", **query: str) -> httpx.Response:
        """Go to the provider, sign in there, come back."""
        sent = await self.browser.get(f"/sign-in/{self.door.value}", params={"next": next})
        assert sent.status_code == 303, sent.text
        brought = self.provider.signed_in(sent.headers["location"]) | query
        return await self.back(brought)

    async def back(self, brought: dict[str, str]) -> httpx.Response:
        return await self.browser.get(f"/sign-in/{self.door.value}/back", params=brought)

    async def log(self) -> list[Opening]:
        """What was written down about signing in."""
        return [one for one in await self.way.store.openings() if one.view == "sign-in"]


async def world(door: Door = Door.STAFF) -> World:
    way, person = await site(bundle(verified(), condition("c1", "p1")))
    staff = door is Door.STAFF
    provider = Provider(
        claims=dict(STAFF_CLAIMS if staff else PERSON_CLAIMS),
        info=dict(STAFF_INFO if staff else PERSON_INFO),
    )
    known = Known(
        door=door,
        issuer=ISSUER,
        client=CLIENT,
        secret=SECRET,
        back=f"{HERE}/sign-in/{door.value}/back",
    )
    clock = [0.0]
    party = Party(known, provider.transport, lambda: clock[0])

    async def nobody() -> tuple[Persona, ...]:
        return ()

    app = Starlette(
        routes=routes(
            Site(
                door=way.door,
                personas=nobody,
                seal=Seal(b"test"),
                secure=True,
                parties={door.value: party},
                doorstep=Doorstep(way),
            )
        )
    )
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE)
    return World(way, person, provider, door, clock, browser, app)


def verified() -> dict[str, object]:
    who = patient("p1", NUMBER) | {"birthDate": "1950-03-02"}
    [identifier] = [one for one in who["identifier"] if one["value"] == NUMBER]
    identifier["extension"] = [
        {
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
            "valueCodeableConcept": {"coding": [{"code": "01"}]},
        }
    ]
    return who


async def refused(here: World, why: Why, response: httpx.Response) -> None:
    """Nobody is signed in, the page says why and reveals nothing, and the log has it."""
    assert response.status_code == 403
    assert "wholerecord=" not in response.headers.get("set-cookie", "")
    said = why.value[:1].upper() + why.value[1:]
    assert said.replace("'", "&#39;") in response.text
    for secret in (NUMBER, "1950", "EXAMPLE", "TESFAYE", SECRET, "s1"):
        assert secret not in response.text
    [line] = await here.log()
    assert (line.allowed, line.reason, line.person) == (False, why.value, None)
    assert (await here.browser.get("/people")).status_code == 303


async def test_a_doctor_signs_in_and_goes_on_to_the_page_they_wanted():
    here = await world()
    back = await here.go(f"/people/{here.person}")
    assert (back.status_code, back.headers["location"]) == (303, f"/people/{here.person}")
    page = await here.browser.get(f"/people/{here.person}")
    assert page.status_code == 200
    assert "TESFAYE Yonas (Dr), doctor" in page.text
    [line] = await here.log()
    assert (line.actor, line.role, line.organisation) == ("staff:s1", "doctor", "RXA")


async def test_what_is_asked_of_the_provider_is_code_and_s256_and_fresh_each_time():
    here = await world()
    asked = []
    for _ in range(2):
        sent = await here.browser.get("/sign-in/staff")
        asked.append(parse_qs(urlsplit(sent.headers["location"]).query))
    assert asked[0]["response_type"] == ["code"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["redirect_uri"] == [f"{HERE}/sign-in/staff/back"]
    assert asked[0]["prompt"] == ["login"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43


async def test_a_person_signs_in_to_their_own_record():
    here = await world(Door.PEOPLE)
    assert (await here.go("/me")).status_code == 303
    assert (await here.browser.get("/me")).status_code == 200
    assert (await here.browser.get(f"/people/{here.person}")).status_code == 403
    [line] = await here.log()
    assert (line.actor, line.person) == ("people:s1", here.person)
    [looked, *_] = [
        one for one in await here.way.store.openings_of(here.person) if one.view == "find"
    ]
    assert (looked.actor, looked.purpose) == ("sign-in", "administration")


WRONG_CLAIMS = {
    "wrong audience": ({"aud": "another-client"}, Why.AUDIENCE),
    "among several audiences, and not the one it is for": (
        {"aud": [CLIENT, "another"], "azp": "another"},
        Why.AUDIENCE,
    ),
    "several audiences, and nothing says whose": ({"aud": [CLIENT, "another"]}, Why.AUDIENCE),
    "token of another issuer": ({"iss": "https://identity.example.net"}, Why.ANOTHER_ISSUER),
    "the issuer, and a slash": ({"iss": f"{ISSUER}/"}, Why.ANOTHER_ISSUER),
    "expired": ({"exp": int(time.time()) - 120}, Why.EXPIRED),
    "made long ago": ({"iat": int(time.time()) - 7200}, Why.EXPIRED),
    "made tomorrow": ({"iat": int(time.time()) + 86_400}, Why.EXPIRED),
    "wrong nonce": ({"nonce": "another"}, Why.NONCE),
    "no nonce": ({"nonce": None}, Why.NONCE),
    "no audience": ({"aud": None}, Why.WRONG_SHAPE),
    "no expiry": ({"exp": None}, Why.WRONG_SHAPE),
    "an expiry that is text": ({"exp": "9999999999"}, Why.WRONG_SHAPE),
    "a subject that is a list": ({"sub": ["s1"]}, Why.WRONG_SHAPE),
    "a nonce that is true": ({"nonce": True}, Why.WRONG_SHAPE),
    "an empty subject": ({"sub": ""}, Why.WRONG_SHAPE),
    "no level of assurance": ({"id_assurance_level": None}, Why.WRONG_SHAPE),
    "a level that is a number": ({"id_assurance_level": 3}, Why.WRONG_SHAPE),
    "too low a level": ({"authentication_assurance_level": "2"}, Why.ASSURANCE),
}


@pytest.mark.parametrize("name", WRONG_CLAIMS)
async def test_a_token_with_wrong_claims_signs_nobody_in(name):
    claims, why = WRONG_CLAIMS[name]
    here = await world()
    here.provider.claims |= claims
    await refused(here, why, await here.go())


WRONG_SIGNATURES = {
    "alg none": ("none", {}, "one", Why.ALGORITHM),
    "None in capitals": ("RS256", {"alg": "None"}, "one", Why.ALGORITHM),
    "the public key as a shared secret": ("HS256", {}, "one", Why.ALGORITHM),
    "another kind of key": ("ES256", {}, "one", Why.FORGED),
    "a key nobody published": ("RS256", {}, "unknown", Why.UNKNOWN_KEY),
    "another key under a known name": ("RS256", {"kid": "one"}, "unknown", Why.FORGED),
    "a header that must be understood": ("RS256", {"crit": ["x"], "x": 1}, "one", Why.ALGORITHM),
}


@pytest.mark.parametrize("name", WRONG_SIGNATURES)
async def test_a_token_signed_wrongly_signs_nobody_in(name):
    how, header, key, why = WRONG_SIGNATURES[name]
    here = await world()
    here.provider.how, here.provider.header, here.provider.signs_with = how, header, key
    await refused(here, why, await here.go())


async def test_a_key_that_was_withdrawn_counts_no_longer_and_a_new_one_does():
    here = await world()
    assert (await here.go()).status_code == 303
    here.provider.published, here.provider.signs_with = ["two"], "two"
    here.clock[0] += 20
    assert (await here.go()).status_code == 303
    stale = await world()
    assert (await stale.go()).status_code == 303
    stale.provider.published = ["two"]
    stale.clock[0] += 301
    assert (await stale.go()).status_code == 403
    assert (await stale.log())[-1].reason == Why.UNKNOWN_KEY.value


async def test_forged_key_names_do_not_make_us_ask_the_provider_again_and_again():
    here = await world()
    await here.go()
    before = len(here.provider.seen)
    here.provider.signs_with = "unknown"
    for _ in range(5):
        await here.go()
    assert [path for _, path, _ in here.provider.seen[before:]] == ["/token"] * 5


WRONG_INFO = {
    "about somebody else": ({"sub": "s2"}, Why.SUBJECT),
    "no role": ({"nhsid_nrbac_roles": []}, Why.NO_ROLE),
    "another's role selected": ({"selected_roleid": "1"}, Why.NO_ROLE),
    "several roles and none selected": ({"selected_roleid": ""}, Why.NO_ROLE),
    "roles that are text": ({"nhsid_nrbac_roles": "S8000:G8000:R8000"}, Why.WRONG_SHAPE),
    "a role code unlike any": (
        {
            "nhsid_nrbac_roles": [
                {"org_code": "RXA", "person_roleid": "555000000001", "role_code": "R80001"}
            ]
        },
        Why.UNKNOWN_ROLE,
    ),
    "a role at no organisation": (
        {
            "nhsid_nrbac_roles": [
                {"org_code": "", "person_roleid": "555000000001", "role_code": "R8000"}
            ]
        },
        Why.UNKNOWN_ROLE,
    ),
}


@pytest.mark.parametrize("name", WRONG_INFO)
async def test_staff_without_a_role_here_are_not_signed_in(name):
    info, why = WRONG_INFO[name]
    here = await world()
    here.provider.info |= info
    await refused(here, why, await here.go())


WRONG_PEOPLE = {
    "missing vot": ({"vot": None}, {}, Why.WRONG_SHAPE),
    "a vot that is a list": ({"vot": ["P9.Cp.Cd"]}, {}, Why.WRONG_SHAPE),
    "proved to P5": ({"vot": "P5.Cp.Cd"}, {}, Why.ASSURANCE),
    "P9 with a password alone": ({"vot": "P9.Cp"}, {}, Why.ASSURANCE),
    "a number with a wrong check digit": ({}, {"nhs_number": "9990000019"}, Why.WRONG_SHAPE),
    "a number that is a number": ({}, {"nhs_number": 9990000018}, Why.WRONG_SHAPE),
    "a year for a birthday": ({}, {"birthdate": "1950"}, Why.WRONG_SHAPE),
    "another birthday than the record's": ({}, {"birthdate": "1950-03-03"}, Why.NO_RECORD),
    "a number nobody has": ({}, {"nhs_number": "9990000026"}, Why.NO_RECORD),
}


@pytest.mark.parametrize("name", WRONG_PEOPLE)
async def test_people_who_did_not_prove_who_they_are_are_not_signed_in(name):
    claims, info, why = WRONG_PEOPLE[name]
    here = await world(Door.PEOPLE)
    here.provider.claims |= claims
    here.provider.info |= info
    await refused(here, why, await here.go("/me"))


async def test_credentials_are_not_sent_to_a_look_alike_host_on_redirect():
    here = await world()
    here.provider.token_redirect = "https://identity.example.evil.example/token"
    await refused(here, Why.REDIRECTED, await here.go())
    assert {host for host, _, _ in here.provider.seen} == {"identity.example"}


@pytest.mark.parametrize(
    "url",
    [
        "https://identity.example.evil.example/token",
        "https://identity.example@evil.example/token",
        "https://identity.example:444/token",
        "http://identity.example/token",
        "http://169.254.169.254/token",
        "https://identity.example\\.evil.example/token",
    ],
)
@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
async def test_endpoints_on_another_host_are_never_asked(endpoint, url):
    here = await world()
    here.provider.metadata = {endpoint: url}
    sent = await here.browser.get("/sign-in/staff")
    assert sent.status_code == 403
    assert not here.provider.seen


async def test_metadata_of_another_issuer_is_not_believed():
    here = await world()
    here.provider.metadata = {"issuer": "https://identity.example.net"}
    assert (await here.browser.get("/sign-in/staff")).status_code == 403


async def test_an_answer_that_was_not_asked_for_here_is_refused():
    here = await world()
    await refused(here, Why.NOT_BEGUN, await here.back({"code": "c", "state": "s"}))


async def test_an_answer_for_another_browsers_sign_in_is_refused():
    here = await world()
    await refused(here, Why.WRONG_STATE, await here.go(state="another"))


async def test_an_answer_that_names_another_issuer_is_refused():
    here = await world()
    await refused(here, Why.ANOTHER_ISSUER, await here.go(iss="https://identity.example.net"))


async def test_the_same_answer_is_not_taken_twice():
    here = await world()
    sent = await here.browser.get("/sign-in/staff")
    cookie = here.browser.cookies["wholerecord-sign-in"]
    brought = here.provider.signed_in(sent.headers["location"])
    assert (await here.back(brought)).status_code == 303
    here.browser.cookies.clear()
    here.browser.cookies.set("wholerecord-sign-in", cookie)
    here.provider.codes["code-0"] = {"code_challenge": "", "nonce": ""}
    assert (await here.back(brought)).status_code == 403


async def test_somebody_who_declined_is_told_so():
    here = await world()
    await refused(here, Why.DECLINED, await here.go(error="access_denied", code=""))


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
async def test_nobody_is_sent_elsewhere_after_signing_in(next):
    here = await world()
    assert (await here.go(next)).headers["location"] == "/"


async def test_signing_in_over_another_ends_their_session_and_stays_on_the_page():
    here = await world()
    await here.go()
    first = here.browser.cookies["wholerecord"]
    back = await here.go(f"/people/{here.person}")
    assert back.headers["location"] == f"/people/{here.person}"
    assert (await here.browser.get("/people")).status_code == 200
    here.browser.cookies.clear()
    here.browser.cookies.set("wholerecord", first)
    assert (await here.browser.get("/people")).status_code == 303


async def test_the_provider_ends_a_session_by_its_back_channel():
    here = await world()
    here.provider.claims["sid"] = "k1"
    await here.go()
    assert (await here.browser.get("/people")).status_code == 200
    ended = "http://schemas.openid.net/event/backchannel-logout"
    stranger = here.provider.token(jti="j0", nonce="n", events={ended: {}})
    told = {"logout_token": stranger}
    assert (await here.browser.post("/sign-in/staff/ended", data=told)).status_code == 400
    assert (await here.browser.get("/people")).status_code == 200
    logout = here.provider.token(jti="j1", events={ended: {}})
    told = {"logout_token": logout}
    assert (await here.browser.post("/sign-in/staff/ended", data=told)).status_code == 200
    assert (await here.browser.get("/people")).status_code == 303
    await here.go()  # a session that begins afterwards is another
    assert (await here.browser.get("/people")).status_code == 200
    assert (await here.browser.post("/sign-in/staff/ended", data=told)).status_code == 200
    assert (await here.browser.get("/people")).status_code == 200


async def form_of(here: World) -> dict[str, str]:
    """The hidden field of a form in a page they look at."""
    page = await here.browser.get("/people")
    [token, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page.text)
    return {"form": token}


async def test_one_click_switches_user_and_the_provider_asks_who_it_is():
    here = await world()
    await here.go()
    before = here.browser.cookies["wholerecord"]
    sent = await form_of(here) | {"then": "switch", "next": f"/people/{here.person}"}
    switched = await here.browser.post("/sign-out", data=sent)
    [path] = re.findall(r"^0;url=(.+)$", switched.headers["refresh"])
    asked = await here.browser.get(path)
    assert parse_qs(urlsplit(asked.headers["location"]).query)["prompt"] == ["login"]
    here.browser.cookies.set("wholerecord", before)
    assert (await here.browser.get("/people")).status_code == 303
    back = await here.back(here.provider.signed_in(asked.headers["location"]))
    assert back.headers["location"] == f"/people/{here.person}"


async def test_one_of_the_public_who_signs_out_may_do_so_at_the_provider_too():
    here = await world()
    here.provider.metadata = {"end_session_endpoint": f"{ISSUER}/out?x=1"}
    await here.go()
    out = await here.browser.post("/sign-out", data=await form_of(here))
    assert out.headers["location"] == "/sign-in?out=staff"
    page = await here.browser.get("/sign-in?out=staff")
    assert 'href="/sign-in/staff/leave"' in page.text
    gone = urlsplit((await here.browser.get("/sign-in/staff/leave")).headers["location"])
    assert f"{gone.scheme}://{gone.netloc}{gone.path}" == f"{ISSUER}/out"
    asked = parse_qs(gone.query)
    assert (asked["x"], asked["post_logout_redirect_uri"]) == (["1"], [f"{HERE}/sign-in"])


async def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(monkeypatch: pytest.MonkeyPatch):
    here = await world()
    began = datetime.now(UTC)
    await here.go()
    clock = Clock(began)
    monkeypatch.setattr(visit, "datetime", clock)
    polling = {"sec-fetch-mode": "cors"}
    for minute in range(2, 15, 4):
        clock.at = began + timedelta(minutes=minute)
        assert (await here.browser.get("/people", headers=polling)).status_code == 200
    clock.at = began + timedelta(minutes=16)
    assert (await here.browser.get("/people", headers=polling)).status_code == 303


async def test_somebody_who_is_there_stays_signed_in_for_a_shift_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
):
    here = await world()
    began = datetime.now(UTC)
    await here.go()
    clock = Clock(began)
    monkeypatch.setattr(visit, "datetime", clock)
    for minute in range(10, 600, 10):
        clock.at = began + timedelta(minutes=minute)
        assert (await here.browser.get("/about")).status_code == 200
        assert (await here.browser.get("/people")).status_code == 200, minute
    clock.at = began + timedelta(minutes=601)
    assert (await here.browser.get("/people")).status_code == 303


class Clock:
    """Stands where the pages read the time."""

    fromisoformat = datetime.fromisoformat

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self, _: object) -> datetime:
        return self.at


def test_the_hostile_providers_keys_differ():
    assert rsa("one").as_dict(private=False) != rsa("unknown").as_dict(private=False)
