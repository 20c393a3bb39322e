"""The whole web application over a doorway, with somebody of every role who can ask it."""

import atexit
import itertools
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from starlette.applications import Starlette

from tests.unit.portal_site import Counted
from wholerecord.access import Doorstep, Doorway
from wholerecord.app import KeptBoards, KeptStudies
from wholerecord.app.gateway import Gateway
from wholerecord.app.prompt_log import KeptPrompts
from wholerecord.app.receivers import NO_RECEIVERS, Receivers
from wholerecord.app.web import Web, application
from wholerecord.consent import Purpose, Role, Rule
from wholerecord.fhir import Live
from wholerecord.portal import Persona, Seal, Site
from wholerecord.portal.shared.session import Session
from wholerecord.record import PersonId
from wholerecord.signin import SpentHere
from wholerecord.smart import Authority
from wholerecord.storage.memory.apps import Registry

SECRET_OF_SESSIONS = b"test"
NOBODY = PersonId("f" * 32)
#: An application has a folder of its own, for it knows what the one before it left there.
_numbers = itertools.count()
#: Where bulk exports are written, each application's apart; gone when the tests are.
_EXPORTS = Path(mkdtemp(prefix="wholerecord-test-exports-"))
atexit.register(shutil.rmtree, _EXPORTS, ignore_errors=True)


def personas(person: PersonId) -> tuple[Persona, ...]:
    """One of each role, all at RXA, the patient being `person`; and a doctor from elsewhere."""
    return tuple(
        Persona(
            id=name,
            name=f"{name} Example",
            role=role,
            organisation=organisation,
            place="Here",
            about="",
            person=person if role is Role.PATIENT else None,
            cares_for=((person, "Ada"),) if role is Role.CARER else (),
        )
        for name, role, organisation in (
            *((role.name, role, "RXA") for role in Role),
            ("STRANGER", Role.DOCTOR, "RZZ"),
        )
    )


async def carer_allowed(way: Doorway, person: PersonId) -> None:
    """The person asked for their carer to see their record."""
    rule = Rule(
        allow=True, purpose=Purpose.OWN_RECORD, actor="CARER", person=person, reason="asked"
    )
    await way.store.add_rule(rule)


def application_of(  # noqa: PLR0917 - each test names the parts it has
    way: Doorway,
    person: PersonId,
    apps: Registry | None = None,
    snapshots: Path = Path("nowhere"),
    receivers: Receivers = NO_RECEIVERS,
    gateway: Gateway | None = None,
    live: Live | None = None,
) -> Starlette:
    """The application, as it is served."""

    async def everybody() -> tuple[Persona, ...]:
        return personas(person)

    async def pledge(*_: object) -> bool:
        return True

    spent = SpentHere()
    doorstep = Doorstep(way)
    registry = Registry() if apps is None else apps
    authority = Authority.over(
        apps=registry,
        grants=registry,
        spent=spent,
        secret=SECRET_OF_SESSIONS,
        doorstep=doorstep,
    )
    site = Site(
        door=way.door,
        personas=everybody,
        seal=Seal(SECRET_OF_SESSIONS),
        counting=Counted(),
        studies=KeptStudies(way.store, snapshots),  # type: ignore[arg-type] - it is one
        boards=KeptBoards(way.store, snapshots),  # type: ignore[arg-type] - it is one
        prompts=KeptPrompts(way.store),  # type: ignore[arg-type] - it is one
        spent=spent,
        authority=authority,
    )
    parts: dict[str, Any] = {
        "way": way,
        "site": site,
        "keep": way.store.keep,
        "pledge": pledge,
        "admits": lambda *_: False,
        "receivers": receivers,
        "definitions": way.store,
        "gateway": gateway,
        "live": live,
        "imports": None,
        "exports": _EXPORTS / str(next(_numbers)),
    }
    return application(Web(**{each.name: parts[each.name] for each in fields(Web)}))


def client(app: Starlette, who: str = "", cookie: str = "") -> httpx.AsyncClient:
    """A browser, signed in as that persona; or with that very cookie."""
    session = Session.begin(who, now=datetime.now(UTC)) if who else None
    written = Seal(SECRET_OF_SESSIONS).write(session) if session else cookie
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://here.example",
        cookies={"wholerecord": written} if written else {},
    )
