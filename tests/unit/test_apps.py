"""Apps that people let in: SMART App Launch, end to end and against whoever would get round it."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.unit.door_site import NUMBER
from tests.unit.door_web import SECRET_OF_SESSIONS, client
from tests.unit.smart_site import (
    BACK,
    KEY,
    OTHER,
    SECRET,
    Flow,
    World,
    app,
    assertion,
    pkce,
    said,
    served,
    world,
)
from wholerecord.consent import Purpose, Role, Rule, View
from wholerecord.portal import Seal
from wholerecord.portal.shared.session import form_token
from wholerecord.signin import SpentHere
from wholerecord.smart import AppRefused, BadApp, Brought, Proof, Provings
from wholerecord.smart.grant import Access, Seals
from wholerecord.storage.memory.apps import Registry

HERE = "http://here.example"


@asynccontextmanager
async def going(
    who: str = "DOCTOR", app: str = "growth", here: World | None = None
) -> AsyncIterator[tuple[World, Flow]]:
    """A world, and somebody's browser in it with an app."""
    here = here or await world()
    async with client(here.web, who) as browser:
        yield here, Flow(browser, HERE, app)


async def names(flow: Flow, path: str, token: str) -> list[str]:
    """What the entries of an answer are called, sorted."""
    answer = await flow.get(path, token)
    assert answer.status_code == 200, answer.text
    found = [one["resource"] for one in answer.json().get("entry", ())]
    return sorted(one.get("code", {}).get("text", one["resourceType"]) for one in found)


async def test_an_app_opened_by_itself_sees_the_one_record_it_was_let_in_to():
    async with going("PATIENT") as (here, flow):
        answer = await flow.token(await flow.code("launch/patient patient/*.rs"))
        told = answer.json()
        assert answer.headers["cache-control"] == "no-store"
        assert (told["token_type"], told["expires_in"]) == ("Bearer", 900)
        assert told["patient"] == here.person
        assert "refresh_token" not in told
        token = told["access_token"]
        read = await flow.get(f"/Patient/{here.person}", token)
        assert read.json()["id"] == here.person
        found = await names(flow, f"/Observation?patient={here.person}", token)
        assert found == ["Heart rate", "Potassium"]
        assert (await flow.get(f"/Patient/{here.other}", token)).status_code == 403


async def test_an_app_opened_from_a_record_is_told_whose_it_is():
    async with going() as (here, flow):
        listed = await flow.browser.get(f"/people/{here.person}/apps")
        assert f'href="/people/{here.person}/apps/growth"' in listed.text
        gone = await flow.browser.get(f"/people/{here.person}/apps/growth")
        launched = said(gone.headers["location"])
        assert launched["iss"] == f"{HERE}/record/fhir"
        code = await flow.code("launch patient/Observation.rs", launch=launched["launch"])
        told = (await flow.token(code)).json()
        assert told["patient"] == here.person
        async with client(here.web, "NURSE") as another:
            theirs = Flow(another, HERE)
            back = await theirs.let_in("launch patient/*.rs", launch=launched["launch"])
            assert back.status_code == 400


async def test_staff_name_whose_record_an_app_is_for():
    async with going() as (here, flow):
        token = await flow.access("launch/patient patient/*.rs", form={"number": OTHER})
        assert (await flow.get(f"/Patient/{here.other}", token)).status_code == 200
        assert (await flow.get(f"/Patient/{here.person}", token)).status_code == 403
        nobody = await flow.let_in("launch/patient patient/*.rs", form={"number": "9990000019"})
        assert nobody.status_code == 400


async def test_a_carer_lets_an_app_in_to_whom_they_care_for_and_nobody_else():
    async with going("CARER") as (here, flow):
        told = (await flow.token(await flow.code("launch/patient patient/*.rs"))).json()
        assert told["patient"] == here.person
        other = await flow.code("launch/patient patient/*.rs", form={"patient": here.other})
        assert (await flow.token(other)).json()["patient"] == here.person


async def test_what_an_app_sees_is_in_the_log_as_theirs_and_the_apps():
    async with going() as (here, flow):
        token = await flow.access("launch/patient patient/*.rs", form={"number": NUMBER})
        await flow.get(f"/Condition?patient={here.person}", token)
        [look, *_] = await here.way.store.openings_of(here.person)
        assert (look.actor, look.name) == ("DOCTOR", "DOCTOR Example, through Growth")
        signed = [one for one in await here.way.store.openings() if one.view == "sign-in"]
        assert [(one.actor, one.part, one.allowed) for one in signed] == [
            ("DOCTOR", "app growth", True)
        ]


async def test_consent_is_asked_in_plain_words_and_ticks_taken_away_are_not_granted():
    async with going("PATIENT") as (here, flow):
        asking = flow.asked("patient/Observation.rs?category=laboratory patient/Patient.r")
        page = await flow.browser.get("/auth/authorize", params=asking)
        assert "See test results and measurements, only of the category laboratory" in page.text
        assert f"form-action 'self' {BACK[:19]};" in page.headers["content-security-policy"]
        one = {"row": ["patient/Patient.r", "patient/Condition.rs", "user/*.cruds"]}
        code = await flow.code("patient/Observation.rs patient/Patient.r", form=one)
        told = (await flow.token(code)).json()
        assert told["scope"] == "patient/Patient.r"
        answer = await flow.get(f"/Condition?patient={here.person}", told["access_token"])
        assert answer.status_code == 403


@pytest.mark.parametrize("form", [{"decision": "refuse"}, {"decision": ""}, {"row": []}])
async def test_a_no_is_told_to_the_app_and_gives_nothing(form):
    async with going("PATIENT") as (_, flow):
        back = await flow.let_in("launch/patient patient/*.rs", form=form)
        assert said(back.headers["location"]) == {"error": "access_denied", "state": "a-state"}


async def test_a_yes_from_another_sites_form_is_none():
    async with going("PATIENT") as (_, flow):
        answer = await flow.let_in("patient/*.rs", form={"form": "00"})
        assert answer.status_code == 403


async def test_whoever_is_not_signed_in_comes_back_to_the_question():
    async with going("") as (_, flow):
        sent = await flow.browser.get("/auth/authorize", params=flow.asked("patient/*.rs"))
        again = said(sent.headers["location"])["next"]
        assert again.startswith("/auth/authorize?")
        assert said(again) == flow.asked("patient/*.rs")


STAYS = {
    "an app nobody registered": {"client_id": "nobody"},
    "no app": {"client_id": None},
    "no address": {"redirect_uri": None},
    "another address": {"redirect_uri": "https://app.example.evil.example/back"},
    "an address below it": {"redirect_uri": f"{BACK}/more"},
    "an address with a query": {"redirect_uri": f"{BACK}?x=1"},
    "an address in capitals": {"redirect_uri": BACK.upper()},
    "a launch that is not ours": {"launch": "x", "scope": "launch patient/*.rs"},
}


@pytest.mark.parametrize("name", STAYS)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(name):
    async with going("PATIENT") as (_, flow):
        asking = flow.asked("patient/*.rs") | STAYS[name]
        params = {key: one for key, one in asking.items() if one is not None}
        answer = await flow.browser.get("/auth/authorize", params=params)
        assert answer.status_code == 400
        assert "location" not in answer.headers


async def test_a_parameter_that_is_said_twice_is_refused():
    async with going("PATIENT") as (_, flow):
        twice = [*flow.asked("patient/*.rs").items(), ("redirect_uri", "https://evil.example")]
        assert (await flow.browser.get("/auth/authorize", params=twice)).status_code == 400


TOLD = {
    "token in the address": ({"response_type": "token"}, "unsupported_response_type"),
    "no state": ({"state": None}, "invalid_request"),
    "no challenge": ({"code_challenge": None}, "invalid_request"),
    "a challenge in the clear": ({"code_challenge_method": "plain"}, "invalid_request"),
    "no method, which would be plain": ({"code_challenge_method": None}, "invalid_request"),
    "a short challenge": ({"code_challenge": "x"}, "invalid_request"),
    "no audience": ({"aud": None}, "invalid_request"),
    "another audience": ({"aud": "https://evil.example/record/fhir"}, "invalid_request"),
    "an audience below ours": ({"aud": f"{HERE}/record/fhir/x"}, "invalid_request"),
    "an audience that begins like ours": ({"aud": f"{HERE}/fhir.evil"}, "invalid_request"),
    "a scope that is none": ({"scope": "patient/*.reads"}, "invalid_scope"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "a backend's scope": ({"scope": "system/*.rs"}, "invalid_scope"),
    "launch without one": ({"scope": "launch patient/*.rs"}, "invalid_request"),
}


@pytest.mark.parametrize("name", TOLD)
async def test_an_app_that_asks_wrongly_is_told_so_at_its_own_address(name):
    more, error = TOLD[name]
    async with going("PATIENT") as (_, flow):
        asking = flow.asked("patient/*.rs") | more
        params = {key: one for key, one in asking.items() if one is not None}
        answer = await flow.browser.get("/auth/authorize", params=params)
        assert answer.status_code == 303
        assert answer.headers["location"].partition("?")[0] == BACK
        assert said(answer.headers["location"])["error"] == error


async def test_an_app_gets_no_more_than_it_was_registered_for():
    async with going("PATIENT", "narrow") as (here, flow):
        told = (await flow.token(await flow.code("launch/patient patient/*.cruds"))).json()
        assert told["scope"] == "launch/patient patient/Observation.rs"
        token = told["access_token"]
        for path in (
            f"/Patient/{here.person}",
            f"/Condition?patient={here.person}",
            f"/Patient?identifier={NUMBER}",
        ):
            assert (await flow.get(path, token)).status_code == 403


NARROW = {
    "patient/Observation.rs?category=laboratory": ["Potassium"],
    "patient/Observation.rs?category=vital-signs": ["Heart rate"],
    "patient/Observation.rs?category=laboratory,vital-signs": ["Heart rate", "Potassium"],
    "patient/Observation.rs?category=laboratory&category=vital-signs": [],
    "patient/Observation.rs": ["Heart rate", "Potassium"],
}


@pytest.mark.parametrize("scope", NARROW)
async def test_a_category_narrows_what_is_found_and_how_much_there_is(scope):
    async with going("PATIENT") as (here, flow):
        token = await flow.access(scope)
        path = f"/Observation?patient={here.person}"
        assert await names(flow, path, token) == NARROW[scope]
        whole = (await flow.get(path, token)).json()
        assert whole["total"] == len(NARROW[scope])
        assert (await flow.get(f"{path}&_count=1", token)).text.count('"next"') == (
            len(NARROW[scope]) > 1
        )


async def test_the_whole_record_holds_only_what_was_let_in_to():
    async with going("PATIENT") as (here, flow):
        token = await flow.access("patient/Observation.rs?category=laboratory patient/Patient.r")
        path = f"/Patient/{here.person}/$everything"
        assert await names(flow, path, token) == ["Patient", "Potassium"]
        assert "total" not in (await flow.get(path, token)).json()
        only = await flow.access("patient/Patient.s patient/Observation.rs")
        assert (await flow.get(path, only)).status_code == 403


async def test_an_app_is_not_told_where_what_it_may_not_see_comes_from():
    async with going("PATIENT") as (here, flow):
        scope = "patient/Observation.rs?category=laboratory patient/Provenance.rs patient/Patient.r"
        token = await flow.access(scope)
        for path in (
            f"/Patient/{here.person}/$everything",
            f"/Observation?patient={here.person}&_revinclude=Provenance:target",
        ):
            found = [one["resource"] for one in (await flow.get(path, token)).json()["entry"]]
            at = {f"{one['resourceType']}/{one['id']}" for one in found}
            targets = {one["reference"] for made in found for one in made.get("target", ())}
            assert targets, path
            assert targets <= at, path


async def test_the_summary_is_not_for_apps_that_see_a_part():
    async with going("PATIENT") as (here, flow):
        token = await flow.access("patient/*.rs")
        assert (await flow.get(f"/Patient/{here.person}/$summary", token)).status_code == 403


async def test_reading_is_not_searching():
    async with going("PATIENT") as (here, flow):
        token = await flow.access("patient/Patient.r patient/Observation.r")
        assert (await flow.get(f"/Patient/{here.person}", token)).status_code == 200
        assert (await flow.get(f"/Patient?identifier={NUMBER}", token)).status_code == 403
        assert (await flow.get(f"/Observation?patient={here.person}", token)).status_code == 403


async def test_a_token_shows_nothing_that_its_person_may_not_see():
    here = await world()
    for role in ("RECEPTIONIST", "STRANGER", "GOVERNANCE", "PLANNER", "SYSTEM"):
        async with going(role, here=here) as (_, flow):
            token = await flow.access("user/*.cruds")
            for path in (
                f"/Patient/{here.person}/$everything",
                f"/Condition?patient={here.person}",
            ):
                assert (await flow.get(path, token)).status_code == 403, role


async def test_a_token_never_falls_back_to_the_session_beside_it():
    async with going() as (here, flow):
        token = await flow.access("launch/patient patient/Patient.r", form={"number": NUMBER})
        path = f"/record/fhir/Condition?patient={here.person}"
        assert (await flow.browser.get(path)).status_code == 200
        cookie = flow.browser.cookies["wholerecord"]
        for brought in (token, "", "x", cookie):
            for kind in ("Bearer", "bearer", "Basic", ""):
                headers = {"authorization": f"{kind} {brought}".strip()}
                assert (await flow.browser.get(path, headers=headers)).status_code in (401, 403)


async def test_a_token_is_no_session_and_opens_no_page():
    async with going() as (here, flow):
        token = await flow.access("user/*.cruds")
        async with client(here.web, cookie=token) as browser:
            headers = {"authorization": f"Bearer {token}"}
            for path in ("/people", f"/people/{here.person}", "/auth/authorize"):
                assert (await browser.get(path, headers=headers)).status_code == 303


async def changed(token: str, **more: Any) -> str:
    """The token with other claims, sealed as only this installation can."""
    seals = Seals(SECRET_OF_SESSIONS)
    access = seals.access.read(token)
    assert access is not None
    return seals.access.write(
        Access(id=access.id, grant=replace(access.grant, **more), until=access.until)
    )


@pytest.mark.parametrize(
    "less", [{"scope": ""}, {"patient": None}, {"scope": "launch/patient"}, {"app": "nobody"}]
)
async def test_a_missing_claim_never_widens_a_token(less):
    async with going("PATIENT") as (here, flow):
        token = await changed(await flow.access("launch/patient patient/*.rs"), **less)
        for path in (
            f"/Patient/{here.person}",
            f"/Patient/{here.person}/$everything",
            f"/Observation?patient={here.person}",
            f"/Patient?identifier={NUMBER}",
            f"/Patient/{here.other}",
        ):
            assert (await flow.get(path, token)).status_code in (401, 403)


async def test_a_code_or_a_refresh_token_is_no_access_token():
    async with going("PATIENT") as (here, flow):
        code = await flow.code("patient/*.rs offline_access")
        path = f"/Patient/{here.person}"
        assert (await flow.get(path, code)).status_code == 401
        told = (await flow.token(code)).json()
        assert (await flow.get(path, told["refresh_token"])).status_code == 401
        assert (await flow.refreshed(told["access_token"])).status_code == 400


WRONG_CODES = {
    "without a verifier": {"code_verifier": None},
    "with another verifier": {"code_verifier": pkce()[0]},
    "with the challenge": {"code_verifier": "challenge"},
    "for another address": {"redirect_uri": "https://app.example/other"},
    "without an address": {"redirect_uri": None},
    "by another app": {"client_id": "narrow"},
    "that is cut": {"code": "cut"},
}


@pytest.mark.parametrize("name", WRONG_CODES)
async def test_a_code_is_good_for_nobody_else(name):
    async with going("PATIENT") as (_, flow):
        code = await flow.code("patient/*.rs")
        more = dict(WRONG_CODES[name])
        if more.get("code_verifier") == "challenge":
            more["code_verifier"] = flow.challenge
        if "code" in more:
            more["code"] = code[:-4]
        answer = await flow.token(more.pop("code", code), **more)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_brought_twice_ends_what_it_gave():
    async with going("PATIENT") as (here, flow):
        code = await flow.code("patient/*.rs offline_access")
        told = (await flow.token(code)).json()
        assert (await flow.token(code)).json()["error"] == "invalid_grant"
        token = told["access_token"]
        assert (await flow.get(f"/Patient/{here.person}", token)).status_code == 401
        assert (await flow.refreshed(told["refresh_token"])).status_code == 400
        refused = [one for one in await here.way.store.openings() if not one.allowed]
        known = {(one.actor, one.part) for one in refused if one.actor != "nobody"}
        assert known == {("app:growth", "app growth")}


async def test_of_many_who_bring_a_code_at_once_one_at_most_gets_a_token():
    async with going("PATIENT") as (_, flow):
        code = await flow.code("patient/*.rs")
        answers = await asyncio.gather(*(flow.token(code) for _ in range(8)))
        assert sorted(one.status_code for one in answers).count(200) <= 1


async def test_a_refresh_token_is_good_once_and_a_second_use_ends_them_all():
    async with going("PATIENT") as (here, flow):
        first = (await flow.token(await flow.code("patient/*.rs offline_access"))).json()
        second = (await flow.refreshed(first["refresh_token"])).json()
        path = f"/Patient/{here.person}"
        assert second["refresh_token"] != first["refresh_token"]
        assert (await flow.get(path, second["access_token"])).status_code == 200
        stolen = await flow.refreshed(first["refresh_token"])
        assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
        for token in (first["access_token"], second["access_token"]):
            assert (await flow.get(path, token)).status_code == 401
        assert (await flow.refreshed(second["refresh_token"])).status_code == 400


async def test_a_refresh_token_narrows_for_once_and_never_widens():
    async with going("PATIENT") as (here, flow):
        scope = "patient/Observation.rs patient/Patient.r offline_access"
        first = (await flow.token(await flow.code(scope))).json()
        wide = await flow.refreshed(first["refresh_token"], scope="patient/*.cruds user/*.rs")
        told = set(wide.json()["scope"].split())
        assert told == {"patient/Observation.rs", "patient/Patient.r"}
        narrow = await flow.refreshed(wide.json()["refresh_token"], scope="patient/Patient.r")
        assert narrow.json()["scope"] == "patient/Patient.r"
        answer = await flow.get(
            f"/Observation?patient={here.person}", narrow.json()["access_token"]
        )
        assert answer.status_code == 403
        whole = await flow.refreshed(narrow.json()["refresh_token"])
        assert "patient/Observation.rs" in whole.json()["scope"]


async def test_staff_let_nothing_in_that_outlives_their_session():
    async with going() as (_, flow):
        told = (await flow.token(await flow.code("user/Observation.rs offline_access"))).json()
        assert "refresh_token" not in told
        assert told["scope"] == "user/Observation.rs"
        online = (await flow.token(await flow.code("user/Observation.rs online_access"))).json()
        refresh = Seals(SECRET_OF_SESSIONS).refresh.read(online["refresh_token"])
        assert refresh is not None
        assert refresh.grant.until <= datetime.now(UTC) + timedelta(hours=10)


async def test_signing_out_ends_what_was_let_in():
    async with going("PATIENT") as (here, flow):
        told = (await flow.token(await flow.code("patient/*.rs offline_access"))).json()
        path = f"/Patient/{here.person}"
        assert (await flow.get(path, told["access_token"])).status_code == 200
        cookie = flow.browser.cookies["wholerecord"]
        session = Seal(SECRET_OF_SESSIONS).read(cookie, now=datetime.now(UTC))
        assert session is not None
        await flow.browser.post("/sign-out", data={"form": form_token(session)})
        assert (await flow.get(path, told["access_token"])).status_code == 401
        assert (await flow.refreshed(told["refresh_token"])).status_code == 400


async def test_an_app_that_is_taken_away_sees_nothing_more():
    async with going("PATIENT") as (here, flow):
        told = (await flow.token(await flow.code("patient/*.rs offline_access"))).json()
        await here.apps.remove_app("growth")
        answer = await flow.get(f"/Patient/{here.person}", told["access_token"])
        assert answer.status_code == 401
        assert (await flow.refreshed(told["refresh_token"])).status_code == 401


async def test_an_app_gives_up_its_token():
    async with going("PATIENT") as (here, flow):
        told = (await flow.token(await flow.code("patient/*.rs offline_access"))).json()
        form = {"token": told["refresh_token"], "client_id": "narrow"}
        assert (await flow.post("revoke", form)).status_code == 200
        path = f"/Patient/{here.person}"
        assert (await flow.get(path, told["access_token"])).status_code == 200
        assert (await flow.post("revoke", form | {"client_id": "growth"})).status_code == 200
        assert (await flow.get(path, told["access_token"])).status_code == 401
        form = {"token": "nothing", "client_id": "growth"}
        assert (await flow.post("revoke", form)).status_code == 200


async def test_a_token_is_explained_to_its_own_app_and_to_a_resource_server_alone():
    async with going("PATIENT", "secretive") as (here, flow):
        code = await flow.code("launch/patient patient/*.rs")
        told = (await flow.token(code, client_secret=SECRET)).json()
        token = {"token": told["access_token"]}
        for who in ("secretive", "watcher"):
            answer = (await flow.post("introspect", token, auth=(who, SECRET))).json()
            assert (answer["active"], answer["client_id"]) == (True, "secretive")
            assert (answer["sub"], answer["patient"]) == ("PATIENT", here.person)
        backend = token | assertion(HERE)
        assert (await flow.post("introspect", backend)).json() == {"active": False}
        odd = {"token": "x"}
        answer = await flow.post("introspect", odd, auth=("watcher", SECRET))
        assert answer.json() == {"active": False}
        assert (await flow.post("introspect", token | {"client_id": "growth"})).status_code == 401
        assert (await flow.post("introspect", token)).status_code == 401


UNPROVEN = {
    "no secret": {},
    "another secret": {"client_secret": "another"},
    "an empty secret": {"client_secret": ""},
    "the secret's hash": {"client_secret": app("x", proof=Proof.SECRET, secret="y").secret},
}


@pytest.mark.parametrize("name", UNPROVEN)
async def test_an_app_that_keeps_a_secret_must_bring_it(name):
    async with going("PATIENT", "secretive") as (_, flow):
        answer = await flow.token(await flow.code("patient/*.rs"), **UNPROVEN[name])
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


ASSERTIONS = {
    "for another address": {"aud": "https://evil.example/auth/token"},
    "for the place above": {"aud": HERE},
    "of another app": {"iss": "growth"},
    "about another app": {"sub": "growth"},
    "that is over": {"exp": int(time.time()) - 60},
    "that lasts too long": {"exp": int(time.time()) + 3600},
    "without an end": {"exp": None},
    "without a name": {"jti": None},
    "with an empty name": {"jti": ""},
    "with an end that is text": {"exp": "9999999999"},
}
CREDENTIALS = {"grant_type": "client_credentials", "scope": "system/*.rs"}


@pytest.mark.parametrize("name", ASSERTIONS)
async def test_an_assertion_that_is_not_right_proves_nothing(name):
    async with going("") as (_, flow):
        form = CREDENTIALS | assertion(HERE, **ASSERTIONS[name])
        answer = await flow.post("token", form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_backend_proves_itself_by_its_key_and_sees_what_rules_say_of_it():
    async with going("") as (here, flow):
        form = CREDENTIALS | assertion(HERE)
        answer = await flow.post("token", form)
        told = answer.json()
        assert (answer.status_code, told["scope"]) == (200, "system/*.rs")
        assert told["expires_in"] <= 300
        assert "refresh_token" not in told
        path = f"/Condition?patient={here.person}"
        assert (await flow.get(path, told["access_token"])).status_code == 403
        await here.way.store.add_rule(
            Rule(
                allow=True,
                purpose=Purpose.DIRECT_CARE,
                role=Role.SYSTEM,
                actor="app:backend",
                view=View.RECORD,
                reason="agreed with the controller",
            )
        )
        assert (await flow.get(path, told["access_token"])).status_code == 200
        again = await flow.post("token", form)
        assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
        wide = CREDENTIALS | {"scope": "user/*.rs patient/*.rs"} | assertion(HERE)
        assert (await flow.post("token", wide)).json()["error"] == "invalid_scope"


@pytest.mark.parametrize("who", ["growth", "secretive"])
async def test_only_a_backend_has_a_name_of_its_own(who):
    async with going("") as (_, flow):
        form = CREDENTIALS | {"client_id": who}
        auth = (who, SECRET) if who == "secretive" else None
        answer = await flow.post("token", form, auth=auth)
        assert answer.json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "growth", "grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": "growth"}, "unsupported_grant_type"),
        ({"client_id": "nobody", "grant_type": "authorization_code"}, "invalid_client"),
        ({"grant_type": "authorization_code"}, "invalid_client"),
        ({"client_id": "growth", "client_assertion": "a.b.c"}, "invalid_client"),
        ({"client_id": "growth", "client_secret": "x"}, "invalid_client"),
    ],
)
async def test_what_is_asked_wrongly_of_the_token_endpoint_has_the_standards_word(form, error):
    async with going("") as (_, flow):
        assert (await flow.post("token", form)).json()["error"] == error


async def test_a_form_that_says_something_twice_or_is_none_is_refused():
    async with going("") as (_, flow), flow.itself() as client:
        twice = b"client_id=growth&client_id=narrow"
        kind = {"content-type": "application/x-www-form-urlencoded"}
        for body, headers in (
            (twice, kind),
            (b"{}", {"content-type": "application/json"}),
            (b"\xff\xfe", kind),
            (b"a=%ff", kind),
            (b"a=" + b"b" * 40_000, kind),
        ):
            answer = await client.post("/auth/token", content=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


BAD = {
    "an address with a fragment": {"redirects": ("https://app.example/#x",)},
    "an address without TLS": {"redirects": ("http://app.example/",)},
    "a script": {"redirects": ("javascript:alert(1)",)},
    "data": {"redirects": ("data:text/html,x",)},
    "a scheme without a dot": {"redirects": ("myapp:/back",)},
    "no address": {"redirects": ()},
    "a launch without TLS": {"launch": "http://app.example/launch"},
    "an unknown scope": {"scope": "patient/*.reads"},
    "a person's and a system's scopes": {"scope": "system/*.rs patient/*.rs"},
    "a system's scope without a key": {"scope": "system/*.rs"},
    "a key set that is far and unsafe": {"proof": Proof.KEY, "keys_url": "http://10.0.0.1/keys"},
    "no key": {"proof": Proof.KEY},
    "no secret": {"proof": Proof.SECRET},
    "a name that is an address": {"id": "../x"},
}


@pytest.mark.parametrize("name", BAD)
def test_an_app_that_could_not_be_trusted_is_not_registered(name):
    with pytest.raises(BadApp):
        app(**({"id": "x"} | BAD[name]))


def test_a_private_scheme_is_an_address_of_an_app_on_a_phone():
    assert app("x", redirects=("org.example.app:/back",)).redirects


async def test_keys_are_asked_for_at_the_address_that_is_registered_and_no_other():
    asked: list[str] = []

    def answered(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if request.url.path == "/moved":
            return httpx.Response(302, headers={"location": "http://169.254.169.254/"})
        return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})

    for path, right in (("/keys", True), ("/moved", False)):
        apps = Registry()
        url = f"https://keys.example{path}"
        one = app("backend", scope="system/*.rs", proof=Proof.KEY, redirects=(), keys_url=url)
        await apps.add_app(one)
        provings = Provings(apps, SpentHere(), httpx.MockTransport(answered))
        brought = Brought(form=assertion(HERE), authorization="", endpoint=f"{HERE}/auth/token")
        if right:
            assert await provings.app(brought, now=datetime.now(UTC)) == one
        else:
            with pytest.raises(AppRefused):
                await provings.app(brought, now=datetime.now(UTC))
    assert asked == ["https://keys.example/keys", "https://keys.example/moved"]


async def test_the_configuration_names_addresses_that_are_there():
    async with going("") as (_, flow), flow.itself() as client:
        for base in ("/fhir", "/record/fhir"):
            told = (await client.get(f"{base}/.well-known/smart-configuration")).json()
            assert told["code_challenge_methods_supported"] == ["S256"]
            for name in ("authorization", "token", "introspection", "revocation"):
                path = told[f"{name}_endpoint"].removeprefix(HERE)
                answer = await client.request("GET" if name == "authorization" else "POST", path)
                assert answer.status_code not in (404, 405)
            [rest] = (await client.get(f"{base}/metadata")).json()["rest"]
            [uris] = rest["security"]["extension"]
            assert f"{HERE}/auth/token" in [one["valueUri"] for one in uris["extension"]]


async def test_an_app_in_a_browser_may_ask_from_its_own_address_without_cookies():
    async with going("") as (_, flow), flow.itself() as client:
        asks = {"origin": "https://app.example", "access-control-request-method": "POST"}
        for path in ("/auth/token", "/record/fhir/Patient/x", "/fhir/metadata"):
            answer = await client.options(path, headers=asks)
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
        page = await client.get("/about", headers={"origin": "https://app.example"})
        assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize("how", ["standalone", "ehr"])
async def test_a_launch_works_over_a_real_connection(how):
    here = await world()
    with served(here.web) as address:
        cookies = {"wholerecord": client(here.web, "DOCTOR").cookies["wholerecord"]}
        async with httpx.AsyncClient(base_url=address, cookies=cookies, trust_env=False) as browser:
            flow = Flow(browser, address)
            if how == "ehr":
                gone = await browser.get(f"/people/{here.person}/apps/growth")
                more = {"launch": said(gone.headers["location"])["launch"]}
                code = await flow.code("launch patient/*.rs online_access", **more)
            else:
                scope = "launch/patient patient/*.rs online_access"
                code = await flow.code(scope, form={"number": NUMBER})
            told = (await flow.token(code)).json()
            assert told["patient"] == here.person
            again = (await flow.refreshed(told["refresh_token"])).json()
            found = await names(flow, f"/Observation?patient={here.person}", again["access_token"])
            assert found == ["Heart rate", "Potassium"]


def test_a_library_that_others_write_apps_with_completes_a_launch():
    """fhirclient, from PyPI: a standalone launch, and the record through its models."""
    from fhirclient import client as smart
    from fhirclient.models.observation import Observation

    here = asyncio.run(world())
    with served(here.web) as address:
        settings = {
            "app_id": "growth",
            "api_base": f"{address}/record/fhir",
            "redirect_uri": BACK,
            "scope": "launch/patient patient/*.read",
        }
        theirs = smart.FHIRClient(settings=settings)
        asking = theirs.authorize_url
        cookie = client(here.web, "PATIENT").cookies["wholerecord"]
        with httpx.Client(cookies={"wholerecord": cookie}, trust_env=False) as browser:
            page = browser.get(asking)
            [token, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page.text)
            sent = {"form": token, "decision": "allow", "row": "patient/*.rs"}
            back = browser.post(asking, data=sent)
        theirs.handle_callback(back.headers["location"])
        assert theirs.ready
        assert theirs.patient_id == here.person
        found = Observation.where({"patient": here.person}).perform_resources_iter(theirs.server)
        assert sorted(one.code.text for one in found) == ["Heart rate", "Potassium"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/fhir/Patient/$match"),
        ("POST", "/fhir/Observation/$lastn"),
        ("GET", "/record/fhir/patient/x"),
        ("POST", "/fhir/Observation"),
        ("PUT", "/fhir/Observation?identifier=x"),
        ("DELETE", "/fhir/Observation?identifier=x"),
        ("PUT", "/fhir/Observation/x"),
        ("DELETE", "/fhir/Observation/x"),
    ],
)
async def test_an_address_that_no_scope_is_about_is_not_for_tokens(method, path):
    async with going() as (_, flow):
        scope = "user/*.rs user/Observation.cud?category=laboratory"
        headers = {"authorization": f"Bearer {await flow.access(scope)}"}
        async with flow.itself() as browser:
            answer = await browser.request(method, path, headers=headers, json={})
            assert answer.status_code in (403, 404, 405), answer.text


async def test_what_a_code_means_is_told_to_whoever_was_let_in_to_anything():
    async with going("PATIENT") as (_, flow), flow.itself() as browser:
        headers = {"authorization": f"Bearer {await flow.access('patient/Patient.r')}"}
        asked = "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=38341003"
        assert (await browser.get(asked, headers=headers)).status_code in (200, 404)
        assert (await browser.get("/fhir/ValueSet/x", headers=headers)).status_code == 403


async def test_what_is_written_through_an_app_is_let_in_to_or_refused():
    said = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "Mood"},
    }
    async with going() as (here, flow), flow.itself() as browser:
        said["subject"] = {"reference": f"Patient/{here.person}"}
        for scope, allowed in (("user/Observation.c", True), ("user/Observation.rus", False)):
            headers = {"authorization": f"Bearer {await flow.access(scope)}"}
            answer = await browser.post("/fhir/Observation", json=said, headers=headers)
            assert ("not let in" in answer.text) is not allowed, answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/Observation?patient={}",
        "/Observation?patient={}&_include=*",
        "/Observation?patient={}&code=8867-4&_summary=count",
        "/Observation?patient={}&_revinclude=*",
        "/Observation?patient={}&_include=Observation:patient",
        "/Observation?patient={}&_sort=code&_count=1",
        "/Patient?_id={}&_revinclude=Observation:patient",
        "/Patient?_id={}&_has:Observation:patient:code=8867-4",
        "/Patient/{}/Observation",
        "/Patient/{}/Condition",
    ],
)
async def test_no_side_path_of_a_search_shows_what_was_not_let_in_to(path):
    async with going("PATIENT") as (here, flow):
        scope = "patient/Observation.s?category=laboratory patient/Patient.s"
        for wanted in (scope, scope.split(maxsplit=1)[0]):
            answer = await flow.get(path.format(here.person), await flow.access(wanted))
            for hidden in ("Heart rate", '"Condition"', "8867-4</"):
                assert hidden not in answer.text
            told = answer.json()
            assert told.get("total", 0) <= 1
            if "Patient.s" not in wanted:
                assert NUMBER not in answer.text
            if "_has" in path:
                assert not told.get("total")
