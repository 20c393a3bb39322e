"""People end what they let in: one app, every token of it, at once, and nothing else."""

import re

import httpx

from tests.unit.door_site import NUMBER
from tests.unit.door_web import client
from tests.unit.smart_site import Flow, world
from tests.unit.test_apps import HERE, going

_SCOPE = "launch/patient patient/*.rs offline_access"


async def let_in(flow: Flow) -> dict[str, str]:
    return (await flow.token(await flow.code(_SCOPE))).json()


async def end(browser: httpx.AsyncClient, grant: str = "") -> httpx.Response:
    page = (await browser.get("/apps")).text
    [form, *_] = re.findall(r'name="form" value="([0-9a-f]+)"', page)
    ids = re.findall(r'name="grant" value="([0-9a-f]+)"', page)
    sent = {"form": form, "grant": grant or ids[0]}
    return await browser.post("/apps/end", data=sent)


async def test_ending_one_app_ends_its_tokens_at_once_and_no_others():
    async with going("PATIENT") as (here, flow):
        first, second = await let_in(flow), await let_in(Flow(flow.browser, HERE, "growth"))
        page = (await flow.browser.get("/apps")).text
        assert page.count("Growth</h2>") == 2
        assert "See the whole record" in page
        path = f"/Patient/{here.person}"
        assert (await end(flow.browser)).status_code == 303  # the newest stands first
        assert (await flow.get(path, second["access_token"])).status_code == 401
        assert (await flow.refreshed(second["refresh_token"])).status_code == 400
        assert (await flow.get(path, first["access_token"])).status_code == 200
        assert (await flow.refreshed(first["refresh_token"])).status_code == 200
        assert (await flow.browser.get("/apps")).text.count("Growth</h2>") == 1
        written = await here.way.store.openings()
        [ended] = [one for one in written if one.reason == "ended by them"]
        assert (ended.actor, ended.part, ended.view) == ("PATIENT", "app growth", "sign-in")


async def test_a_code_not_used_yet_is_worth_nothing_once_the_app_is_ended():
    async with going("PATIENT") as (_, flow):
        code = await flow.code(_SCOPE)
        await end(flow.browser)
        assert (await flow.token(code)).status_code == 400


async def test_a_person_ends_what_a_carer_let_in_and_a_carer_sees_only_their_own():
    here = await world()
    async with going("PATIENT", here=here) as (_, mine), going("CARER", here=here) as (_, theirs):
        told, own = await let_in(theirs), await let_in(mine)
        page = (await mine.browser.get("/apps")).text
        assert "CARER Example let it in to your record" in page
        assert (await theirs.browser.get("/apps")).text.count("Growth</h2>") == 1
        ids = re.findall(r'name="grant" value="([0-9a-f]+)"', page)
        [carers] = re.findall(
            r'name="grant" value="([0-9a-f]+)"', (await theirs.browser.get("/apps")).text
        )
        [persons] = set(ids) - {carers}
        assert (await end(theirs.browser, persons)).status_code == 404
        path = f"/Patient/{here.person}"
        assert (await mine.get(path, own["access_token"])).status_code == 200
        await end(mine.browser, carers)
        assert (await theirs.get(path, told["access_token"])).status_code == 401


async def test_what_staff_let_in_is_not_the_persons_to_end():
    here = await world()
    async with going(here=here) as (_, staff), client(here.web, "PATIENT") as mine:
        launched = await staff.access("launch/patient patient/*.rs", form={"number": NUMBER})
        assert "No app has access" in (await mine.get("/apps")).text
        assert "Growth" in (await staff.browser.get("/apps")).text
        assert (await staff.get(f"/Patient/{here.person}", launched)).status_code == 200
