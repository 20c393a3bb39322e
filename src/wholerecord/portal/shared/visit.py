"""A visit: one request by somebody signed in, and the wrapper that makes requests into visits.

A page is a function from a `Visit` to a response. It is given a `Door` and nothing else, and it
cannot be reached without signing in: the wrapper is the only way to make a route of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from wholerecord.access import Actor, Door, Doorstep
from wholerecord.access.standing import Standing
from wholerecord.consent import Purpose, Role
from wholerecord.errors import Forbidden, Incorrect, NotFound, WholerecordError
from wholerecord.portal.shared.boards import Boards
from wholerecord.portal.shared.counting import Counting
from wholerecord.portal.shared.errors import error_page
from wholerecord.portal.shared.fields import Fields, read_form, read_upload
from wholerecord.portal.shared.numbers import number
from wholerecord.portal.shared.pages import page
from wholerecord.portal.shared.persona import Persona
from wholerecord.portal.shared.prompts import PromptLog
from wholerecord.portal.shared.session import COOKIE, Seal, Session, form_token, is_form_token
from wholerecord.portal.shared.still import mark, watched
from wholerecord.portal.shared.story import Story
from wholerecord.portal.shared.studies import Studies
from wholerecord.record import PersonId
from wholerecord.signin import Party, Spent, SpentHere
from wholerecord.smart import OFFLINE_LASTS, Authority

#: Whose work is not direct care.
_WORK = {Role.RECEPTIONIST: Purpose.ADMINISTRATION, Role.GOVERNANCE: Purpose.SAFETY_REVIEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the pages are given by the program: doors, who may sign in, and the session's seal."""

    door: Callable[[Actor], Door]
    personas: Callable[[], Awaitable[tuple[Persona, ...]]]
    seal: Seal
    secure: bool = False  #: whether cookies are for HTTPS only
    counting: Counting | None = None  #: None: there are no counting pages
    studies: Studies | None = None  #: None: there are no pages about studies
    boards: Boards | None = None  #: None: there are no boards
    prompts: PromptLog | None = None  #: None: there is no page of prompts
    stories: tuple[Story, ...] = ()  #: what a demonstration has to show
    #: the identity providers that may say who somebody is, by the word in their address
    parties: Mapping[str, Party] = field(default_factory=dict[str, Party])
    doorstep: Doorstep | None = None  #: where sign-ins are written down
    #: the sessions that ended before their time; the default is for one process alone
    spent: Spent = field(default_factory=SpentHere)
    authority: Authority | None = None  #: lets apps in; None: there are none
    address: str = ""  #: where browsers reach this program; "": where they say they do

    def base(self, request: Request) -> str:
        """Where this program is reached: scheme, host and port, with nothing after them."""
        return self.address.rstrip("/") or str(request.base_url).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by somebody signed in."""

    site: Site
    request: Request
    session: Session
    persona: Persona
    now: datetime
    door: Door  #: the door, for whoever is signed in

    @property
    def person(self) -> PersonId:
        """The person the address names."""
        return PersonId(self.request.path_params["person"])

    @property
    def n(self) -> int:
        """The number that the address names.

        Raises:
            NotFound: it is none.
        """
        said = number(self.request.path_params["n"])
        if said is None:
            raise NotFound
        return said

    @property
    def at(self) -> datetime | None:
        """The past moment the address asks for, or None for now.

        Raises:
            Incorrect: it is not a date or moment.
        """
        text = self.request.query_params.get("at", "").strip()
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise Incorrect("`at` is a date, such as 2026-03-01.") from None
        if len(text) == 10:  # a day means all of it
            at = at.replace(hour=23, minute=59, second=59)
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    @property
    def care(self) -> tuple[Purpose, str]:
        """Why somebody looks at a person who is not themselves: their work, or broken glass."""
        glass = self.session.glass
        if (
            glass
            and glass.person == self.request.path_params.get("person")
            and self.now < glass.until
        ):
            return Purpose.EMERGENCY, glass.given
        return _WORK.get(self.persona.role, Purpose.DIRECT_CARE), ""

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page for whoever is signed in."""
        shown = page(
            template,
            status=status,
            persona=self.persona,
            form_token=form_token(self.session),
            now=self.now,
            here=self.request.url.path,
            **values,
        )
        stood = self.door.stood
        if stood is None or not stood.allowed or self.request.method != "GET":
            return shown
        return watched(shown, stood, self.mark(stood))

    def mark(self, standing: Standing) -> str:
        """What says in this session how somebody stands; see `still.mark`."""
        return mark(standing, self.site.seal.secret, self.session.id)

    async def form(self) -> Fields:
        """The fields of the form that was sent, trimmed.

        Raises:
            Forbidden: the form is not from one of our pages.
            Incorrect: a field is longer than any of ours.
        """
        return self._ours(await read_form(self.request))

    async def upload(self, name: str, *, largest: int) -> tuple[Fields, bytes]:
        """The fields of the form that was sent, and the bytes of its file, b"" for none.

        Raises:
            Forbidden: the form is not from one of our pages.
            Incorrect: the file is larger than `largest` bytes.
        """
        sent, body = await read_upload(self.request, name, largest=largest)
        return self._ours(sent), body

    def _ours(self, sent: Fields) -> Fields:
        if not is_form_token(self.session, sent.one("form")):
            raise Forbidden("The form was not from this session: go back, reload and try again.")
        return sent

    def with_session(self, response: Response, session: Session) -> Response:
        """The response, with another session from now on."""
        set_session(self.site, response, session)
        return response


Page = Callable[[Visit], Awaitable[Response]]


def set_session(site: Site, response: Response, session: Session) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE,
        site.seal.write(session),
        expires=session.until,
        httponly=True,
        samesite="lax",
        secure=site.secure,
        path="/",
    )


async def whose(site: Site, request: Request) -> tuple[Session, Persona] | None:
    """The session and who they are; None: nobody is signed in."""
    session = site.seal.read(request.cookies.get(COOKIE, ""), now=datetime.now(UTC))
    if session is None or await has_ended(site, session):
        return None
    if session.proven is not None:
        return session, session.proven
    known = {persona.id: persona for persona in await site.personas()}
    persona = known.get(session.persona)
    return (session, persona) if persona else None


async def has_ended(site: Site, session: Session) -> bool:
    """Whether the session was ended before its time: here, or at the provider since it began."""
    if await site.spent.spent((session.own_name,)):
        return True
    ended = await site.spent.spent(session.names) if session.names else None
    return ended is not None and ended >= session.begun


async def end_session(site: Site, session: Session) -> None:
    """The session counts no longer, whoever holds a copy of its cookie, nor does what it let in."""
    staff = session.proven is not None and session.proven.role not in (Role.PATIENT, Role.CARER)
    until = session.until if staff else session.until + OFFLINE_LASTS
    await site.spent.spend(session.own_name, until=until)


def signed_in(
    site: Site,
    path: str,
    show: Page,
    *,
    method: str = "GET",
    with_query: bool = False,
    by_itself: bool = False,
) -> Route:
    """The route at which somebody signed in reaches a page; anybody else is asked to sign in.

    They come to the same page afterwards; what it was asked comes too only `with_query`, for it may
    be words about a person. What a page asks `by_itself` does not say that anybody is there.
    """

    async def answer(request: Request) -> Response:
        known = await whose(site, request)
        if known is None:
            query = f"?{request.url.query}" if with_query and request.url.query else ""
            back = quote(f"{request.url.path}{query}") if request.method == "GET" else "/"
            return RedirectResponse(f"/sign-in?next={back}", status_code=303)
        session, persona = known
        visit = Visit(
            site=site,
            request=request,
            session=session,
            persona=persona,
            now=datetime.now(UTC),
            door=site.door(persona.actor),
        )
        try:
            response = await show(visit)
        except WholerecordError as error:
            response = error_page(error, persona=persona, form_token=form_token(session))
        return response if by_itself else _touched(visit, response)

    return Route(path, answer, methods=[method], name=f"{method} {path}")


def _touched(visit: Visit, response: Response) -> Response:
    """The response, saying that somebody is there; not where a program asked by itself.

    Source: Fetch Metadata Request Headers, `Sec-Fetch-User`: a browser sends it when a person
    clicked or typed, and not when a page asks or loads itself again.
    """
    headers = visit.request.headers
    by_itself = "sec-fetch-mode" in headers and headers.get("sec-fetch-user") != "?1"
    touched = visit.session.touch(visit.now)
    if by_itself or touched is None or "set-cookie" in response.headers:
        return response
    return visit.with_session(response, touched)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One request for a page that anybody may see, by somebody signed in or not."""

    request: Request
    persona: Persona | None
    session: Session | None

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """A page for anybody."""
        return page(
            template,
            status=status,
            persona=self.persona,
            form_token=form_token(self.session) if self.session else "",
            **values,
        )


def open_to_all(
    site: Site, path: str, show: Callable[[Guest], Awaitable[Response]], *, method: str = "GET"
) -> Route:
    """The route of a page that needs no sign-in and shows nobody's record."""

    async def answer(request: Request) -> Response:
        session, persona = await whose(site, request) or (None, None)
        try:
            return await show(Guest(request=request, persona=persona, session=session))
        except WholerecordError as error:
            return error_page(error, persona=None, form_token="")

    return Route(path, answer, methods=[method], name=f"{method} {path}")
