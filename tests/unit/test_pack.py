"""The subject access pack: everything about a person, for them and for nobody else."""

import csv
import io
import json
import zipfile

from tests.e2e.deliveries import bundle, condition, patient
from tests.unit.door_site import NUMBER, actor, site
from tests.unit.door_web import application_of, client
from wholerecord.consent import Purpose, Role
from wholerecord.consent.wish import Act, Wish

EVIL = "=HYPERLINK(1)<script>alert(1)</script>"


async def world():
    evil = condition("c2", "p1", code={"text": EVIL})
    way, person = await site(bundle(patient("p1", NUMBER), condition("c1", "p1"), evil))
    await way.door(actor(Role.NURSE)).open(person, purpose=Purpose.DIRECT_CARE)
    me = way.door(actor(Role.PATIENT, person=person))
    await me.prefer(person, Wish(act=Act.OPT_OUT))
    return way, person


async def pack(way, person):
    async with client(application_of(way, person), "PATIENT") as browser:
        answer = await browser.get("/me/pack")
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
            return {name: found.read(name).decode("utf-8-sig") for name in found.namelist()}


async def test_it_holds_the_record_the_choices_and_who_looked_in_three_forms():
    way, person = await world()
    files = await pack(way, person)
    kinds = [one["resource"]["resourceType"] for one in json.loads(files["record.json"])["entry"]]
    assert kinds == ["Patient", "Condition", "Condition"]
    [decided] = json.loads(files["choices.json"])["entry"]
    assert decided["resource"]["resourceType"] == "Consent"
    looks = list(csv.DictReader(io.StringIO(files["who-looked.csv"])))
    assert len(looks) == len(json.loads(files["who-looked.json"])["entry"])
    assert "nurse" in {look["role"] for look in looks}
    assert looks[0]["role"] == "patient", "taking it away is a look, too"
    page = files["read-me-first.html"]
    assert "National data opt-out" in page
    assert "nurse" in page


async def test_what_a_source_wrote_runs_in_no_browser_and_no_spreadsheet():
    files = await pack(*await world())
    assert "<script>" not in files["read-me-first.html"]
    cells = [cell for row in csv.reader(io.StringIO(files["record.csv"])) for cell in row]
    assert f"'{EVIL}" in cells
    assert not any(cell.startswith("=") for cell in cells)
