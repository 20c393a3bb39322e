"""A person is told who looked: in the app, by what they chose, and quietly where that is safer."""

import asyncio
import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from io import BytesIO

import pypdf
import pytest

from tests.e2e.deliveries import bundle, patient
from tests.unit.door_site import NUMBER, actor, site
from tests.unit.door_web import application_of, carer_allowed, client
from wholerecord.access import Refused
from wholerecord.access.outbox import MOST_TRIES, Channel, Choice
from wholerecord.app.sending import BadSmtp, SmtpSender, senders
from wholerecord.app.telling import tell
from wholerecord.consent import Purpose, Role
from wholerecord.errors import NotFound
from wholerecord.portal.shared import looked

CARE = Purpose.DIRECT_CARE
TO = "ada@mail.example"


@pytest.fixture
async def here():
    return await site(bundle(patient("p1", NUMBER)))


def me(way, person):
    return way.door(actor(Role.PATIENT, person=person))


async def told_by(way, person, choice, folder, smtp=""):
    """What there is to read in the folder after a doctor looked."""
    assert await me(way, person).choose_telling(person, choice) is None
    await way.door(actor(Role.DOCTOR)).open(person, purpose=CARE)
    await tell(way.store, senders(smtp, folder))
    return {one.name: one.read_bytes() for one in folder.iterdir()} if folder.exists() else {}


async def test_an_e_mail_says_who_looked_only_where_the_person_asked_for_it(here, tmp_path):
    way, person = here
    choice = Choice(channel=Channel.EMAIL, address=TO)
    [(name, body)] = (await told_by(way, person, choice, tmp_path / "a")).items()
    mail = message_from_bytes(body, policy=policy.default)
    assert (name, mail["To"]) == ("1.eml", TO)
    said = " ".join(mail.get_content().split())
    assert said.startswith("Somebody looked at your health record on ")
    assert "Some One" not in said
    assert "doctor" not in said
    await way.door(actor(Role.NURSE)).open(person, purpose=CARE)  # forgotten by the next choice
    choice = Choice(channel=Channel.EMAIL, address=TO, says_who=True)
    assert await me(way, person).choose_telling(person, choice) is None
    await way.door(actor(Role.PHARMACIST)).open(person, purpose=CARE)
    assert await tell(way.store, senders("", tmp_path / "b")) == 1
    [written] = (tmp_path / "b").iterdir()
    said = message_from_bytes(written.read_bytes(), policy=policy.default).get_content()
    assert "Some One, pharmacist at RXA, looked at your record to care for you" in " ".join(
        said.split()
    )


async def test_a_text_message_and_a_letter_are_files_for_a_service_to_take(here, tmp_path):
    way, person = here
    sms = Choice(channel=Channel.SMS, address="07700900000")
    [(name, body)] = (await told_by(way, person, sms, tmp_path / "a")).items()
    assert (name, body.split(b"\n")[0]) == ("1.txt", b"07700900000")


async def test_a_letter_is_set_with_what_is_said_as_data(here, tmp_path):
    way, person = here
    letter = Choice(channel=Channel.LETTER, address='Ada #panic() $x$\n1 Road \\ "A"\nZZ99 3WZ')
    [(name, body)] = (await told_by(way, person, letter, tmp_path)).items()
    assert name == "1.pdf"
    text = pypdf.PdfReader(BytesIO(body)).pages[0].extract_text()
    assert "Ada #panic() $x$" in text
    assert "Somebody looked at your health record" in text


async def test_quiet_sends_nothing_and_announces_nothing(here, tmp_path):
    way, person = here
    async with client(application_of(way, person), "PATIENT") as browser:
        await way.door(actor(Role.DOCTOR)).open(person, purpose=CARE)
        assert "Others looked at your record 1 time" in (await browser.get("/me")).text
        quiet = Choice(channel=Channel.EMAIL, address=TO, quiet=True)
        assert await told_by(way, person, quiet, tmp_path / "none") == {}
        glass = {"purpose": Purpose.EMERGENCY, "given": "unconscious in resus"}
        await way.door(actor(Role.DOCTOR, "RZZ")).open(person, **glass)
        assert await tell(way.store, senders("", tmp_path / "none")) == 0
        assert "Others looked" not in (await browser.get("/me")).text
        assert "unconscious in resus" in (await browser.get("/me/told")).text


@contextlib.asynccontextmanager
async def mail_server(*, refuses=0):
    """A mail server that speaks RFC 5321 and keeps what it is given; refuses the first so often."""
    taken = []
    left = refuses

    async def serve(reader, writer):
        nonlocal left
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                left -= 1
                if left < 0:
                    taken.append(message_from_bytes(body, policy=policy.default))
                writer.write(b"250 taken\r\n" if left < 0 else b"451 later\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 yes\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"smtp://127.0.0.1:{port}/?from=records@here.example", taken


async def test_e_mail_goes_by_a_mail_server_and_is_tried_until_it_goes(here, tmp_path):
    way, person = here
    choice = Choice(channel=Channel.EMAIL, address=TO)
    async with mail_server(refuses=1) as (url, taken):
        assert await told_by(way, person, choice, tmp_path, url) == {}
        assert taken == []
        way.store._tables.dispatches[0].due = datetime.now(UTC)  # the time has come
        assert await tell(way.store, senders(url, tmp_path)) == 1
        assert await tell(way.store, senders(url, tmp_path)) == 0
    [mail] = taken
    assert (mail["From"], mail["To"]) == ("records@here.example", TO)
    assert mail["Message-ID"].startswith("<look-")


async def test_a_message_that_never_goes_is_given_up_and_governance_sees_it(here, tmp_path):
    way, person = here
    choice = Choice(channel=Channel.EMAIL, address=TO)
    nobody = "smtp://127.0.0.1:1/"
    await told_by(way, person, choice, tmp_path, nobody)
    for _ in range(MOST_TRIES - 1):
        way.store._tables.dispatches[0].due = datetime.now(UTC)
        await tell(way.store, senders(nobody, tmp_path))
    assert await way.store.given_up() == 1
    async with client(application_of(way, person), "GOVERNANCE") as browser:
        assert "1 message that should have told" in (await browser.get("/desk/concerns")).text


@pytest.mark.parametrize("url", ["http://mail", "smtp://", "mail", "smtp://h:x", "smtp://[::1"])
def test_an_address_that_is_no_mail_server_is_refused(url):
    with pytest.raises(BadSmtp):
        SmtpSender.of(url)


def test_a_mail_server_does_not_show_its_password():
    sender = SmtpSender.of("smtps://me:secret%40@mail.example")
    assert (sender.port, sender.password) == (465, "secret@")
    assert "secret" not in repr(sender)


async def test_what_seems_wrong_is_asked_answered_and_read(here):
    way, person = here
    await way.door(actor(Role.DOCTOR)).open(person, purpose=CARE)
    app = application_of(way, person)
    async with client(app, "PATIENT") as mine, client(app, "GOVERNANCE") as governance:
        page = (await mine.get("/me/told")).text
        link = re.search(r'href="(/me/told\?about=\d+)', page)
        assert link
        page = (await mine.get(link[1])).text
        n = field(page, "n")
        why = "she is my neighbour"
        asked = {"form": field(page, "form"), "n": n, "why": why}
        assert (await mine.post("/me/concerns", data=asked)).status_code == 303
        assert "It waits for a reply" in (await mine.get("/me/told")).text
        desk = (await governance.get("/desk/concerns")).text
        assert why in desk
        assert "Some One, doctor, RXA" in desk
        sent = {"form": field(desk, "form"), "n": field(desk, "n")}
        assert (await governance.post("/desk/concerns", data=sent)).status_code == 400  # no reply
        sent["why"] = "She covered the ward that night."
        assert (await governance.post("/desk/concerns", data=sent)).status_code == 303
        assert (await governance.post("/desk/concerns", data=sent)).status_code == 404
        assert "Nobody waits" in (await governance.get("/desk/concerns")).text
        assert "She covered the ward" in (await mine.get("/me/told")).text
    looks = await way.store.openings_of(person)
    assert any(look.part == "reply to concern 1" for look in looks)


def field(page, name):
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("e-mail", "ada"),
        ("e-mail", "a@b.example\nBcc: all@c.example"),
        ("e-mail", "a@b.example, c@d.example"),
        ("text message", "a number"),
        ("letter", "here"),
        ("pigeon", "x"),
    ],
)
async def test_an_address_that_is_none_is_refused_and_nothing_changes(here, channel, address):
    way, person = here
    async with client(application_of(way, person), "PATIENT") as mine:
        form = field((await mine.get("/me/told")).text, "form")
        sent = {"form": form, "channel": channel, "address": address}
        assert (await mine.post("/me/told", data=sent)).status_code == 400
    assert await way.store.choice_of(person) == Choice()


async def test_nobody_chooses_or_asks_for_somebody_else(here):
    way, person = here
    await carer_allowed(way, person)
    carer, mine = way.door(actor(Role.CARER)), me(way, person)
    look = await way.door(actor(Role.DOCTOR)).open(person, purpose=CARE)
    assert isinstance(await carer.told(person), Refused)
    assert isinstance(await carer.choose_telling(person, Choice(quiet=True)), Refused)
    assert isinstance(await carer.raise_concern(person, look.opening.n, why="not right"), Refused)
    with pytest.raises(NotFound):
        await mine.raise_concern(person, 10**6, why="not right")
    assert isinstance(await mine.concerns(), Refused)
    assert isinstance(await way.door(actor(Role.DOCTOR)).answer_concern(1, reply="no"), Refused)
    assert await way.store.choice_of(person) == Choice()


@pytest.mark.parametrize("who", ["PATIENT", "CARER", "GOVERNANCE"])
async def test_who_looked_is_read_a_page_at_a_time_and_nothing_is_left_out(here, who, monkeypatch):
    way, person = here
    await carer_allowed(way, person)
    await me(way, person).choose_telling(person, Choice(channel=Channel.APP))
    for name in ("ann", "bob", "cyd", "dee", "eve", "fay", "gus"):
        doctor = replace(actor(Role.DOCTOR), id=name, name=f"Dr {name}")
        await way.door(doctor).open(person, purpose=CARE)
    monkeypatch.setattr(looked, "LINES", 3)
    path = {"PATIENT": "/me/who-looked", "CARER": f"/me/for/{person}/who-looked"}
    seen = []
    async with client(application_of(way, person), who) as browser:
        url = path.get(who, f"/people/{person}/looked")
        while url:
            text = (await browser.get(url)).text
            if "was refused" in text and who == "CARER":
                return  # whom the person let in only to read
            page = re.findall(r"Dr (ann|bob|cyd|dee|eve|fay|gus)", text)
            assert len(page) <= 3
            seen += page
            further = re.search(r'href="([^"]+before=[0-9]+)"', text)
            url = further[1] if further else ""
        assert seen == ["gus", "fay", "eve", "dee", "cyd", "bob", "ann"]
        for odd in ("x", "-1", ""):
            at = path.get(who, f"/people/{person}/looked")
            assert (await browser.get(f"{at}?before={odd}")).status_code == 400
