"""The authorisation server: gives codes and tokens, and says what a token is worth now."""

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from wholerecord.access import Actor, Doorstep
from wholerecord.errors import NotFound
from wholerecord.signin import Spent
from wholerecord.signin.begin import challenge
from wholerecord.smart.asking import Asked
from wholerecord.smart.grant import (
    ACCESS_LASTS,
    CODE_LASTS,
    OFFLINE_LASTS,
    Access,
    Code,
    Grant,
    Refresh,
    Seals,
    named,
    narrower,
    service,
)
from wholerecord.smart.let_in import Grants, may_end
from wholerecord.smart.proving import Provings
from wholerecord.smart.refused import AppRefused, Fault
from wholerecord.smart.registered import App, Apps, Proof
from wholerecord.smart.scope import Scopes

_REFRESHED = frozenset({"offline_access", "online_access"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What it stands on. `provings` says which app asks; `spent` what counts no longer."""

    apps: Apps
    seals: Seals
    spent: Spent
    provings: Provings
    doorstep: Doorstep
    grants: Grants

    @classmethod
    def over(
        cls,
        *,
        apps: Apps,
        grants: Grants,
        spent: Spent,
        secret: bytes,
        doorstep: Doorstep,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> "Authority":
        """The server with this secret. `transport` is how apps' keys come: None is the network."""
        return cls(
            apps=apps,
            seals=Seals(secret),
            spent=spent,
            provings=Provings(apps, spent, transport),
            doorstep=doorstep,
            grants=grants,
        )

    async def code(self, asked: Asked, grant: Grant, *, now: datetime) -> str:
        """The code for what somebody just let the app do. Written down."""
        await self.doorstep.let_in(grant.actor, f"app {asked.app.id}")
        code = Code(
            id=named(),
            grant=grant,
            redirect=asked.redirect,
            challenge=asked.challenge,
            until=now + CODE_LASTS,
        )
        await self.grants.keep_grant(grant)
        return self.seals.code.write(code)

    async def let_in_by(self, actor: Actor, *, now: datetime) -> Sequence[Grant]:
        """What this actor may end and nothing has ended yet, newest first."""
        theirs = [one for one in await self.grants.grants(actor, now=now) if may_end(actor, one)]
        stand = await asyncio.gather(*map(self.stands, theirs))
        return [one for one, stands in zip(theirs, stand, strict=True) if stands]

    async def end_by(self, actor: Actor, id: str, *, now: datetime) -> None:
        """End one of those, with every token of it. Written down first.

        Raises:
            NotFound: it is none that this actor may end.
        """
        for grant in await self.let_in_by(actor, now=now):
            if grant.id == id:
                await self.doorstep.ended(actor, f"app {grant.app}")
                await self.end(grant)
                return
        raise NotFound("That app has no access that you can end.")

    async def token(self, app: App, form: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
        """The answer of the token endpoint to this app.

        Raises:
            AppRefused: it is not given one. What was refused to a known app is written down.
        """
        kinds = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "client_credentials": self._by_own_name,
        }
        exchange = kinds.get(form.get("grant_type", ""))
        if exchange is None:
            raise AppRefused(
                Fault.GRANT_TYPE, "Use a code, a refresh token, or client credentials."
            )
        try:
            grant = await exchange(app, form, now)
            narrowed = narrower(grant, form["scope"]) if _narrows(form) else grant
            return self._answer(narrowed, grant, now)
        except AppRefused as error:
            await self.doorstep.turned_away(f"app:{app.id}", error.fault.value, f"app {app.id}")
            raise

    async def access(self, token: str, *, now: datetime) -> Access | None:
        """What an access token is worth now; None: nothing."""
        access = self.seals.access.read(token)
        if access is None or now >= access.until or not await self.stands(access.grant):
            return None
        return access

    async def stands(self, grant: Grant) -> bool:
        """Whether nothing ended it: itself, its session, its app or the identity provider."""
        if await self.spent.spent((*grant.ends_by, *grant.ends_since)) is None:
            return True  # as of most: one question
        ended, since = await asyncio.gather(
            self.spent.spent(grant.ends_by), self.spent.spent(grant.ends_since)
        )
        return ended is None and (since is None or since < grant.begun)

    async def end(self, grant: Grant) -> None:
        """The grant counts no longer, nor does any token of it."""
        await self.spent.spend(f"grant {grant.id}", until=grant.until)

    async def revoke(self, app: App, token: str) -> None:
        """End what the token stands for, where it is this app's. Source: RFC 7009."""
        for read in (self.seals.refresh.read, self.seals.access.read):
            found = read(token)
            if found is not None and found.grant.app == app.id:
                await self.end(found.grant)

    async def introspect(self, app: App, token: str, *, now: datetime) -> dict[str, Any]:
        """What a token is worth, for who may ask: its own app, or one that serves resources.

        Source: RFC 7662; SMART App Launch 2.2, "Token Introspection".
        """
        access = await self.access(token, now=now)
        if access is None or not (app.introspects or access.grant.app == app.id):
            return {"active": False}
        grant = access.grant
        return {
            "active": True,
            "client_id": grant.app,
            "scope": grant.scope,
            "sub": grant.actor.id,
            "token_type": "Bearer",
            "iat": int((access.until - ACCESS_LASTS).timestamp()),
            "exp": int(access.until.timestamp()),
            **({"patient": grant.patient} if grant.patient else {}),
        }

    async def _by_code(self, app: App, form: Mapping[str, str], now: datetime) -> Grant:
        code = self.seals.code.read(form.get("code", ""))
        if code is None or code.grant.app != app.id:
            raise AppRefused(Fault.GRANT, "The code is not this app's.")
        if not await self.spent.spend(f"code {code.id}", until=code.grant.until):
            await self.end(code.grant)  # RFC 6749 section 4.1.2: somebody else had it too
            raise AppRefused(Fault.GRANT, "The code was used before: what it gave has ended.")
        verifier = challenge(form.get("code_verifier", ""))
        if not hmac.compare_digest(verifier, code.challenge):
            raise AppRefused(Fault.GRANT, "The code verifier is not the one it was asked with.")
        if form.get("redirect_uri") != code.redirect or now >= code.until:
            raise AppRefused(Fault.GRANT, "The code is over, or was for another address.")
        if not await self.stands(code.grant):
            raise AppRefused(Fault.GRANT, "Whoever let the app in signed out.")
        return code.grant

    async def _by_refresh(self, app: App, form: Mapping[str, str], now: datetime) -> Grant:
        refresh = self.seals.refresh.read(form.get("refresh_token", ""))
        if refresh is None or refresh.grant.app != app.id:
            raise AppRefused(Fault.GRANT, "The refresh token is not this app's.")
        grant = refresh.grant
        if now >= grant.until or not await self.stands(grant):
            raise AppRefused(Fault.GRANT, "What was let in to has ended.")
        if not await self.spent.spend(f"refresh {refresh.id}", until=grant.until):
            await self.end(grant)  # RFC 9700 section 4.14.2: one of two holders is a thief
            raise AppRefused(Fault.GRANT, "The refresh token was used before: all of them ended.")
        return grant

    async def _by_own_name(self, app: App, form: Mapping[str, str], now: datetime) -> Grant:
        if app.proof is not Proof.KEY:
            raise AppRefused(Fault.UNAUTHORISED, "Only a backend service has a name of its own.")
        scopes = Scopes.parse(form.get("scope", "")).of("system").within(app.scopes)
        if not scopes.rows:
            raise AppRefused(Fault.SCOPE, "None of these scopes is given to this app.")
        grant = service(app, Scopes(scopes.rows), now=now)
        await self.doorstep.let_in(grant.actor, f"app {app.id}")
        return grant

    def _answer(self, grant: Grant, whole: Grant, now: datetime) -> dict[str, Any]:
        if not grant.scopes.rows:
            raise AppRefused(Fault.SCOPE, "None of these scopes was given.")
        until = min(now + ACCESS_LASTS, grant.until)
        answer: dict[str, Any] = {
            "access_token": self.seals.access.write(Access(id=named(), grant=grant, until=until)),
            "token_type": "Bearer",
            "expires_in": int((until - now).total_seconds()),
            "scope": grant.scope,
        }
        if grant.patient:
            answer["patient"] = grant.patient
        if _REFRESHED & whole.scopes.plain:
            answer["refresh_token"] = self.seals.refresh.write(Refresh(id=named(), grant=whole))
        return answer


def ends_at(scopes: Scopes, session_until: datetime, now: datetime, *, own: bool) -> datetime:
    """When what is let in to ends at the latest: with the session, or offline with `own` record.

    Staff let nothing in that outlives their shift: the computer is not theirs alone.
    """
    offline = own and "offline_access" in scopes.plain
    return now + OFFLINE_LASTS if offline else session_until


def _narrows(form: Mapping[str, str]) -> bool:
    """Whether a token is asked for with less than what was let in to (RFC 6749 section 6)."""
    return form.get("grant_type") == "refresh_token" and "scope" in form
