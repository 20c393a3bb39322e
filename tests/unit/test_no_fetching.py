"""An address in what somebody sends is never called: not a profile, an attachment, or a picture."""

import asyncio

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, site
from tests.unit.door_web import application_of, client


async def test_an_address_in_a_message_or_a_write_is_called_by_nobody():
    called: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        here = f"http://127.0.0.1:{port}"
        led = {"meta": {"profile": [f"{here}/StructureDefinition/p"]}, "implicitRules": here}
        attachment = {"contentType": "image/png", "url": f"{here}/picture.png"}
        letter = {
            "resourceType": "DocumentReference",
            "id": "d1",
            "status": "current",
            "subject": {"reference": "Patient/p1"},
            "content": [{"attachment": attachment}],
        } | {"meta": led["meta"]}
        who = patient("p1", NUMBER) | {"photo": [attachment]}
        way, person = await site(bundle(who, condition("c1", "p1") | led, letter))
        async with client(application_of(way, person), "DOCTOR") as browser:
            for path in (
                f"/people/{person}",
                f"/people/{person}/document",
                f"/record/fhir/Patient/{person}/$everything",
                f"/record/fhir/Patient/{person}/$summary",
            ):
                assert (await browser.get(path)).status_code == 200, path
            about = {name: value for name, value in letter.items() if name != "id"}
            await browser.post("/fhir/DocumentReference", json=about)
            await browser.post("/fhir/DocumentReference/$validate", json=about)
            page = await browser.get(f"/people/{person}/document")
            assert f'src="{here}' not in page.text
    assert called == []
